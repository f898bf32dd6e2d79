import type { Endpoint, Pool, RetryPolicy, Snapshot, TimeLimits } from '../config/snapshot.ts'
import { type Tier, TIERS } from '../contract/tier.ts'
import type { HealthView } from '../resilience/endpoint-state.ts'
import { order, type Random } from './selection/selection.ts'

/** What will be tried, in which order, within which limits. */
export interface Plan {
  readonly tier: Tier | 'pinned'
  readonly reason: string
  readonly endpoints: readonly Endpoint[]
  /** Of stronger tiers: only for a prompt that is too long for the others. */
  readonly larger: readonly Endpoint[]
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
  const wanted = nearestFilled(snapshot, verdict.tier)
  const tier = healthyTier(snapshot, wanted, health)
  const pool: Pool = snapshot.pools[tier]
  const endpoints = restingLast(
    order(pool, health, random).map((member) => member.endpoint),
    health,
    random,
  )
  return {
    tier,
    reason: reasonOf(verdict, wanted, tier),
    endpoints,
    larger: strongerThan(snapshot, tier),
    limits: pool.limits,
    retry: pool.retry,
  }
}

/** The same plan with one endpoint first, where it is among them and does not rest. */
export function preferEndpoint(plan: Plan, endpointId: string | null, health: HealthView): Plan {
  const preferred = plan.endpoints.find(({ id }) => id === endpointId)
  if (preferred === undefined || health.read(preferred).cooldownMs > 0) return plan
  const others = plan.endpoints.filter((endpoint) => endpoint !== preferred)
  return { ...plan, endpoints: [preferred, ...others] }
}

export function planPinned(snapshot: Snapshot, endpoint: Endpoint): Plan {
  const { limits, retry } = snapshot.pinned
  return { tier: 'pinned', reason: 'pinned', endpoints: [endpoint], larger: [], limits, retry }
}

/** Tiers that have a model, weakest first. */
export function filledTiers(snapshot: Snapshot): readonly Tier[] {
  return TIERS.filter((tier) => snapshot.pools[tier].members.length > 0)
}

function reasonOf(
  verdict: { readonly tier: Tier; readonly reason: string },
  wanted: Tier,
  tier: Tier,
): string {
  const empty = wanted === verdict.tier ? '' : `; empty_tier=${verdict.tier}`
  const unhealthy = tier === wanted ? '' : `; unhealthy_tier=${wanted}`
  return verdict.reason + empty + unhealthy
}

function nearestFilled(snapshot: Snapshot, wanted: Tier): Tier {
  const at = TIERS.indexOf(wanted)
  const filled = filledTiers(snapshot)
  const stronger = filled.find((tier) => TIERS.indexOf(tier) >= at)
  return stronger ?? filled.at(-1) ?? wanted
}

/** With `tier_fallback`: the next stronger tier that has a healthy model, where this has none. */
function healthyTier(snapshot: Snapshot, wanted: Tier, health: HealthView): Tier {
  if (!snapshot.pools[wanted].retry.tierFallback) return wanted
  const stronger = TIERS.slice(TIERS.indexOf(wanted))
  const isHealthy = (tier: Tier): boolean =>
    snapshot.pools[tier].members.some(({ endpoint }) => health.read(endpoint).cooldownMs === 0)
  return stronger.find(isHealthy) ?? wanted
}

function strongerThan(snapshot: Snapshot, tier: Tier): readonly Endpoint[] {
  const stronger = TIERS.slice(TIERS.indexOf(tier) + 1)
  return stronger.flatMap((one) => snapshot.pools[one].endpoints)
}

/**
 * Endpoints that rest go to the end, the earliest to recover first: they are the last resort,
 * and a tier whose members all rest still gets an attempt. One that has just recovered takes its
 * place for a growing share of the requests.
 */
function restingLast(
  endpoints: readonly Endpoint[],
  health: HealthView,
  random: Random,
): readonly Endpoint[] {
  const ready: Endpoint[] = []
  const later: { endpoint: Endpoint; cooldownMs: number }[] = []
  for (const endpoint of endpoints) {
    const { cooldownMs, share, isFull } = health.read(endpoint)
    const isLater = cooldownMs > 0 || isFull || (share < 1 && random() > share)
    if (isLater) later.push({ endpoint, cooldownMs })
    else ready.push(endpoint)
  }
  if (later.length === 0) return endpoints
  later.sort((left, right) => left.cooldownMs - right.cooldownMs)
  return [...ready, ...later.map(({ endpoint }) => endpoint)]
}
