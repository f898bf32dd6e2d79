import { createHash } from 'node:crypto'
import type { Snapshot } from '../config/snapshot.ts'
import type { Classifier, Intent, Opinion, Verdict } from './classifier.ts'
import { answerOf, detailOf, type LocalClassifier, type LocalVote } from './local-classifier.ts'
import { SharedCalls } from './shared-calls.ts'

/** Answers kept; the oldest goes first. */
const CACHE_ENTRIES_MAX = 2_000

/**
 * The local model, and a language model only where the local one is unsure. What the language
 * model said of a text is kept by the text's hash, so the same ask is paid for once, also where it
 * comes several times before the answer.
 */
export class CascadeClassifier implements Classifier {
  readonly #local: LocalClassifier
  readonly #llm: Classifier
  readonly #known = new Map<string, Verdict>()
  readonly #calls = new SharedCalls<Opinion>()

  constructor(local: LocalClassifier, llm: Classifier) {
    this.#local = local
    this.#llm = llm
  }

  warm(): void {
    this.#local.warm()
  }

  async classify(snapshot: Snapshot, intent: Intent, signal: AbortSignal): Promise<Opinion> {
    const { routing } = snapshot
    const vote = this.#local.vote(snapshot, intent)
    if (routing.llm === null || vote.confidence >= routing.local.askBelow) {
      return this.#local.opinionOf(vote)
    }
    const key = keyOf(snapshot, intent)
    const known = this.#known.get(key)
    const local = `local ${answerOf(vote)}`
    if (known !== undefined) {
      const record = { model: routing.llm.endpoint.id, ms: 0, error: null, usage: null }
      const answer = `${known.tier} (cached); ${local}`
      return { verdict: decided(known, vote), record: { ...record, answer }, ...noted(vote) }
    }
    const heard = await this.#calls.join(key, signal, (all) =>
      this.#judge(key, snapshot, intent, all),
    )
    // The client has left, or there is no text that the language model could judge.
    if (heard === null || heard.value.record === null) return this.#local.opinionOf(vote)
    const { verdict } = heard.value
    const record = logged(heard.value.record, heard.isFirst, local)
    if (verdict === null) {
      const { tier, confidence } = vote
      const detail = `${detailOf(vote)}; llm=failed`
      return { verdict: { tier, by: 'local', detail, confidence }, record, ...noted(vote) }
    }
    const opinion = { verdict: decided(verdict, vote), record, ...noted(vote) }
    return heard.isFirst ? { ...opinion, judged: verdict.tier } : opinion
  }

  async #judge(
    key: string,
    snapshot: Snapshot,
    intent: Intent,
    signal: AbortSignal,
  ): Promise<Opinion> {
    const opinion = await this.#llm.classify(snapshot, intent, signal)
    if (opinion.verdict !== null) this.#remember(key, opinion.verdict)
    return opinion
  }

  #remember(key: string, verdict: Verdict): void {
    this.#known.set(key, verdict)
    if (this.#known.size <= CACHE_ENTRIES_MAX) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}

/** Both votes. The tokens of a call that several requests shared are counted with one of them. */
function logged(
  record: NonNullable<Opinion['record']>,
  isFirst: boolean,
  local: string,
): Opinion['record'] {
  const answer = `${record.answer ?? 'no answer'}${isFirst ? '' : ' (shared)'}; ${local}`
  return { ...record, answer, usage: isFirst ? record.usage : null }
}

/** A kept word stands beside the local vote of the request at hand, not of the one it was asked for. */
function decided(verdict: Verdict, vote: LocalVote): Verdict {
  return { ...verdict, detail: `local=${vote.tier} ${detailOf(vote)}` }
}

/** What learning keeps of the ask: the language model's word on it is a lesson. */
function noted({ hashed }: LocalVote): Pick<Opinion, 'hashed'> {
  return hashed === null ? {} : { hashed }
}

/** Another model or prompt is another judge: its answers are its own. */
function keyOf({ routing: { llm } }: Snapshot, intent: Intent): string {
  const { text, earlier, said, images } = intent.ask()
  const judge = [llm?.endpoint.id, llm?.prompt, llm?.history]
  return createHash('sha256')
    .update(JSON.stringify([judge, earlier, text, said, images]))
    .digest('base64')
}
