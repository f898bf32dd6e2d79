/** So many failures in a row, and the judge is left alone. */
export const FAILURES_MAX = 3
const REST_MS = 30_000

/** How a call to a judge ended. `abandoned`: the client left, which says nothing about the judge. */
export type CallEnd = 'answered' | 'failed' | 'abandoned'

/**
 * Whether a judge is worth waiting for. A judge that has failed too often is tried by at most one
 * request at a time, and not before its rest is over.
 */
export class JudgeRest {
  #failures = 0
  #restsUntil = 0
  /** When the request began that tries the judge now. */
  #triedAt: number | null = null

  /** Somebody finds out now whether it answers again. */
  get isTried(): boolean {
    return this.#triedAt !== null
  }

  /** Whether to ask it now; whoever is let in tells how that ended. */
  enter(now: number): boolean {
    if (this.#failures < FAILURES_MAX) return true
    if (now < this.#restsUntil || this.#triedAt !== null) return false
    this.#triedAt = now
    return true
  }

  leave(end: CallEnd, startedAt: number, now: number): void {
    const hasTried = startedAt === this.#triedAt
    if (hasTried) this.#triedAt = null
    switch (end) {
      case 'answered':
        this.#failures = 0
        return
      case 'abandoned':
        return
      case 'failed':
        // What began before the rest and fails in it makes it no longer.
        if (this.#failures >= FAILURES_MAX && !hasTried) return
        this.#failures++
        if (this.#failures >= FAILURES_MAX) this.#restsUntil = now + REST_MS
    }
  }
}
