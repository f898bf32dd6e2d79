import type { TierIndex } from '../../contract/tier.ts'
import type { Lesson, Noted } from './residual.ts'

/** A lesson as it is kept: also which model it was learnt on, and how the decision was made. */
export interface KeptLesson extends Lesson, Pick<Noted, 'model' | 'learnt'> {
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

export function effectOf(lessons: readonly KeptLesson[]): Effect {
  return {
    learnt: groupOf(lessons.filter(({ learnt }) => typeof learnt === 'number')),
    heldOut: groupOf(lessons.filter(({ learnt }) => learnt === 'held_out')),
  }
}

function groupOf(lessons: readonly KeptLesson[]): Group {
  return { lessons: lessons.length, right: lessons.filter(isRight).length }
}

const isRight = ({ said, tier }: KeptLesson): boolean => said === tier
