import type { Endpoint } from '../config/snapshot.ts'
import type { Outcome } from '../contract/exchange.ts'
import type { Clock } from '../kit/clock.ts'
import { Breaker, type BreakerDump } from './breaker.ts'
import { Concurrency } from './concurrency.ts'
import { DECISIONS } from './decision.ts'
import {
  type EndpointState,
  type HealthView,
  type Observation,
  type RestCause,
  type Steering,
  UNTRIED,
} from './endpoint-state.ts'
import { type RestEntry, Resting } from './resting.ts'

interface EndpointRecord {
  readonly breaker: Breaker
  readonly concurrency: Concurrency
  firstTokenMs: number | null
  firstTokenAt: number
  manual: 'open' | 'drain' | null
  manualUntil: number
}

/** What survives a restart. Names, numbers and remaining milliseconds; no key. */
export interface HealthDump {
  readonly endpoints: Readonly<Record<string, BreakerDump & { readonly drained: boolean }>>
  readonly resting: Readonly<Record<string, Omit<RestEntry, 'until'> & { readonly ms: number }>>
}

const RATE_MS_CAP = 60_000
const RATE_MS_MAX = 15 * 60_000
const PROVIDER_MS_BASE = 5_000
const PROVIDER_MS_MAX = 30_000
const TOKEN_DECAY_MS = 10_000
/** A rest by hand ends by itself with a probe. */
const MANUAL_OPEN_MS = 300_000
/** Endpoints come and go with configurations; the oldest are forgotten above this. */
const RECORDS_MAX = 10_000

/**
 * The health of everything that can fail on its own: endpoints (breaker, score, concurrency),
 * keys, keys for one model, and providers. Keyed by names, so that it survives a change of the
 * configuration. Fed by outcomes only; time only through the clock.
 */
export class HealthRegistry implements HealthView {
  readonly #clock: Clock
  readonly #random: () => number
  readonly #records = new Map<string, EndpointRecord>()
  readonly #resting = new Resting()
  /** Requests that run at each provider, for its `max_concurrency`. */
  readonly #inflight = new Map<string, number>()

  constructor(clock: Clock, random: () => number = Math.random) {
    this.#clock = clock
    this.#random = random
  }

  read(endpoint: Endpoint): EndpointState {
    const now = this.#clock.now()
    const record = this.#records.get(endpoint.id)
    const rest = this.#rest(endpoint, now)
    const isFull = this.#isFull(endpoint, record, now)
    if (record === undefined) return rest === null ? { ...UNTRIED, isFull } : untried(rest, now)
    const { breaker, concurrency } = record
    const manual = record.manual !== null && record.manualUntil > now ? record.manual : null
    const breakerMs = breaker.restMs(now)
    const restMs = rest === null ? 0 : rest.until - now
    const cooldownMs = Math.max(breakerMs, restMs, manual === null ? 0 : record.manualUntil - now)
    return {
      score: breaker.score(now),
      state: cooldownMs > 0 && breaker.state(now) !== 'half_open' ? 'open' : breaker.state(now),
      cooldownMs,
      cause: causeOf(manual, restMs >= breakerMs ? rest : null, cooldownMs),
      drained: manual === 'drain',
      share: breaker.share(now),
      inflight: concurrency.inflight,
      limit: concurrency.limit(now),
      isFull,
      consecutiveFailures: breaker.consecutive,
      firstTokenMs: record.firstTokenMs,
    }
  }

  chooseKey(endpoint: Endpoint, tried: readonly number[], random: () => number): number | null {
    const count = Math.max(1, endpoint.upstream.apiKeys.length)
    if (count === 1) return tried.length === 0 ? 0 : null
    const now = this.#clock.now()
    const start = Math.floor(random() * count)
    let least: { key: number; until: number } | null = null
    for (let step = 0; step < count; step++) {
      const key = (start + step) % count
      if (tried.includes(key)) continue
      const until = this.#keyRest(endpoint, key, now)?.until ?? 0
      if (until === 0) return key
      if (least === null || until < least.until) least = { key, until }
    }
    // A first attempt needs some key; another one is only worth it with a key that is awake.
    return tried.length === 0 ? (least?.key ?? 0) : null
  }

  begin(endpoint: Endpoint): void {
    const record = this.#record(endpoint.id)
    record.concurrency.inflight++
    record.breaker.begin(this.#clock.now())
    const { id, maxConcurrency } = endpoint.upstream
    if (maxConcurrency !== null) this.#inflight.set(id, (this.#inflight.get(id) ?? 0) + 1)
  }

  observe(endpoint: Endpoint, seen: Observation): void {
    const record = this.#record(endpoint.id)
    const now = this.#clock.now()
    const { outcome } = seen
    if (outcome === 'rate' || outcome === 'overload') record.concurrency.cut(now)
    this.#release(endpoint, record)
    const { weight, rest } = DECISIONS[outcome]
    if (outcome === 'ok') this.#succeed(endpoint, record, seen)
    else if (weight > 0) record.breaker.fail(now, weight, this.#random())
    else record.breaker.release()
    if (seen.isProviderFault) this.#restProvider(endpoint.upstream.id, now)
    if (rest !== null) this.#restScope(endpoint, seen, now)
  }

  /** By hand. `open` ends by itself with a probe after five minutes, `drain` only by `close`. */
  steer(endpointId: string, steering: Steering): void {
    const record = this.#record(endpointId)
    const now = this.#clock.now()
    record.breaker.close()
    record.manual = steering === 'close' ? null : steering
    record.manualUntil = steering === 'drain' ? Infinity : now + MANUAL_OPEN_MS
    if (steering === 'open') record.breaker.openUntil(now, now + MANUAL_OPEN_MS)
    if (steering !== 'close') return
    const provider = endpointId.slice(0, endpointId.indexOf('/'))
    const names = [`e:${endpointId}`, `p:${provider}`]
    this.#resting.endWhere(
      (name) =>
        names.includes(name) ||
        name.startsWith(`m:${endpointId}:`) ||
        name.startsWith(`k:${provider}:`),
    )
  }

  dump(): HealthDump {
    const now = this.#clock.now()
    const endpoints = [...this.#records].map(([id, { breaker, manual }]) => [
      id,
      { ...breaker.dump(now), drained: manual === 'drain' },
    ])
    const resting = [...this.#resting.entries(now)].map(([name, { until, cause, level }]) => [
      name,
      { ms: until - now, cause, level },
    ])
    return {
      endpoints: Object.fromEntries(endpoints) as HealthDump['endpoints'],
      resting: Object.fromEntries(resting) as HealthDump['resting'],
    }
  }

  /** `ageMs`: how long ago the dump was made; what would have healed meanwhile has. */
  restore({ endpoints, resting }: HealthDump, ageMs: number): void {
    const now = this.#clock.now()
    for (const [id, dump] of Object.entries(endpoints)) {
      const record = this.#record(id)
      record.breaker.restore(dump, now, ageMs)
      if (!dump.drained) continue
      record.manual = 'drain'
      record.manualUntil = Infinity
    }
    for (const [name, { ms, cause, level }] of Object.entries(resting)) {
      if (ms > ageMs) this.#resting.put(name, { until: now + ms - ageMs, cause, level })
    }
  }

  #succeed(endpoint: Endpoint, record: EndpointRecord, seen: Observation): void {
    const now = this.#clock.now()
    record.breaker.succeed(now, now - seen.totalMs)
    record.concurrency.succeed(now)
    if (!this.#resting.isEmpty) {
      const names = [`e:${endpoint.id}`, `p:${endpoint.upstream.id}`]
      for (const name of [...keyNames(endpoint, seen.key), ...names]) this.#resting.end(name)
    }
    if (seen.firstTokenMs === null) return
    const age = now - record.firstTokenAt
    const keep = record.firstTokenMs === null ? 0 : Math.exp(-age / TOKEN_DECAY_MS)
    record.firstTokenMs = (record.firstTokenMs ?? 0) * keep + seen.firstTokenMs * (1 - keep)
    record.firstTokenAt = now
  }

  #release({ upstream }: Endpoint, { concurrency }: EndpointRecord): void {
    concurrency.inflight = Math.max(0, concurrency.inflight - 1)
    if (upstream.maxConcurrency === null) return
    this.#inflight.set(upstream.id, Math.max(0, (this.#inflight.get(upstream.id) ?? 0) - 1))
  }

  #isFull({ upstream }: Endpoint, record: EndpointRecord | undefined, now: number): boolean {
    const { maxConcurrency, id } = upstream
    if (maxConcurrency !== null && (this.#inflight.get(id) ?? 0) >= maxConcurrency) return true
    return record?.concurrency.isFull(now) ?? false
  }

  #restScope(endpoint: Endpoint, { key, outcome, retryAfterMs }: Observation, now: number): void {
    const { rest } = DECISIONS[outcome]
    if (rest === null) return
    const [keyName, modelName] = keyNames(endpoint, key)
    const name = { key: keyName, key_model: modelName, endpoint: `e:${endpoint.id}` }[rest.scope]
    const level = this.#resting.level(name)
    const ms = outcome === 'rate' ? this.#rateMs(retryAfterMs, level, rest.ms) : rest.ms
    this.#resting.put(name, { until: now + ms, cause: CAUSES[outcome] ?? 'rate', level: level + 1 })
  }

  /** As long as the provider asked; without a word, longer each time and never in step. */
  #rateMs(retryAfterMs: number | null, level: number, baseMs: number): number {
    if (retryAfterMs !== null) return Math.min(RATE_MS_MAX, retryAfterMs)
    return Math.min(RATE_MS_CAP, baseMs * 2 ** level) * (0.5 + this.#random())
  }

  #restProvider(provider: string, now: number): void {
    const name = `p:${provider}`
    const level = this.#resting.level(name)
    const ms = Math.min(PROVIDER_MS_MAX, PROVIDER_MS_BASE * 2 ** level)
    this.#resting.put(name, { until: now + ms, cause: 'provider', level: level + 1 })
  }

  /** What of an endpoint's surroundings rests longest, or null. */
  #rest(endpoint: Endpoint, now: number): RestEntry | null {
    if (this.#resting.isEmpty) return null
    const own = this.#resting.read(`e:${endpoint.id}`, now)
    const provider = this.#resting.read(`p:${endpoint.upstream.id}`, now)
    return later(later(own, provider), this.#keysRest(endpoint, now))
  }

  /** The keys rest when all of them do, until the first wakes. */
  #keysRest(endpoint: Endpoint, now: number): RestEntry | null {
    const count = Math.max(1, endpoint.upstream.apiKeys.length)
    let first: RestEntry | null = null
    for (let key = 0; key < count; key++) {
      const rest = this.#keyRest(endpoint, key, now)
      if (rest === null) return null
      if (first === null || rest.until < first.until) first = rest
    }
    return first
  }

  #keyRest(endpoint: Endpoint, key: number, now: number): RestEntry | null {
    const [keyName, modelName] = keyNames(endpoint, key)
    return later(this.#resting.read(keyName, now), this.#resting.read(modelName, now))
  }

  #record(endpointId: string): EndpointRecord {
    let record = this.#records.get(endpointId)
    if (record === undefined) {
      record = {
        breaker: new Breaker(this.#clock.now()),
        concurrency: new Concurrency(),
        firstTokenMs: null,
        firstTokenAt: 0,
        manual: null,
        manualUntil: 0,
      }
      this.#records.set(endpointId, record)
      const oldest = this.#records.keys().next()
      if (this.#records.size > RECORDS_MAX && !oldest.done) this.#records.delete(oldest.value)
    }
    return record
  }
}

const CAUSES: Partial<Record<Outcome, RestEntry['cause']>> = {
  auth: 'auth',
  quota: 'quota',
  model_missing: 'missing',
}

function untried(rest: RestEntry, now: number): EndpointState {
  return { ...UNTRIED, state: 'open', cooldownMs: rest.until - now, cause: rest.cause }
}

function causeOf(
  manual: EndpointRecord['manual'],
  rest: RestEntry | null,
  cooldownMs: number,
): RestCause | null {
  if (manual !== null) return 'manual'
  if (cooldownMs <= 0) return null
  return rest === null ? 'breaker' : rest.cause
}

function later(left: RestEntry | null, right: RestEntry | null): RestEntry | null {
  if (left === null || right === null) return left ?? right
  return left.until >= right.until ? left : right
}

/** Everywhere, and for this model only. */
function keyNames({ id, upstream }: Endpoint, key: number): [everywhere: string, model: string] {
  const keyId = upstream.keyIds[key] ?? '-'
  return [`k:${upstream.id}:${keyId}`, `m:${id}:${keyId}`]
}
