import type { TierIndex } from '../../contract/tier.ts'
import type { Lesson, Noted } from './residual.ts'

/**
 * Who says what would have been right: the operator (`human`), who sent the request, a language
 * model, or nobody, where only the course of things suggests it.
 */
export type Teller = 'human' | 'caller' | 'judge' | 'nobody'

/** A lesson as it is kept: also which model it was learnt on, and how the decision was made. */
export interface KeptLesson extends Lesson, Pick<Noted, 'model' | 'learnt'> {
  readonly by: Teller
  /** Null where it was not kept yet. */
  readonly said: TierIndex | null
}

/** The weight of a human who names the right tier. */
const HUMAN = 1

/**
 * At most so many lessons, in their order: lessons of another model go first, then what nobody said
 * in so many words, then the oldest.
 */
export function worthKeeping(
  lessons: readonly KeptLesson[],
  model: string,
  most: number,
): readonly KeptLesson[] {
  if (lessons.length <= most) return lessons
  const worth = (lesson: KeptLesson): number =>
    (lesson.model === model ? 2 : 0) + (lesson.weight >= HUMAN ? 1 : 0)
  return [...lessons.entries()]
    .sort(([a, left], [b, right]) => worth(right) - worth(left) || b - a)
    .slice(0, most)
    .sort(([a], [b]) => a - b)
    .map(([, lesson]) => lesson)
}

/** How many lessons one group of decisions got, and of how many the tier had been right. */
interface Group {
  readonly lessons: number
  readonly right: number
}

/** Decisions with a correction, and those that were held out to measure it against. */
export interface Effect {
  readonly learnt: Group
  readonly heldOut: Group
}

/**
 * Of the correction in force alone, and of what somebody said: what only suggests something
 * suggests that the decision was wrong. Lessons in their order, for a decision that was held out
 * does not know from which correction: it is the one that the lessons before it had.
 */
export function effectOf(lessons: readonly KeptLesson[], version: number): Effect {
  const told: KeptLesson[] = []
  let inForce: number | null = null
  for (const lesson of lessons) {
    if (typeof lesson.learnt === 'number') inForce = lesson.learnt
    if (inForce === version && lesson.by !== 'nobody') told.push(lesson)
  }
  return {
    learnt: groupOf(told.filter(({ learnt }) => typeof learnt === 'number')),
    heldOut: groupOf(told.filter(({ learnt }) => learnt === 'held_out')),
  }
}

function groupOf(lessons: readonly KeptLesson[]): Group {
  return { lessons: lessons.length, right: lessons.filter(isRight).length }
}

const isRight = ({ said, tier }: KeptLesson): boolean => said === tier
