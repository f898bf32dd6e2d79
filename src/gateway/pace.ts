const ENTRIES_MAX = 120

/**
 * When a stream passed how much on. Bounded: when it is full, neighbours are merged and from then
 * on only coarser steps are noted.
 */
export class Pace {
  readonly #elapsed: () => number
  #entries: number[] = []
  #stepMs = 0

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  add(bytes: number): void {
    const entries = this.#entries
    const ms = Math.round(this.#elapsed())
    const last = entries[entries.length - 2]
    if (last !== undefined && ms - last <= this.#stepMs) {
      entries[entries.length - 1] = (entries[entries.length - 1] ?? 0) + bytes
      return
    }
    entries.push(ms, bytes)
    if (entries.length >= ENTRIES_MAX * 2) this.#halve()
  }

  /** Milliseconds and bytes in turns. */
  entries(): readonly number[] {
    return this.#entries
  }

  #halve(): void {
    const merged: number[] = []
    for (let index = 0; index < this.#entries.length; index += 4) {
      const [ms = 0, bytes = 0, , more = 0] = this.#entries.slice(index, index + 4)
      merged.push(ms, bytes + more)
    }
    const span = (merged.at(-2) ?? 0) - (merged[0] ?? 0)
    this.#stepMs = Math.max(1, span / ENTRIES_MAX)
    this.#entries = merged
  }
}
