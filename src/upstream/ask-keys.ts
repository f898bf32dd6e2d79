import type { Outcome } from '../contract/exchange.ts'

/** How long a key rests after such a refusal, where nobody says; the decision table has the same. */
const REST_MS: ReadonlyMap<Outcome, number> = new Map([
  ['auth', 5 * 60_000],
  ['quota', 15 * 60_000],
  ['rate', 5_000],
])
const REST_MS_MAX = 15 * 60_000

export interface Refusal {
  readonly outcome: Outcome
  readonly retryAfterMs: number | null
}

/**
 * Whose turn it is among the keys of one account, as far as the gateway's own questions go. Each
 * key has the time until which it rests; keys that are awake come in turn.
 */
export class AskKeys {
  readonly #restsUntil: number[]
  #last = -1

  constructor(keys: number) {
    this.#restsUntil = Array.from({ length: Math.max(1, keys) }, () => 0)
  }

  /** The next key that is awake, else the one that wakes first. */
  next(now: number): number {
    const soonest = this.#restsUntil.indexOf(Math.min(...this.#restsUntil))
    this.#last = this.#awake(now) ?? soonest
    return this.#last
  }

  /** In place of a key that was refused: one that is awake, where there is one. */
  instead(refused: number, now: number): number | null {
    const key = this.#awake(now)
    if (key === null || key === refused) return null
    this.#last = key
    return key
  }

  refuse(key: number, { outcome, retryAfterMs }: Refusal, now: number): void {
    const ms = REST_MS.get(outcome)
    if (ms === undefined) return
    this.#restsUntil[key] = now + Math.min(REST_MS_MAX, retryAfterMs ?? ms)
  }

  accept(key: number): void {
    this.#restsUntil[key] = 0
  }

  #awake(now: number): number | null {
    const count = this.#restsUntil.length
    for (let step = 1; step <= count; step++) {
      const key = (this.#last + step) % count
      if ((this.#restsUntil[key] ?? 0) <= now) return key
    }
    return null
  }
}
