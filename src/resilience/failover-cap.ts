import type { Clock } from '../kit/clock.ts'
import { SlidingCount } from './sliding-count.ts'

const WINDOW_MS = 10_000
const SHARE = 0.2
const TARGETS_MAX = 1_000

/**
 * How much of an endpoint's traffic may come from failed ones: a fifth of all it gets, plus a
 * floor. The flood that broke one provider must not break the next.
 */
export class FailoverCap {
  readonly #clock: Clock
  readonly #targets = new Map<string, SlidingCount>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  allows(endpointId: string, floorPerS: number): boolean {
    const count = this.#targets.get(endpointId)
    if (count === undefined) return true
    const { total, marked } = count.read(this.#clock.now())
    return marked < total * SHARE + (floorPerS * WINDOW_MS) / 1_000
  }

  count(endpointId: string, isFailover: boolean): void {
    let count = this.#targets.get(endpointId)
    if (count === undefined) {
      if (!isFailover) return
      count = new SlidingCount(WINDOW_MS)
      this.#targets.set(endpointId, count)
      const oldest = this.#targets.keys().next()
      if (this.#targets.size > TARGETS_MAX && !oldest.done) this.#targets.delete(oldest.value)
    }
    count.add(this.#clock.now(), isFailover)
  }
}
