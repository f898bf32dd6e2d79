import type { Noted } from '../classify/learning/residual.ts'
import type { Course } from '../gateway/lessons.ts'

/** Decisions that feedback may still name; older ones are forgotten. */
const NOTED_MAX = 5_000

interface NotedDecision {
  readonly decision: Noted
  readonly course: Course
  /** Its caller has said something of it. */
  isRated: boolean
}

/** Decisions that wait in memory until somebody says how good they were. */
export class NotedDecisions {
  readonly #noted = new Map<string, NotedDecision>()

  add(requestId: string, decision: Noted, course: Course): void {
    this.#noted.set(requestId, { decision, course, isRated: false })
    if (this.#noted.size <= NOTED_MAX) return
    const [oldest] = this.#noted.keys()
    if (oldest !== undefined) this.#noted.delete(oldest)
  }

  of(requestId: string): NotedDecision | null {
    return this.#noted.get(requestId) ?? null
  }
}
