import type { Endpoint, Snapshot } from '../config/snapshot.ts'
import type { EndpointHealth, Health } from '../contract/api/shapes.ts'
import { TIERS } from '../contract/tier.ts'
import type { HealthDump } from '../resilience/health-registry.ts'
import type { HealthView } from '../resilience/endpoint-state.ts'

/** Taken out by hand is without end; JSON has no word for that. */
const COOLDOWN_MS_MAX = 24 * 3_600_000

/** The health of every endpoint that a tier or the model map names. */
export function endpointHealth(snapshot: Snapshot, health: HealthView): EndpointHealth[] {
  const shown = new Map<string, EndpointHealth>()
  const add = (endpoint: Endpoint): EndpointHealth => {
    const { id, upstream, model } = endpoint
    const known = shown.get(id)
    if (known !== undefined) return known
    const state = health.read(endpoint)
    const entry: EndpointHealth = {
      endpoint: id,
      provider: upstream.id,
      model,
      tiers: [],
      score: Math.round(state.score * 1000) / 1000,
      state: state.state,
      cause: state.cause,
      drained: state.drained,
      share: Math.round(state.share * 100) / 100,
      cooldown_ms: Math.round(Math.min(state.cooldownMs, COOLDOWN_MS_MAX)),
      inflight: state.inflight,
      concurrency_limit: state.limit,
      consecutive_failures: state.consecutiveFailures,
      first_token_ms: state.firstTokenMs === null ? null : Math.round(state.firstTokenMs),
    }
    shown.set(id, entry)
    return entry
  }
  for (const tier of TIERS) {
    for (const { endpoint } of snapshot.pools[tier].members) {
      add(endpoint).tiers.push(tier)
    }
  }
  for (const endpoint of snapshot.modelMap.values()) {
    add(endpoint)
  }
  return [...shown.values()]
}

const SCOPES = { k: 'key', m: 'key_model', e: 'model', p: 'provider' } as const

/** Keys, keys for one model, models and providers that rest. */
export function restingView({ resting }: HealthDump): Health['resting'] {
  return Object.entries(resting).map(([name, { ms, cause }]) => ({
    scope: SCOPES[name.charAt(0) as keyof typeof SCOPES],
    name: name.slice(2),
    cause,
    ms: Math.round(ms),
  }))
}
