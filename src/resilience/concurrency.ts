/** A limit is cut at most this often: one burst of refusals is one signal. */
const CUT_MS = 1_000
const CUT_FACTOR = 0.7
/** A limit that met no refusal for this long is forgotten. */
const FORGOTTEN_AFTER_MS = 300_000

/**
 * How many requests an endpoint takes at a time: unknown until it refuses one, then additive
 * increase and multiplicative decrease around what it bears.
 */
export class Concurrency {
  inflight = 0
  #limit: number | null = null
  #credit = 0
  #cutAt = -Infinity

  limit(now: number): number | null {
    if (this.#limit !== null && now - this.#cutAt > FORGOTTEN_AFTER_MS) this.#limit = null
    return this.#limit
  }

  isFull(now: number): boolean {
    const limit = this.limit(now)
    return limit !== null && this.inflight >= limit
  }

  succeed(now: number): void {
    const limit = this.limit(now)
    if (limit === null) return
    this.#credit++
    if (this.#credit < limit) return
    this.#credit = 0
    this.#limit = limit + 1
  }

  /** The endpoint refused for load. `inflight` still counts the refused request. */
  cut(now: number): void {
    if (now - this.#cutAt < CUT_MS) return
    this.#cutAt = now
    this.#credit = 0
    const carried = Math.min(this.#limit ?? this.inflight, this.inflight)
    this.#limit = Math.max(1, Math.floor(carried * CUT_FACTOR))
  }
}
