import type { Endpoint, Snapshot } from '../config/snapshot.ts'
import type { Tier } from '../contract/tier.ts'

/** What the client's `model` asks for. */
export type RequestedModel =
  | { readonly kind: 'auto' }
  | { readonly kind: 'tier'; readonly tier: Tier }
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint }
  | { readonly kind: 'unknown' }

/** Ids of the gateway itself; listed by GET /v1/models too. */
export const VIRTUAL_MODELS: ReadonlyMap<string, RequestedModel> = new Map([
  ['auto', { kind: 'auto' }],
  ['smartroute', { kind: 'auto' }],
  ['smartroute/auto', { kind: 'auto' }],
  ['t1', { kind: 'tier', tier: 't1' }],
  ['t2', { kind: 'tier', tier: 't2' }],
  ['t3', { kind: 'tier', tier: 't3' }],
  ['smartroute/t1', { kind: 'tier', tier: 't1' }],
  ['smartroute/t2', { kind: 'tier', tier: 't2' }],
  ['smartroute/t3', { kind: 'tier', tier: 't3' }],
])

/**
 * Resolves a model id: the gateway's own names, then `provider/model` split at the first `/`
 * only where the prefix is a configured provider, then the model map, then the policy for
 * everything else.
 */
export function resolveModel(snapshot: Snapshot, model: string): RequestedModel {
  const virtual = VIRTUAL_MODELS.get(model)
  if (virtual !== undefined) return virtual
  const slash = model.indexOf('/')
  const upstream = slash < 0 ? undefined : snapshot.upstreams.get(model.slice(0, slash))
  if (upstream !== undefined && slash + 1 < model.length) {
    return { kind: 'endpoint', endpoint: snapshot.endpointOf(upstream, model.slice(slash + 1)) }
  }
  const mapped = snapshot.modelMap.get(model)
  if (mapped !== undefined) return { kind: 'endpoint', endpoint: mapped }
  switch (snapshot.routing.unknownModel) {
    case 'route':
      return { kind: 'auto' }
    case 'reject':
      return { kind: 'unknown' }
    case 'pass':
      return snapshot.defaultUpstream === null
        ? { kind: 'unknown' }
        : { kind: 'endpoint', endpoint: snapshot.endpointOf(snapshot.defaultUpstream, model) }
  }
}
