import type { ErrorCode } from '../contract/error-code.ts'
import type { Outcome } from '../contract/exchange.ts'

/** What an outcome means for the next attempt, for the client in the end, and for health. */
export interface Decision {
  /** May be tried again on the same endpoint, once nothing else is left. */
  readonly same: boolean
  /** May be tried on another endpoint. */
  readonly next: boolean
  /** Failure mass it adds to the endpoint's health. */
  readonly weight: 0 | 1 | 2
  /** The error the client sees when this was the last word. */
  readonly code: ErrorCode
}

/** The decision table. `docs/guide/failover.md` shows it to operators. */
export const DECISIONS: Readonly<Record<Outcome, Decision>> = {
  ok: { same: false, next: false, weight: 0, code: 'internal_error' },
  client_fault: { same: false, next: false, weight: 0, code: 'invalid_request_error' },
  context: { same: false, next: false, weight: 0, code: 'context_length_exceeded' },
  content: { same: false, next: false, weight: 0, code: 'content_filter' },
  auth: { same: false, next: true, weight: 1, code: 'upstream_auth' },
  quota: { same: false, next: true, weight: 1, code: 'insufficient_quota' },
  rate: { same: true, next: true, weight: 0, code: 'rate_limit_exceeded' },
  overload: { same: true, next: true, weight: 2, code: 'overloaded' },
  server: { same: true, next: true, weight: 1, code: 'upstream_error' },
  model_missing: { same: false, next: true, weight: 1, code: 'upstream_error' },
  connect: { same: true, next: true, weight: 1, code: 'upstream_error' },
  stale_socket: { same: true, next: true, weight: 0, code: 'upstream_error' },
  timeout_connect: { same: false, next: true, weight: 1, code: 'timeout' },
  timeout_first_token: { same: false, next: true, weight: 2, code: 'timeout' },
  timeout_idle: { same: true, next: true, weight: 1, code: 'timeout' },
  timeout_total: { same: false, next: false, weight: 1, code: 'timeout' },
  bad_body: { same: true, next: true, weight: 1, code: 'upstream_error' },
  empty: { same: false, next: true, weight: 1, code: 'empty_completion' },
  keyword: { same: false, next: true, weight: 1, code: 'upstream_error' },
  truncated: { same: true, next: true, weight: 1, code: 'upstream_error' },
  cancelled: { same: false, next: false, weight: 0, code: 'client_closed' },
}
