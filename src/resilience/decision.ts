import type { ErrorCode } from '../contract/error-code.ts'
import type { Outcome } from '../contract/exchange.ts'

/** What an outcome means for the next attempt, for the client in the end, and for health. */
export interface Decision {
  /** On the same endpoint again: never, only where no other is left, or before any other. */
  readonly same: 'no' | 'alone' | 'first'
  /** Another key of the same account may succeed where this one did not. */
  readonly key: boolean
  /** May be tried on another endpoint. */
  readonly next: boolean
  /** Failure mass it adds to the endpoint's health. */
  readonly weight: 0 | 1 | 2
  /** What rests beside the breaker of the endpoint, and for how long where nobody says. */
  readonly rest: Rest | null
  /** The error the client sees when this was the last word. */
  readonly code: ErrorCode
}

interface Rest {
  readonly scope: 'endpoint' | 'key' | 'key_model'
  readonly ms: number
}

const MINUTE = 60_000
const NOTHING = { same: 'no', key: false, next: false, weight: 0, rest: null } as const
const FAILED = { ...NOTHING, next: true, weight: 1 } as const

/** The decision table. `docs/guide/failover.md` shows it to operators. */
export const DECISIONS: Readonly<Record<Outcome, Decision>> = {
  ok: { ...NOTHING, code: 'internal_error' },
  client_fault: { ...NOTHING, code: 'invalid_request_error' },
  param: { ...NOTHING, same: 'first', code: 'invalid_request_error' },
  context: { ...NOTHING, next: true, code: 'context_length_exceeded' },
  content: { ...NOTHING, code: 'content_filter' },
  auth: {
    ...NOTHING,
    key: true,
    next: true,
    rest: { scope: 'key_model', ms: 5 * MINUTE },
    code: 'upstream_auth',
  },
  quota: {
    ...NOTHING,
    key: true,
    next: true,
    rest: { scope: 'key', ms: 15 * MINUTE },
    code: 'insufficient_quota',
  },
  rate: {
    ...NOTHING,
    same: 'alone',
    key: true,
    next: true,
    rest: { scope: 'key_model', ms: 5_000 },
    code: 'rate_limit_exceeded',
  },
  overload: { ...FAILED, same: 'alone', weight: 2, code: 'overloaded' },
  server: { ...FAILED, same: 'alone', code: 'upstream_error' },
  model_missing: {
    ...NOTHING,
    next: true,
    rest: { scope: 'endpoint', ms: 10 * MINUTE },
    code: 'upstream_error',
  },
  connect: { ...FAILED, same: 'alone', code: 'upstream_error' },
  stale_socket: { ...NOTHING, same: 'first', next: true, code: 'upstream_error' },
  timeout_connect: { ...FAILED, code: 'timeout' },
  timeout_first_token: { ...FAILED, weight: 2, code: 'timeout' },
  timeout_idle: { ...FAILED, same: 'alone', code: 'timeout' },
  timeout_total: { ...NOTHING, weight: 1, code: 'timeout' },
  bad_body: { ...FAILED, same: 'alone', code: 'upstream_error' },
  empty: { ...FAILED, code: 'empty_completion' },
  keyword: { ...FAILED, code: 'upstream_error' },
  truncated: { ...FAILED, same: 'alone', code: 'upstream_error' },
  diverged: { ...NOTHING, same: 'first', next: true, code: 'upstream_error' },
  cancelled: { ...NOTHING, code: 'client_closed' },
  shed: { ...NOTHING, next: true, code: 'overloaded' },
}

/** A plain 500, a lock and a server's own timeout often pass when asked once more. */
const PASSING_STATUS: ReadonlySet<number | null> = new Set([408, 409, 500])

/** Whether the same endpoint is asked once more before any other. */
export function isPassing(outcome: Outcome, status: number | null): boolean {
  return outcome === 'server' && PASSING_STATUS.has(status)
}
