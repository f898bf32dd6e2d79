import type { Snapshot } from '../config/snapshot.ts'
import type { EndpointHealth } from '../contract/admin.ts'
import { TIERS } from '../contract/tier.ts'
import type { HealthView } from '../resilience/health-registry.ts'

/** The health of every endpoint that a tier or the model map names. */
export function endpointHealth(snapshot: Snapshot, health: HealthView): EndpointHealth[] {
  const shown = new Map<string, EndpointHealth>()
  const add = (id: string, provider: string, model: string): EndpointHealth => {
    const known = shown.get(id)
    if (known !== undefined) return known
    const state = health.read(id)
    const entry: EndpointHealth = {
      endpoint: id,
      provider,
      model,
      tiers: [],
      score: Math.round(state.score * 1000) / 1000,
      state: state.state,
      cooldown_ms: Math.round(state.cooldownMs),
      inflight: state.inflight,
      consecutive_failures: state.consecutiveFailures,
      first_token_ms: state.firstTokenMs === null ? null : Math.round(state.firstTokenMs),
    }
    shown.set(id, entry)
    return entry
  }
  for (const tier of TIERS) {
    for (const { endpoint } of snapshot.pools[tier].members) {
      add(endpoint.id, endpoint.upstream.id, endpoint.model).tiers.push(tier)
    }
  }
  for (const endpoint of snapshot.modelMap.values()) {
    add(endpoint.id, endpoint.upstream.id, endpoint.model)
  }
  return [...shown.values()]
}
