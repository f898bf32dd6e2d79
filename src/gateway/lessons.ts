import type { Teller } from '../classify/learning/kept-lesson.ts'
import type { Noted } from '../classify/learning/residual.ts'
import type { TierIndex } from '../contract/tier.ts'

/** What somebody, or something, says of a decision. */
export interface Feedback {
  readonly requestId: string
  /** Index of the tier that would have been right. */
  readonly tier: TierIndex
  readonly weight: number
  readonly by: Teller
}

/** What became of a decision. */
export interface Course {
  /** Index of the tier that the classifier named for the ask. */
  readonly named: TierIndex
  /** Index of the tier that answered: images, length, an empty tier or a session may ask for another. */
  readonly answered: TierIndex
  /** Whose request it was. */
  readonly keyName: string | null
}

/** Where decisions wait for feedback and feedback is kept. */
export interface Lessons {
  note(requestId: string, decision: Noted, course: Course): void
  /** What became of a request, or null where it is not known. */
  courseOf(requestId: string): Course | null
  /** Index of the tier that a request got, or null where it is not known. */
  decidedTier(requestId: string): number | null
  /** Kept soon, if it can be: who teaches by the way neither waits nor fails. */
  teach(feedback: Feedback): void
  /** Resolves to whether it is on disk. Never rejects. */
  keep(feedback: Feedback): Promise<Kept>
  /** Takes back what the operator, or the caller, said of a request. Never rejects. */
  withdraw(requestId: string, by?: 'human' | 'caller'): Promise<Kept>
}

export type Kept = 'kept' | 'unknown_request' | 'unwritable'
