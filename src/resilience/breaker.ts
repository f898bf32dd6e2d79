import { SlidingCount } from './sliding-count.ts'

const HALF_LIFE_MS = 60_000
/** So many failures in a row open the breaker, or half of the last thirty seconds' requests. */
const OPEN_AFTER = 3
const WINDOW_MS = 30_000
const WINDOW_MIN = 10
const WINDOW_SHARE = 0.5
const OPEN_MS_BASE = 5_000
const OPEN_MS_MAX = 30_000
const OPEN_JITTER = 0.2
/** So many probes must succeed before it closes. */
const PROBES = 2
/** After closing, an endpoint gets this share of its traffic, and all of it half a minute later. */
const SLOW_START_SHARE = 0.1
const SLOW_START_MS = 30_000
/** An endpoint that behaved for this long starts over with short pauses. */
const FORGIVEN_AFTER_MS = 300_000

export interface BreakerDump {
  readonly success: number
  readonly failure: number
  readonly level: number
  /** Milliseconds it still rests. */
  readonly restMs: number
  readonly half: boolean
}

/**
 * Decayed success and failure mass and the circuit breaker of one endpoint. Time only through
 * arguments: everything is evaluated when somebody asks, no timer runs.
 */
export class Breaker {
  #success = 0
  #failure = 0
  #decayedAt: number
  #consecutive = 0
  readonly #recent = new SlidingCount(WINDOW_MS)
  /** How often it opened in a row; the pause doubles with each. */
  #level = 0
  #openUntil = 0
  #openedAt = 0
  /** Probes that must still succeed; 0 where it is closed. */
  #trial = 0
  #probing = false
  #closedAt = -Infinity

  constructor(now: number) {
    this.#decayedAt = now
  }

  get consecutive(): number {
    return this.#consecutive
  }

  score(now: number): number {
    this.#decay(now)
    return (this.#success + 2) / (this.#success + this.#failure + 2)
  }

  state(now: number): 'closed' | 'open' | 'half_open' {
    if (this.#trial === 0) return 'closed'
    return this.#openUntil > now ? 'open' : 'half_open'
  }

  /** Milliseconds until a request may go there; while a probe runs the others go elsewhere. */
  restMs(now: number): number {
    if (this.#trial === 0) return 0
    if (this.#openUntil > now) return this.#openUntil - now
    return this.#probing ? OPEN_MS_BASE : 0
  }

  /** The part of its traffic it may take, 0.1 to 1. */
  share(now: number): number {
    const since = now - this.#closedAt
    if (this.#trial > 0 || since >= SLOW_START_MS) return 1
    return SLOW_START_SHARE + (1 - SLOW_START_SHARE) * (since / SLOW_START_MS)
  }

  begin(now: number): void {
    if (this.state(now) === 'half_open') this.#probing = true
  }

  /** An attempt ended that says nothing about the endpoint's health. */
  release(): void {
    this.#probing = false
  }

  succeed(now: number, startedAt: number): void {
    this.#decay(now)
    this.#success++
    this.#consecutive = 0
    this.#recent.add(now, false)
    if (this.#trial === 0) return
    // What began before it opened says nothing about now.
    if (startedAt < this.#openedAt) return
    this.#probing = false
    this.#trial--
    this.#openUntil = now
    if (this.#trial === 0) this.#closedAt = now
  }

  fail(now: number, weight: number, random: number): void {
    this.#decay(now)
    this.#failure += weight
    this.#consecutive++
    this.#recent.add(now, true)
    this.#probing = false
    const state = this.state(now)
    if (state === 'open') return
    const { total, marked } = this.#recent.read(now)
    const isOften = total >= WINDOW_MIN && marked >= total * WINDOW_SHARE
    if (state === 'half_open' || this.#consecutive >= OPEN_AFTER || isOften) this.#open(now, random)
  }

  /** By hand: rests until then, whatever happens. */
  openUntil(now: number, until: number): void {
    this.#trial = PROBES
    this.#openedAt = now
    this.#openUntil = until
    this.#probing = false
  }

  /** By hand: full traffic at once. */
  close(): void {
    this.#trial = 0
    this.#level = 0
    this.#consecutive = 0
    this.#openUntil = 0
    this.#probing = false
    this.#closedAt = -Infinity
    this.#recent.clear()
  }

  dump(now: number): BreakerDump {
    this.#decay(now)
    return {
      success: this.#success,
      failure: this.#failure,
      level: this.#level,
      restMs: this.#trial > 0 ? Math.max(0, this.#openUntil - now) : 0,
      half: this.#trial > 0,
    }
  }

  /** `ageMs`: how long ago the dump was made. */
  restore(dump: BreakerDump, now: number, ageMs: number): void {
    this.#success = dump.success
    this.#failure = dump.failure
    this.#decayedAt = now - ageMs
    this.#level = dump.level
    if (!dump.half) return
    this.openUntil(now, now + Math.max(0, dump.restMs - ageMs))
  }

  #open(now: number, random: number): void {
    if (this.#trial === 0 && now - this.#closedAt > FORGIVEN_AFTER_MS) this.#level = 0
    const base = Math.min(OPEN_MS_MAX, OPEN_MS_BASE * 2 ** this.#level)
    const pause = Math.min(OPEN_MS_MAX, base * (1 - OPEN_JITTER + 2 * OPEN_JITTER * random))
    this.#level++
    this.openUntil(now, now + pause)
  }

  #decay(now: number): void {
    if (now <= this.#decayedAt) return
    const factor = 0.5 ** ((now - this.#decayedAt) / HALF_LIFE_MS)
    this.#success *= factor
    this.#failure *= factor
    this.#decayedAt = now
  }
}
