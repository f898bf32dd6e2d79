import type { Endpoint } from '../config/snapshot.ts'
import type { Outcome } from '../contract/exchange.ts'
import { DECISIONS } from '../resilience/decision.ts'
import type { Plan } from './plan.ts'
import type { Random } from './selection/selection.ts'

/** An attempt that is over, as far as the choice of the next one needs it. */
export interface Tried {
  readonly endpoint: Endpoint
  readonly outcome: Outcome
  readonly committed: boolean
}

export interface NextAttempt {
  readonly endpoint: Endpoint
  readonly waitMs: number
}

const PER_ENDPOINT_MAX = 2
const WAIT_MS_MIN = 100
const WAIT_MS_SPREAD = 300

/**
 * Which endpoint comes next, or null. The first attempt and the last come from here alike:
 * every endpoint once, in order and at once; then those worth a second try, after a short
 * random pause so that the callers of a failed provider do not return in step.
 */
export function nextAttempt(
  plan: Plan,
  tried: readonly Tried[],
  random: Random,
): NextAttempt | null {
  const last = tried.at(-1)
  if (last?.committed === true) return null
  if (last !== undefined && !DECISIONS[last.outcome].next && !DECISIONS[last.outcome].same)
    return null
  const counted = tried.filter((attempt) => attempt.outcome !== 'stale_socket')
  if (counted.length >= plan.retry.maxAttempts) return null
  // The provider had closed a pooled connection before it saw the request: a fresh one, at once.
  if (last?.outcome === 'stale_socket' && count(tried, last.endpoint) < PER_ENDPOINT_MAX) {
    return { endpoint: last.endpoint, waitMs: 0 }
  }
  const fresh = plan.endpoints.find((endpoint) => count(tried, endpoint) === 0)
  if (fresh !== undefined) return { endpoint: fresh, waitMs: 0 }
  const again = plan.endpoints.find((endpoint) => isWorthAgain(tried, endpoint))
  if (again === undefined) return null
  return { endpoint: again, waitMs: WAIT_MS_MIN + random() * WAIT_MS_SPREAD }
}

function isWorthAgain(tried: readonly Tried[], endpoint: Endpoint): boolean {
  const own = tried.filter((attempt) => attempt.endpoint === endpoint)
  const last = own.at(-1)
  return own.length < PER_ENDPOINT_MAX && last !== undefined && DECISIONS[last.outcome].same
}

function count(tried: readonly Tried[], endpoint: Endpoint): number {
  return tried.reduce((sum, attempt) => (attempt.endpoint === endpoint ? sum + 1 : sum), 0)
}
