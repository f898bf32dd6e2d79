import { createHash } from 'node:crypto'
import type { Snapshot } from '../config/snapshot.ts'
import type { Classifier, Intent, Opinion, Verdict } from './classifier.ts'
import { toldOf } from './judged-ask.ts'
import { answerOf, detailOf, type LocalClassifier, type LocalVote } from './local-classifier.ts'

/** Answers kept; the oldest goes first. */
const CACHE_ENTRIES_MAX = 2_000

/**
 * The local model, and a language model only where the local one is unsure. What the language
 * model said of a text is kept by the text's hash, so the same ask is paid for once.
 */
export class CascadeClassifier implements Classifier {
  readonly #local: LocalClassifier
  readonly #llm: Classifier
  readonly #known = new Map<string, Verdict>()

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
    const { verdict, record: heard, judged } = await this.#llm.classify(snapshot, intent, signal)
    // There is no text that the language model could judge.
    if (heard === null) return this.#local.opinionOf(vote)
    const record = { ...heard, answer: `${heard.answer ?? 'no answer'}; ${local}` }
    if (verdict === null) {
      const { tier, confidence } = vote
      const detail = `${detailOf(vote)}; llm=failed`
      return { verdict: { tier, by: 'local', detail, confidence }, record, ...noted(vote) }
    }
    this.#remember(key, verdict)
    const opinion = { verdict: decided(verdict, vote), record, ...noted(vote) }
    return judged === undefined ? opinion : { ...opinion, judged }
  }

  #remember(key: string, verdict: Verdict): void {
    this.#known.set(key, verdict)
    if (this.#known.size <= CACHE_ENTRIES_MAX) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
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
  const { turns, said } = toldOf(intent.ask())
  const judge = [llm?.endpoint.id, llm?.prompt, llm?.history]
  return createHash('sha256')
    .update(JSON.stringify([judge, turns, said, intent.ask().images]))
    .digest('base64')
}
