import type { KeyLimits } from '../config/snapshot.ts'
import type { Clock } from '../kit/clock.ts'

/** Why a request may not begin now. */
export interface Refusal {
  readonly code: 'overloaded' | 'rate_limit_exceeded' | 'insufficient_quota'
  readonly message: string
  /** Null: in a moment, at random. */
  readonly retryAfterMs: number | null
}

export interface AdmissionRules {
  readonly maxInflight: number
  readonly limits: KeyLimits
}

interface KeyState {
  inflight: number
  readonly requests: Bucket
  readonly tokens: Bucket
  readonly money: Money
}

/** What a key has spent on a UTC day, and what a request of its has cost lately. */
interface Money {
  day: number
  spent: number
  usual: number
}

const DAY = 86_400_000
/** How fast the usual cost of a request follows. */
const USUAL_SHARE = 0.2

const MINUTE = 60_000
/** From this share of the limit on, no key may hold more than its part. */
const FAIR_FROM = 0.8
const KEYS_MAX = 10_000

/**
 * Who may begin a request: the gateway's own limit, each key's share of it when it grows tight,
 * and each key's limits. Refusing costs next to nothing: it happens before the body is read.
 */
export class Admission {
  readonly #clock: Clock
  readonly #keys = new Map<string, KeyState>()
  #inflight = 0
  #active = 0
  /** Set from outside: why the process as a whole takes no more, or null. */
  overload: string | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get inflight(): number {
    return this.#inflight
  }

  /** Null: admitted, and `leave` must follow. */
  enter(keyName: string | null, { maxInflight, limits }: AdmissionRules): Refusal | null {
    if (this.overload !== null) return busy(this.overload)
    if (this.#inflight >= maxInflight) return busy(`${maxInflight} requests are running`)
    const key = this.#key(keyName ?? '')
    const share = maxInflight / Math.max(1, this.#active + (key.inflight === 0 ? 1 : 0))
    if (this.#inflight >= maxInflight * FAIR_FROM && key.inflight >= share) {
      return busy('this key holds its share of the running requests')
    }
    const refusal = this.#overLimit(key, limits)
    if (refusal !== null) return refusal
    this.#inflight++
    if (key.inflight++ === 0) this.#active++
    return null
  }

  /** What the request used, as far as known. */
  leave(keyName: string | null, used: { readonly tokens: number; readonly usd: number }): void {
    const key = this.#key(keyName ?? '')
    this.#inflight--
    if (--key.inflight === 0) this.#active--
    if (used.tokens > 0) key.tokens.level -= used.tokens
    if (used.usd <= 0) return
    key.money.spent += used.usd
    key.money.usual += (used.usd - key.money.usual) * USUAL_SHARE
  }

  #overLimit(key: KeyState, limits: KeyLimits): Refusal | null {
    const { maxConcurrency, requestsPerMinute, tokensPerMinute, usdPerDay } = limits
    const now = this.#clock.now()
    const broke = usdPerDay === null ? null : this.#overBudget(key, usdPerDay)
    if (broke !== null) return broke
    if (maxConcurrency !== null && key.inflight >= maxConcurrency) {
      return limited(`This key may run ${maxConcurrency} requests at a time.`, null)
    }
    if (tokensPerMinute !== null) {
      fill(key.tokens, tokensPerMinute, now)
      // Paid afterwards: what a request will use is not known before.
      const missing = key.tokens.level >= 1 ? 0 : 1 - key.tokens.level
      if (missing > 0) {
        const wait = (missing / tokensPerMinute) * MINUTE
        return limited(`This key may use ${tokensPerMinute} tokens per minute.`, wait)
      }
    }
    if (requestsPerMinute !== null) {
      fill(key.requests, requestsPerMinute, now)
      if (key.requests.level < 1) {
        const wait = ((1 - key.requests.level) / requestsPerMinute) * MINUTE
        return limited(`This key may send ${requestsPerMinute} requests per minute.`, wait)
      }
      key.requests.level--
    }
    return null
  }

  /** What runs is reserved at the usual cost: a burst must not overdraw what a day may cost. */
  #overBudget({ money, inflight }: KeyState, usdPerDay: number): Refusal | null {
    const wall = this.#clock.wall()
    const day = Math.floor(wall / DAY)
    if (money.day !== day) {
      money.day = day
      money.spent = 0
    }
    if (money.spent + (inflight + 1) * money.usual <= usdPerDay && money.spent < usdPerDay)
      return null
    return {
      code: 'insufficient_quota',
      message: `This key may spend ${usdPerDay} USD per day.`,
      retryAfterMs: (day + 1) * DAY - wall,
    }
  }

  #key(name: string): KeyState {
    let state = this.#keys.get(name)
    if (state === undefined) {
      state = {
        inflight: 0,
        requests: { level: NaN, at: 0 },
        tokens: { level: NaN, at: 0 },
        money: { day: 0, spent: 0, usual: 0 },
      }
      this.#keys.set(name, state)
      if (this.#keys.size > KEYS_MAX) this.#forgetIdle()
    }
    return state
  }

  #forgetIdle(): void {
    for (const [name, { inflight }] of this.#keys) {
      if (inflight === 0) this.#keys.delete(name)
      if (this.#keys.size <= KEYS_MAX / 2) return
    }
  }
}

/** Refills continuously; a full minute's worth may be used at once. NaN: never filled. */
interface Bucket {
  level: number
  at: number
}

function fill(bucket: Bucket, perMinute: number, now: number): void {
  const gained = ((now - bucket.at) / MINUTE) * perMinute
  bucket.level = Number.isNaN(bucket.level) ? perMinute : Math.min(perMinute, bucket.level + gained)
  bucket.at = now
}

function busy(detail: string): Refusal {
  const message = `The gateway takes no more requests at the moment: ${detail}.`
  return { code: 'overloaded', message, retryAfterMs: null }
}

function limited(message: string, retryAfterMs: number | null): Refusal {
  return { code: 'rate_limit_exceeded', message, retryAfterMs }
}
