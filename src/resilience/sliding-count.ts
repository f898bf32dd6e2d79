const SLICES = 10

/** How many events, and how many marked ones, fell into the last window. Constant memory. */
export class SlidingCount {
  readonly #sliceMs: number
  readonly #total = new Float64Array(SLICES)
  readonly #marked = new Float64Array(SLICES)
  /** Number of the newest slice since the beginning of the clock. */
  #newest = 0

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / SLICES
  }

  add(now: number, isMarked: boolean): void {
    const slot = this.#turn(now)
    this.#total[slot] = (this.#total[slot] ?? 0) + 1
    if (isMarked) this.#marked[slot] = (this.#marked[slot] ?? 0) + 1
  }

  read(now: number): { readonly total: number; readonly marked: number } {
    this.#turn(now)
    let total = 0
    let marked = 0
    for (let slot = 0; slot < SLICES; slot++) {
      total += this.#total[slot] ?? 0
      marked += this.#marked[slot] ?? 0
    }
    return { total, marked }
  }

  clear(): void {
    this.#total.fill(0)
    this.#marked.fill(0)
  }

  /** Empties the slices that time has passed over; returns the current one. */
  #turn(now: number): number {
    const slice = Math.floor(now / this.#sliceMs)
    const passed = Math.min(SLICES, slice - this.#newest)
    for (let step = 1; step <= passed; step++) {
      const slot = (this.#newest + step) % SLICES
      this.#total[slot] = 0
      this.#marked[slot] = 0
    }
    if (passed > 0) {
      // After a long silence every slice was emptied: count on from here.
      if (passed === SLICES) this.clear()
      this.#newest = slice
    }
    return this.#newest % SLICES
  }
}
