import type { Endpoint, Pool, RetryPolicy, Snapshot, TimeLimits } from '../config/snapshot.ts'
import { type Tier, TIERS } from '../contract/tier.ts'
import type { HealthView } from '../resilience/endpoint-state.ts'
import { type Needs, unmet } from './needs.ts'
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

/** A tier with the reason for it, and what the request needs of a model where that is known. */
interface Wanted {
  readonly tier: Tier
  readonly reason: string
  readonly needs?: Needs
}

/** The plan of a tier. An empty tier borrows its nearest neighbour's models, a stronger one first. */
export function planTier(
  snapshot: Snapshot,
  verdict: Wanted,
  health: HealthView,
  random: Random,
): Plan {
  const { needs = null } = verdict
  const filled = nearestFilled(snapshot, verdict.tier)
  const { tier: wanted, hindrance } = fittingTier(snapshot, filled, needs)
  const tier = healthyTier(snapshot, wanted, health, needs)
  const pool: Pool = snapshot.pools[tier]
  const ordered = restingLast(
    order(pool, health, random).map((member) => member.endpoint),
    health,
    random,
  )
  const raised = hindrance === null ? '' : `; needs=${hindrance}`
  return {
    tier,
    reason: reasonOf(verdict, filled) + raised + unhealthyOf(wanted, tier),
    endpoints: needs === null ? ordered : unfitLast(ordered, needs),
    larger: pool.stronger,
    limits: pool.limits,
    retry: pool.retry,
  }
}

/**
 * The same plan with the endpoint first that a running conversation is used to, of whichever tier,
 * where it does not rest and can take the request.
 */
export function preferEndpoint(
  plan: Plan,
  preferred: Endpoint | null,
  needs: Needs,
  health: HealthView,
): Plan {
  if (preferred === null || health.read(preferred).cooldownMs > 0) return plan
  if (unmet(preferred, needs) !== null) return plan
  const others = plan.endpoints.filter((endpoint) => endpoint !== preferred)
  return { ...plan, endpoints: [preferred, ...others] }
}

/** A model of some tier by its `provider/model`, or null. */
export function endpointById(snapshot: Snapshot, id: string | null): Endpoint | null {
  for (const tier of TIERS) {
    const found = snapshot.pools[tier].members.find(({ endpoint }) => endpoint.id === id)
    if (found !== undefined) return found.endpoint
  }
  return null
}

export function planPinned(snapshot: Snapshot, endpoint: Endpoint): Plan {
  const { limits, retry } = snapshot.pinned
  return { tier: 'pinned', reason: 'pinned', endpoints: [endpoint], larger: [], limits, retry }
}

/** Tiers that have a model, weakest first. */
export function filledTiers(snapshot: Snapshot): readonly Tier[] {
  return TIERS.filter((tier) => snapshot.pools[tier].members.length > 0)
}

/** The one tier that a model stands for; null where it has none or several. */
export function tierOf(snapshot: Snapshot, endpoint: Endpoint): Tier | null {
  const tiers = TIERS.filter((tier) => snapshot.pools[tier].endpoints.includes(endpoint))
  return tiers.length === 1 ? (tiers[0] ?? null) : null
}

function reasonOf(verdict: Wanted, filled: Tier): string {
  return filled === verdict.tier ? verdict.reason : `${verdict.reason}; empty_tier=${verdict.tier}`
}

function unhealthyOf(wanted: Tier, tier: Tier): string {
  return tier === wanted ? '' : `; unhealthy_tier=${wanted}`
}

/**
 * The tier itself where one of its models meets the needs, else the next stronger one that has
 * such a model, with what stood in the way. Where none has, the tier stays: the bound may be wrong.
 */
function fittingTier(
  snapshot: Snapshot,
  wanted: Tier,
  needs: Needs | null,
): { readonly tier: Tier; readonly hindrance: string | null } {
  const none = { tier: wanted, hindrance: null }
  if (needs === null) return none
  const fits = (tier: Tier): boolean =>
    snapshot.pools[tier].members.some(({ endpoint }) => unmet(endpoint, needs) === null)
  if (fits(wanted)) return none
  const stronger = TIERS.slice(TIERS.indexOf(wanted) + 1).find(fits)
  const [first] = snapshot.pools[wanted].members
  if (stronger === undefined || first === undefined) return none
  return { tier: stronger, hindrance: unmet(first.endpoint, needs) }
}

/** Models that cannot take the request are the last resort. */
function unfitLast(endpoints: readonly Endpoint[], needs: Needs): readonly Endpoint[] {
  if (endpoints.every((endpoint) => unmet(endpoint, needs) === null)) return endpoints
  return [
    ...endpoints.filter((endpoint) => unmet(endpoint, needs) === null),
    ...endpoints.filter((endpoint) => unmet(endpoint, needs) !== null),
  ]
}

function nearestFilled(snapshot: Snapshot, wanted: Tier): Tier {
  if (snapshot.pools[wanted].members.length > 0) return wanted
  const at = TIERS.indexOf(wanted)
  const filled = filledTiers(snapshot)
  const stronger = filled.find((tier) => TIERS.indexOf(tier) > at)
  return stronger ?? filled.at(-1) ?? wanted
}

/**
 * With `tier_fallback`: the next stronger tier that has a healthy model, where this has none. One
 * that cannot take the request is no help, unless no tier has another.
 */
function healthyTier(
  snapshot: Snapshot,
  wanted: Tier,
  health: HealthView,
  needs: Needs | null,
): Tier {
  if (!snapshot.pools[wanted].retry.tierFallback) return wanted
  const stronger = TIERS.slice(TIERS.indexOf(wanted))
  const isHealthy = ({ endpoint }: Pool['members'][number]): boolean =>
    health.read(endpoint).cooldownMs === 0
  const fitting = stronger.find((tier) =>
    snapshot.pools[tier].members.some(
      (member) => isHealthy(member) && (needs === null || unmet(member.endpoint, needs) === null),
    ),
  )
  return fitting ?? stronger.find((tier) => snapshot.pools[tier].members.some(isHealthy)) ?? wanted
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
  if (endpoints.length <= 1) return endpoints
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
