/** What rests, until when on the monotonic clock, and why. */
export interface RestEntry {
  readonly until: number
  readonly cause: 'rate' | 'auth' | 'quota' | 'missing' | 'provider'
  /** How often in a row; pauses that nobody dictated grow with it. */
  readonly level: number
}

const ENTRIES_MAX = 10_000

/** Cooldowns of keys, of keys for one model, of endpoints and of providers, by name. */
export class Resting {
  readonly #entries = new Map<string, RestEntry>()

  /** Nothing rests: the usual case costs one comparison. */
  get isEmpty(): boolean {
    return this.#entries.size === 0
  }

  read(name: string, now: number): RestEntry | null {
    const entry = this.#entries.get(name)
    return entry === undefined || entry.until <= now ? null : entry
  }

  level(name: string): number {
    return this.#entries.get(name)?.level ?? 0
  }

  /** The later of two ends wins. */
  put(name: string, entry: RestEntry): void {
    const known = this.#entries.get(name)
    if (known !== undefined && known.until > entry.until) return
    this.#entries.delete(name)
    this.#entries.set(name, entry)
    if (this.#entries.size <= ENTRIES_MAX) return
    const oldest = this.#entries.keys().next()
    if (!oldest.done) this.#entries.delete(oldest.value)
  }

  /** It works again. */
  end(name: string): void {
    if (this.#entries.size > 0) this.#entries.delete(name)
  }

  endWhere(matches: (name: string) => boolean): void {
    for (const name of this.#entries.keys()) if (matches(name)) this.#entries.delete(name)
  }

  *entries(now: number): IterableIterator<[name: string, entry: RestEntry]> {
    for (const [name, entry] of this.#entries) if (entry.until > now) yield [name, entry]
  }
}
