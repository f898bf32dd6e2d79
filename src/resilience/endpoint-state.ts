import type { Endpoint } from '../config/snapshot.ts'
import type { Outcome } from '../contract/exchange.ts'
import type { RestEntry } from './resting.ts'

export type RestCause = RestEntry['cause'] | 'breaker' | 'manual'

/** What the plan may know about an endpoint. */
export interface EndpointState {
  /** 0 (dead) to 1 (never failed lately). */
  readonly score: number
  readonly state: 'closed' | 'open' | 'half_open'
  /** Milliseconds until it may be tried again; 0 where it may be now. */
  readonly cooldownMs: number
  readonly cause: RestCause | null
  /** By hand: gets no request at all, not even as a last resort. */
  readonly drained: boolean
  /** The part of its traffic it may take after a recovery, 0.1 to 1. */
  readonly share: number
  readonly inflight: number
  /** How many at a time it has shown to bear; null where it never refused. */
  readonly limit: number | null
  readonly isFull: boolean
  readonly consecutiveFailures: number
  /** Moving average of the time to the first token, or null without a sample. */
  readonly firstTokenMs: number | null
}

export interface HealthView {
  read(endpoint: Endpoint): EndpointState
  /** The key to use, as an index into the provider's; null where every key rests or was tried. */
  chooseKey(endpoint: Endpoint, tried: readonly number[], random: () => number): number | null
}

export interface Observation {
  readonly key: number
  readonly outcome: Outcome
  readonly firstTokenMs: number | null
  readonly totalMs: number
  readonly retryAfterMs: number | null
  /** Name resolution or TLS failed: every model of the provider is concerned. */
  readonly isProviderFault: boolean
}

export type Steering = 'open' | 'close' | 'drain'

export const UNTRIED: EndpointState = {
  score: 1,
  state: 'closed',
  cooldownMs: 0,
  cause: null,
  drained: false,
  share: 1,
  inflight: 0,
  limit: null,
  isFull: false,
  consecutiveFailures: 0,
  firstTokenMs: null,
}
