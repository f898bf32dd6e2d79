import type { Outcome, Usage } from '../contract/exchange.ts'
import { type AnswerFacts, readAnswer } from '../dialect/answer.ts'
import { type ProviderError, readProviderError } from '../dialect/error-body.ts'
import { scanMembers } from '../kit/json-members.ts'
import { parseJson } from '../kit/json-value.ts'
import { spliceMembers } from '../kit/splice-members.ts'
import { type SseEvent, SseReader } from '../kit/sse-reader.ts'
import { type AnswerEnd, type AnswerReader, type AnswerSink, describe } from './attempt-result.ts'
import type { Resume, SentAnswer } from './continuation.ts'
import { classifyFailure } from './failure.ts'
import { isEmpty } from './is-empty.ts'
import type { KeywordJudge } from './keyword-judge.ts'
import { ResumedChunks } from './resumed-chunks.ts'
import { SentText } from './sent-text.ts'

const EVENT_BYTES_MAX = 16 * 1024 * 1024
/** What is held back before the answer is known to be one. */
const HELD_BYTES_MAX = 256 * 1024
const DONE = Buffer.from('data: [DONE]\n\n')
const COLON = 0x3a
const WITHOUT_USAGE = new Map([['usage', null]])
/** So many unreadable events in one stream are no accident. */
const MALFORMED_MAX = 3

export interface StreamAnswerOptions {
  readonly judge: KeywordJudge
  readonly sink: AnswerSink
  readonly includeUsage: boolean
  /** This stream continues one that broke off. */
  readonly resume: Resume | null
}

/**
 * Holds the start of a stream until it is known to be an answer, then passes it on as it comes.
 * The stream is complete only at `[DONE]`, or where every choice has a finish_reason.
 */
export class StreamAnswer implements AnswerReader {
  readonly #options: StreamAnswerOptions
  readonly #events = new SseReader(EVENT_BYTES_MAX)
  readonly #resumed: ResumedChunks | null
  readonly #sent: SentText
  #held: Buffer[] = []
  #heldBytes = 0
  #committed = false
  #text = ''
  #finished = 0
  #choices = 0
  #malformed = 0
  /** What this read releases: one write per read, however many events it carried. */
  #out: Buffer[] = []
  #finishReason: string | null = null
  #usage: Usage | null = null
  progress = 0

  constructor(options: StreamAnswerOptions) {
    this.#options = options
    const { resume } = options
    this.#resumed = resume === null ? null : new ResumedChunks(resume)
    this.#sent = new SentText(resume?.sent ?? null)
  }

  get sent(): SentAnswer | null {
    return this.#committed ? this.#sent.read() : (this.#options.resume?.sent ?? null)
  }

  push(chunk: Buffer): AnswerEnd | null {
    let events: SseEvent[]
    try {
      events = this.#events.push(chunk)
    } catch (error) {
      return this.fail('bad_body', error instanceof Error ? error.message : 'unreadable stream')
    }
    for (const event of events) {
      const end = this.#take(event)
      if (end !== null) return end
    }
    this.#release()
    this.#flush()
    return null
  }

  end(): AnswerEnd {
    const last = this.#events.end()
    const end = last === null ? null : this.#take(last)
    if (end !== null) return end
    if (this.#isWhole()) return this.#complete()
    if (!this.#committed && this.#text === '' && this.#heldBytes === 0) {
      return this.fail('empty', 'the stream has no events')
    }
    return this.fail('truncated', 'the stream ended before the answer was complete')
  }

  fail(outcome: Outcome, message: string): AnswerEnd {
    // Every choice had ended: only the farewell is missing.
    const isLate = outcome === 'truncated' || outcome === 'timeout_idle'
    return isLate && this.#isWhole() ? this.#complete() : this.#failed(outcome, describe(message))
  }

  #isWhole(): boolean {
    return this.#finished > 0 && this.#finished >= this.#choices
  }

  #take({ data, name, raw }: SseEvent): AnswerEnd | null {
    if (data === null) {
      // Comments are life, not progress: passed on once there is an answer, never held.
      if (this.#committed && raw[0] === COLON) this.#out.push(raw)
      return null
    }
    if (data === '[DONE]') return this.#complete()
    const value = parseJson(data)
    if (value === undefined) return this.#skipMalformed()
    const facts = readAnswer(value)
    const error = facts.error ?? (name === 'error' ? readProviderError(value) : null)
    if (error !== null) return this.#failed(classifyFailure(200, error), error)
    this.#note(facts)
    if (this.#resumed !== null) return this.#takeResumed(this.#resumed, value, facts)
    this.#sent.note(value, facts)
    const bytes = this.#outgoing(raw, data, facts)
    if (bytes !== null) this.#forward(bytes, facts)
    return null
  }

  /** A continuing stream is rewritten: what the client already has is cut off. */
  #takeResumed(resumed: ResumedChunks, value: unknown, facts: AnswerFacts): AnswerEnd | null {
    const chunk = resumed.rewrite(value, facts, this.#options.includeUsage)
    if (chunk === 'diverged') return this.fail('diverged', 'the new answer does not fit the old')
    if (chunk === null) return null
    this.#sent.note(chunk, readAnswer(chunk))
    this.#forward(Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`), facts)
    return null
  }

  #note(facts: AnswerFacts): void {
    if (facts.text !== '' || facts.substance) this.progress++
    if (!this.#committed) this.#text += facts.text
    this.#finished += facts.finished
    this.#choices = Math.max(this.#choices, facts.indexMax + 1)
    this.#finishReason = facts.finishReason ?? this.#finishReason
    this.#usage = facts.usage ?? this.#usage
  }

  /** Usage that only the gateway asked for is taken out again. */
  #outgoing(raw: Buffer, data: string, facts: AnswerFacts): Buffer | null {
    if (!facts.hasUsage || this.#options.includeUsage) return raw
    if (facts.indexMax < 0 && facts.usage !== null) return null
    const bytes = Buffer.from(data)
    const scan = scanMembers(bytes, Number.POSITIVE_INFINITY)
    if (scan.kind === 'invalid') return raw
    const rest = spliceMembers(bytes, scan.members, WITHOUT_USAGE)
    return Buffer.from(`data: ${rest.toString('utf8').replaceAll('\n', ' ')}\n\n`)
  }

  #forward(bytes: Buffer, facts: AnswerFacts): void {
    if (this.#committed) {
      this.#out.push(bytes)
      return
    }
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
    if (facts.substance) this.#commit()
  }

  /** After each read: lets the held start go as soon as it cannot be an error message any more. */
  #release(): void {
    if (this.#committed) return
    if (this.#heldBytes > HELD_BYTES_MAX) this.#commit()
    else if (this.#text !== '' && !this.#options.judge.isOpen(this.#text)) this.#commit()
  }

  #commit(): void {
    this.#committed = true
    this.#options.sink.commit()
    this.#out = this.#held
    this.#held = []
  }

  #flush(): void {
    const [only] = this.#out
    if (only === undefined) return
    this.#options.sink.write(this.#out.length === 1 ? only : Buffer.concat(this.#out))
    this.#out = []
  }

  #complete(): AnswerEnd {
    const finishReason = this.#finishReason
    if (!this.#committed) {
      const failure = this.#judgeWhole()
      if (failure !== null) return failure
      this.#commit()
    }
    const rest = this.#resumed?.end() ?? null
    if (rest === 'diverged') return this.fail('diverged', 'the new answer does not fit the old')
    if (rest !== null) this.#out.push(Buffer.from(`data: ${JSON.stringify(rest)}\n\n`))
    this.#out.push(DONE)
    this.#flush()
    this.#options.sink.finish()
    return { outcome: 'ok', error: null, body: null, usage: this.#usage, finishReason }
  }

  #judgeWhole(): AnswerEnd | null {
    const facts = { text: this.#text, substance: false, finishReason: this.#finishReason }
    // A continuation may have nothing to add.
    if (this.#resumed === null && isEmpty(facts)) {
      return this.fail('empty', 'the stream has no content')
    }
    const text = this.#text.trim()
    return this.#options.judge.find(text) === null ? null : this.fail('keyword', text)
  }

  #skipMalformed(): AnswerEnd | null {
    this.#malformed++
    if (this.#malformed < MALFORMED_MAX) return null
    return this.fail('bad_body', 'the stream has events that are not JSON')
  }

  #failed(outcome: Outcome, error: ProviderError): AnswerEnd {
    this.#flush()
    return { outcome, error, body: null, usage: this.#usage, finishReason: this.#finishReason }
  }
}
