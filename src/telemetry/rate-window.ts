const SECONDS = 60

/** Requests per second over the last minute, in a ring of one counter per second. */
export class RateWindow {
  readonly #counts = Array.from({ length: SECONDS }, () => 0)
  readonly #seconds = Array.from({ length: SECONDS }, () => 0)

  count(wallMs: number): void {
    const second = Math.floor(wallMs / 1000)
    const slot = second % SECONDS
    if (this.#seconds[slot] !== second) {
      this.#seconds[slot] = second
      this.#counts[slot] = 0
    }
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1
  }

  perSecond(wallMs: number): number {
    const oldest = Math.floor(wallMs / 1000) - SECONDS
    let sum = 0
    for (let slot = 0; slot < SECONDS; slot++) {
      if ((this.#seconds[slot] ?? 0) > oldest) sum += this.#counts[slot] ?? 0
    }
    return sum / SECONDS
  }
}
