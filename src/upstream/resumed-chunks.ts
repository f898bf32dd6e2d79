import type { AnswerFacts } from '../dialect/answer.ts'
import { asArray, asObject, type JsonObject } from '../kit/json-value.ts'
import { type Resume, type SentAnswer, Splice } from './continuation.ts'

/** Rewrites the chunks of a continuing stream so that they join the one that broke off. */
export class ResumedChunks {
  readonly #splice: Splice
  readonly #sent: SentAnswer
  #head: JsonObject = {}

  constructor(resume: Resume) {
    this.#splice = new Splice(resume)
    this.#sent = resume.sent
  }

  /** The chunk as the client gets it; null where nothing of it is new. */
  rewrite(
    value: unknown,
    facts: AnswerFacts,
    includeUsage: boolean,
  ): JsonObject | 'diverged' | null {
    const chunk = asObject(value) ?? {}
    const { choices, usage, ...head } = chunk
    this.#head = this.#named(head)
    if (facts.indexMax < 0) return includeUsage && usage ? { ...this.#head, choices, usage } : null
    const choice = asObject(asArray(choices)[0]) ?? {}
    let text = facts.text === '' ? '' : this.#splice.push(facts.text)
    if (facts.finished > 0 && text !== null) text = join(text, this.#splice.end())
    if (text === null) return 'diverged'
    if (text === '' && facts.finished === 0) return null
    const only = this.#chunk(text, choice['finish_reason'] ?? null)
    return includeUsage && usage ? { ...only, usage } : only
  }

  /** A stream that ended without a finish_reason: what was still held. */
  end(): JsonObject | 'diverged' | null {
    const text = this.#splice.end()
    if (text === null) return 'diverged'
    return text === '' ? null : this.#chunk(text, null)
  }

  #chunk(text: string, finishReason: unknown): JsonObject {
    const delta = text === '' ? {} : { content: text }
    return { ...this.#head, choices: [{ index: 0, delta, finish_reason: finishReason }] }
  }

  /** One stream has one id; its model is the one that answers now. */
  #named(head: JsonObject): JsonObject {
    const { id, created } = this.#sent
    return {
      ...head,
      ...(id === null ? {} : { id }),
      ...(created === null ? {} : { created }),
    }
  }
}

function join(text: string, rest: string | null): string | null {
  return rest === null ? null : text + rest
}
