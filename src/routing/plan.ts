import type { Endpoint, Pool, RetryPolicy, Snapshot, TimeLimits } from '../config/snapshot.ts'
import { type Tier, TIERS } from '../contract/tier.ts'
import type { HealthView } from '../resilience/health-registry.ts'
import { order, type Random } from './selection/selection.ts'

/** What will be tried, in which order, within which limits. */
export interface Plan {
  readonly tier: Tier | 'pinned'
  readonly reason: string
  readonly endpoints: readonly Endpoint[]
  readonly limits: TimeLimits
  readonly retry: RetryPolicy
}

/** The plan of a tier. An empty tier borrows its nearest neighbour's models, a stronger one first. */
export function planTier(
  snapshot: Snapshot,
  verdict: { readonly tier: Tier; readonly reason: string },
  health: HealthView,
  random: Random,
): Plan {
  const tier = nearestFilled(snapshot, verdict.tier)
  const pool: Pool = snapshot.pools[tier]
  const reason =
    tier === verdict.tier ? verdict.reason : `${verdict.reason}; empty_tier=${verdict.tier}`
  const endpoints = restingLast(
    order(pool, health, random).map((member) => member.endpoint),
    health,
  )
  return { tier, reason, endpoints, limits: pool.limits, retry: pool.retry }
}

/** The same plan with one endpoint first, where it is among them and does not rest. */
export function preferEndpoint(plan: Plan, endpointId: string | null, health: HealthView): Plan {
  const preferred = plan.endpoints.find(({ id }) => id === endpointId)
  if (preferred === undefined || health.read(preferred.id).cooldownMs > 0) return plan
  const others = plan.endpoints.filter((endpoint) => endpoint !== preferred)
  return { ...plan, endpoints: [preferred, ...others] }
}

export function planPinned(snapshot: Snapshot, endpoint: Endpoint): Plan {
  const { limits, retry } = snapshot.pinned
  return { tier: 'pinned', reason: 'pinned', endpoints: [endpoint], limits, retry }
}

/** Tiers that have a model, weakest first. */
export function filledTiers(snapshot: Snapshot): readonly Tier[] {
  return TIERS.filter((tier) => snapshot.pools[tier].members.length > 0)
}

function nearestFilled(snapshot: Snapshot, wanted: Tier): Tier {
  const at = TIERS.indexOf(wanted)
  const filled = filledTiers(snapshot)
  const stronger = filled.find((tier) => TIERS.indexOf(tier) >= at)
  return stronger ?? filled.at(-1) ?? wanted
}

/**
 * Endpoints that rest go to the end, the earliest to recover first: they are the last resort,
 * and a tier whose members all rest still gets an attempt.
 */
function restingLast(endpoints: readonly Endpoint[], health: HealthView): readonly Endpoint[] {
  const ready: Endpoint[] = []
  const resting: { endpoint: Endpoint; cooldownMs: number }[] = []
  for (const endpoint of endpoints) {
    const { cooldownMs } = health.read(endpoint.id)
    if (cooldownMs > 0) resting.push({ endpoint, cooldownMs })
    else ready.push(endpoint)
  }
  if (resting.length === 0) return endpoints
  resting.sort((left, right) => left.cooldownMs - right.cooldownMs)
  return [...ready, ...resting.map(({ endpoint }) => endpoint)]
}
