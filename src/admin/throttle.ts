const WINDOW_MS = 15 * 60_000
const FREE_FAILURES = 5
const FIRST_WAIT_MS = 2_000
const WAIT_MAX_MS = WINDOW_MS
const KNOWN_MAX = 10_000

/** Failed sign-ins of one name or address: five are free, each further one waits twice as long. */
export class Throttle {
  readonly #failures = new Map<string, { count: number; last: number }>()

  /**
   * Milliseconds until the next attempt is looked at; 0: now. An attempt that may go on counts as
   * failed until it has succeeded: of a hundred at the same time only the free ones are looked at.
   */
  begin(names: readonly string[], now: number): number {
    const wait = Math.max(0, ...names.map((name) => this.#waitOf(name, now)))
    if (wait === 0) this.#count(names, now)
    return wait
  }

  /** The attempt was no guess, but nothing is won yet: it is taken back. */
  release(names: readonly string[]): void {
    for (const name of names) {
      const known = this.#failures.get(name)
      if (known !== undefined) this.#failures.set(name, { ...known, count: known.count - 1 })
    }
  }

  succeed(names: readonly string[]): void {
    for (const name of names) this.#failures.delete(name)
  }

  #count(names: readonly string[], now: number): void {
    if (this.#failures.size > KNOWN_MAX) this.#failures.clear()
    for (const name of names) {
      const known = this.#failures.get(name)
      const isOld = known === undefined || now - known.last > WINDOW_MS
      this.#failures.set(name, { count: isOld ? 1 : known.count + 1, last: now })
    }
  }

  #waitOf(name: string, now: number): number {
    const known = this.#failures.get(name)
    if (known === undefined || known.count < FREE_FAILURES) return 0
    const wait = Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** (known.count - FREE_FAILURES))
    return Math.max(0, known.last + wait - now)
  }
}
