import { createHash } from 'node:crypto'
import type { Message } from '../classify/message.ts'
import { type Tier, TIERS } from '../contract/tier.ts'
import type { AttemptResult } from '../upstream/attempt-result.ts'
import type { Feedback } from './lessons.ts'

/**
 * How much it counts when nobody says that a decision was wrong but the course of things suggests
 * it; a human's word counts 1.
 */
const WEIGHT = {
  /** The answer was none: empty, or one of the operator's words for a refusal. */
  refused: 0.2,
  /** A language model that was asked because the local one was unsure said so. */
  judged: 0.3,
  /** The same conversation was sent again soon after it had been answered. */
  repeated: 0.3,
  /** It was sent again to a higher tier, named by the caller. */
  upgraded: 0.5,
} as const

/**
 * The lesson of attempts whose answer was none, or null. A provider's fault teaches nothing.
 * `decidedTier` is asked only where there is something to learn: most answers are good.
 */
export function refusedLesson(
  requestId: string,
  decidedTier: (requestId: string) => number | null,
  attempts: readonly AttemptResult[],
): Feedback | null {
  const isPoor = attempts.some(({ outcome }) => outcome === 'empty' || outcome === 'keyword')
  const decided = isPoor ? decidedTier(requestId) : null
  return decided === null ? null : above(requestId, decided, WEIGHT.refused)
}

export function judgedLesson(requestId: string, tier: Tier): Feedback {
  return { requestId, tier: indexOf(tier), weight: WEIGHT.judged }
}

/** Long enough to read an answer and be dissatisfied; a job that runs each hour is no complaint. */
const REPEAT_MS_MAX = 120_000
const ASKS_MAX = 2_000

interface Answered {
  readonly requestId: string
  readonly tier: Tier
  readonly at: number
}

/** Remembers conversations that were answered a short time ago, to notice that one comes again. */
export class AnsweredAsks {
  readonly #asks = new Map<string, Answered>()

  remember(key: string, answered: Answered): void {
    this.#asks.delete(key)
    this.#asks.set(key, answered)
    if (this.#asks.size <= ASKS_MAX) return
    const [oldest] = this.#asks.keys()
    if (oldest !== undefined) this.#asks.delete(oldest)
  }

  /**
   * What it says of the decision before that the conversation comes again: `named` is the tier the
   * caller asks for this time, or null. Said once: who sends the same again and again is a program.
   */
  judge(key: string, named: Tier | null, now: number): Feedback | null {
    const before = this.#asks.get(key)
    if (before === undefined || now - before.at > REPEAT_MS_MAX) return null
    this.#asks.delete(key)
    const { requestId } = before
    const decided = TIERS.indexOf(before.tier)
    if (named === null) return above(requestId, decided, WEIGHT.repeated)
    return TIERS.indexOf(named) > decided
      ? { requestId, tier: indexOf(named), weight: WEIGHT.upgraded }
      : null
  }
}

/** The name of a conversation as it stands, to the letter. Two callers never share one. */
export function conversationKey(keyName: string | null, messages: readonly Message[]): string {
  const said = messages.map(({ role, text, images }) => [role, text, images])
  return createHash('sha256')
    .update(JSON.stringify([keyName, said]))
    .digest('base64')
}

/** The decision should have been the tier above; null where there is none. */
function above(requestId: string, decided: number, weight: number): Feedback | null {
  const higher = TIERS[decided + 1]
  return higher === undefined ? null : { requestId, tier: indexOf(higher), weight }
}

function indexOf(tier: Tier): 0 | 1 | 2 {
  return tier === 't1' ? 0 : tier === 't2' ? 1 : 2
}
