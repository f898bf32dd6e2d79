import type { Outcome } from '../contract/exchange.ts'
import type { Clock } from '../kit/clock.ts'
import { DECISIONS } from './decision.ts'

/** What the plan may know about an endpoint. */
export interface EndpointState {
  /** 0 (dead) to 1 (never failed lately). */
  readonly score: number
  readonly state: 'closed' | 'open' | 'half_open'
  /** Milliseconds until it may be tried again; 0 where it may be now. */
  readonly cooldownMs: number
  readonly inflight: number
  readonly consecutiveFailures: number
  /** Moving average of the time to the first token, or null without a sample. */
  readonly firstTokenMs: number | null
}

export interface HealthView {
  read(endpointId: string): EndpointState
}

export interface Observation {
  readonly outcome: Outcome
  readonly firstTokenMs: number | null
  readonly retryAfterMs: number | null
}

interface HealthRecord {
  success: number
  failure: number
  decayedAt: number
  consecutive: number
  /** How often it opened in a row; the pause doubles with each. */
  opened: number
  openUntil: number
  probing: boolean
  inflight: number
  firstTokenMs: number | null
  firstTokenAt: number
}

const HALF_LIFE_MS = 60_000
/** So many failures in a row open the breaker. */
const OPEN_AFTER = 5
const OPEN_MS_BASE = 5_000
const OPEN_MS_MAX = 30_000
const RATE_MS_DEFAULT = 5_000
const RATE_MS_MAX = 15 * 60_000
const TOKEN_DECAY_MS = 10_000
/** Endpoints come and go with configurations; the oldest are forgotten above this. */
const RECORDS_MAX = 10_000

/**
 * Decayed success and failure mass and a circuit breaker per endpoint, keyed by its id so that it
 * survives a change of the configuration. Fed by outcomes only; time only through the clock.
 */
export class HealthRegistry implements HealthView {
  readonly #clock: Clock
  readonly #records = new Map<string, HealthRecord>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  read(endpointId: string): EndpointState {
    const record = this.#records.get(endpointId)
    if (record === undefined) return UNTRIED
    const now = this.#clock.now()
    decay(record, now)
    const cooldownMs = Math.max(0, record.openUntil - now)
    const recovering = record.opened > 0 && cooldownMs === 0
    return {
      score: (record.success + 2) / (record.success + record.failure + 2),
      state: cooldownMs > 0 ? 'open' : recovering ? 'half_open' : 'closed',
      // One probe at a time: while it runs the others go elsewhere.
      cooldownMs: recovering && record.probing ? OPEN_MS_BASE : cooldownMs,
      inflight: record.inflight,
      consecutiveFailures: record.consecutive,
      firstTokenMs: record.firstTokenMs,
    }
  }

  begin(endpointId: string): void {
    const record = this.#record(endpointId)
    record.inflight++
    if (record.opened > 0 && record.openUntil <= this.#clock.now()) record.probing = true
  }

  observe(endpointId: string, { outcome, firstTokenMs, retryAfterMs }: Observation): void {
    const record = this.#record(endpointId)
    const now = this.#clock.now()
    decay(record, now)
    record.inflight = Math.max(0, record.inflight - 1)
    record.probing = false
    const { weight } = DECISIONS[outcome]
    if (outcome === 'ok') this.#succeed(record, firstTokenMs, now)
    else if (outcome === 'rate') coolDown(record, now, retryAfterMs)
    else if (weight > 0) fail(record, weight, now)
  }

  #succeed(record: HealthRecord, firstTokenMs: number | null, now: number): void {
    record.success++
    record.consecutive = 0
    record.opened = 0
    if (firstTokenMs === null) return
    const age = now - record.firstTokenAt
    const keep = record.firstTokenMs === null ? 0 : Math.exp(-age / TOKEN_DECAY_MS)
    record.firstTokenMs = (record.firstTokenMs ?? 0) * keep + firstTokenMs * (1 - keep)
    record.firstTokenAt = now
  }

  #record(endpointId: string): HealthRecord {
    let record = this.#records.get(endpointId)
    if (record === undefined) {
      record = { ...FRESH, decayedAt: this.#clock.now() }
      this.#records.set(endpointId, record)
      const oldest = this.#records.keys().next()
      if (this.#records.size > RECORDS_MAX && !oldest.done) this.#records.delete(oldest.value)
    }
    return record
  }
}

const FRESH: Readonly<HealthRecord> = {
  success: 0,
  failure: 0,
  decayedAt: 0,
  consecutive: 0,
  opened: 0,
  openUntil: 0,
  probing: false,
  inflight: 0,
  firstTokenMs: null,
  firstTokenAt: 0,
}

const UNTRIED: EndpointState = {
  score: 1,
  state: 'closed',
  cooldownMs: 0,
  inflight: 0,
  consecutiveFailures: 0,
  firstTokenMs: null,
}

function decay(record: HealthRecord, now: number): void {
  const factor = 0.5 ** ((now - record.decayedAt) / HALF_LIFE_MS)
  record.success *= factor
  record.failure *= factor
  record.decayedAt = now
}

function fail(record: HealthRecord, weight: number, now: number): void {
  record.failure += weight
  record.consecutive++
  const probeFailed = record.opened > 0
  if (record.consecutive < OPEN_AFTER && !probeFailed) return
  const pause = Math.min(OPEN_MS_MAX, OPEN_MS_BASE * 2 ** record.opened)
  record.opened++
  // A longer pause that is already running stays.
  record.openUntil = Math.max(record.openUntil, now + pause)
}

/** A rate limit is not a failure: the endpoint rests as long as the provider asked. */
function coolDown(record: HealthRecord, now: number, retryAfterMs: number | null): void {
  const pause = Math.min(RATE_MS_MAX, retryAfterMs ?? RATE_MS_DEFAULT)
  record.openUntil = Math.max(record.openUntil, now + pause)
}
