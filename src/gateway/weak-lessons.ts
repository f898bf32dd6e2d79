import { type Tier, tierIndex, TIERS } from '../contract/tier.ts'
import { areAlike, type Asking } from './asking.ts'
import type { Feedback } from './lessons.ts'
import { type Answers, hasNoAnswer } from './no-answer.ts'

/**
 * How much it counts when nobody says that a decision was wrong but the course of things suggests
 * it; a human's word counts 1.
 */
const WEIGHT = {
  /** The answer was none: empty, a refusal, or not in the form that was asked for. */
  refused: 0.2,
  /** A language model that was asked because the local one was unsure said so. */
  judged: 0.3,
  /** The same was asked again soon after it had been answered. */
  repeated: 0.3,
  /** It was sent again to a higher tier, named by the caller. */
  upgraded: 0.5,
} as const

/**
 * The lesson of attempts whose answer was none, or null. A provider's fault teaches nothing, and
 * neither do the operator's words for one.
 */
export function refusedLesson(
  requestId: string,
  decidedTier: (requestId: string) => number | null,
  answers: Answers,
): Feedback | null {
  const decided = decidedTier(requestId)
  if (decided === null || !hasNoAnswer(answers)) return null
  return above(requestId, decided, WEIGHT.refused)
}

export function judgedLesson(requestId: string, tier: Tier): Feedback {
  return { requestId, tier: tierIndex(tier), weight: WEIGHT.judged, by: 'judge' }
}

/** Long enough to read an answer and be dissatisfied; a job that runs each hour is no complaint. */
const REPEAT_MS_MAX = 120_000
const ASKS_MAX = 2_000

interface Answered {
  readonly requestId: string
  readonly tier: Tier
  readonly at: number
}

interface Remembered extends Answered, Pick<Asking, 'runs'> {
  /** What was learnt from its coming again. */
  readonly taught: Feedback | null
}

/** Remembers asks that were answered a short time ago, to notice that one comes again. */
export class AnsweredAsks {
  readonly #asks = new Map<string, Remembered>()

  remember({ key, runs }: Asking, answered: Answered): void {
    const before = this.#asks.get(key)
    const isTaught = before !== undefined && before.taught !== null && areAlike(runs, before.runs)
    this.#asks.delete(key)
    // Once something was learnt, what follows is about the answer that it began with.
    const kept = isTaught ? { ...before, at: answered.at } : { ...answered, taught: null }
    this.#asks.set(key, { ...kept, runs })
    this.#forget(answered.at)
    if (this.#asks.size <= ASKS_MAX) return
    const [oldest] = this.#asks.keys()
    if (oldest !== undefined) this.#asks.delete(oldest)
  }

  /** What came too long ago teaches nothing any more; where something was learnt it stays known. */
  #forget(now: number): void {
    for (const [key, { at, taught }] of this.#asks) {
      if (now - at <= REPEAT_MS_MAX) return
      if (taught === null) this.#asks.delete(key)
    }
  }

  /**
   * What it says of the decision before that the ask comes again: `named` is the tier the caller
   * asks for this time, or null. Said once for as long as the ask is remembered, and again only
   * where it says more: who sends the same again and again is a program.
   */
  judge({ key, runs }: Asking, named: Tier | null, now: number): Feedback | null {
    const before = this.#asks.get(key)
    if (before === undefined || now - before.at > REPEAT_MS_MAX) return null
    if (!areAlike(runs, before.runs)) return null
    const lesson = lessonOf(before, named)
    if (lesson === null || !saysMore(lesson, before.taught)) return null
    this.#asks.set(key, { ...before, taught: lesson })
    return lesson
  }
}

function lessonOf({ requestId, tier }: Answered, named: Tier | null): Feedback | null {
  const decided = TIERS.indexOf(tier)
  if (named === null) return above(requestId, decided, WEIGHT.repeated)
  if (TIERS.indexOf(named) <= decided) return null
  return { requestId, tier: tierIndex(named), weight: WEIGHT.upgraded, by: 'nobody' }
}

function saysMore(lesson: Feedback, than: Feedback | null): boolean {
  if (than === null || lesson.weight > than.weight) return true
  return lesson.weight === than.weight && lesson.tier > than.tier
}

/** The decision should have been the tier above; null where there is none. */
function above(requestId: string, decided: number, weight: number): Feedback | null {
  const higher = TIERS[decided + 1]
  if (higher === undefined) return null
  return { requestId, tier: tierIndex(higher), weight, by: 'nobody' }
}
