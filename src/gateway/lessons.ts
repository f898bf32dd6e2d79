import type { Teller } from '../classify/learning/kept-lesson.ts'
import type { Noted } from '../classify/learning/residual.ts'
import type { Tier, TierIndex } from '../contract/tier.ts'

/** What somebody, or something, says of a decision. */
export interface Feedback {
  readonly requestId: string
  /** Index of the tier that would have been right. */
  readonly tier: TierIndex
  readonly weight: number
  readonly by: Teller
}

/** Where decisions wait for feedback and feedback is kept. */
export interface Lessons {
  note(requestId: string, decision: Noted, tier: Tier): void
  /** Index of the tier that a request got, or null where it is not known. */
  decidedTier(requestId: string): number | null
  /** Kept soon, if it can be: who teaches by the way neither waits nor fails. */
  teach(feedback: Feedback): void
  /** Resolves to whether it is on disk. Never rejects. */
  keep(feedback: Feedback): Promise<Kept>
  /** Takes back what a human said of a request. Never rejects. */
  withdraw(requestId: string): Promise<void>
}

export type Kept = 'kept' | 'unknown_request' | 'unwritable'
