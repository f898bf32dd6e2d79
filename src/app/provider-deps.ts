import type { ProviderDeps } from '../admin/provider-routes.ts'
import type { Endpoint, Snapshot } from '../config/snapshot.ts'
import { TIERS } from '../contract/tier.ts'
import type { Dispatcher } from '../transport/transport.ts'
import type { LiveConfig } from './live-config.ts'
import { probeModels, testModel } from './provider-probe.ts'

export function providerDeps(
  config: LiveConfig,
  parts: {
    readonly dispatcher: Dispatcher
    readonly env: Readonly<Record<string, string | undefined>>
  },
): ProviderDeps {
  const context = { ...parts, config }
  return {
    models: (account) => probeModels(context, account),
    test: (account, model) => testModel(context, account, model),
    known: (used) =>
      endpointsOf(config.current, used).map((endpoint) => view(config.current, endpoint)),
  }
}

/** Of the tiers, of the model map, and of what was asked for lately. */
function endpointsOf(snapshot: Snapshot, used: readonly string[]): readonly Endpoint[] {
  const endpoints = new Map<string, Endpoint>()
  for (const tier of TIERS) {
    for (const endpoint of snapshot.pools[tier].endpoints) endpoints.set(endpoint.id, endpoint)
  }
  for (const endpoint of snapshot.modelMap.values()) endpoints.set(endpoint.id, endpoint)
  for (const id of used) {
    const slash = id.indexOf('/')
    const upstream = snapshot.upstreams.get(id.slice(0, slash))
    if (upstream !== undefined && !endpoints.has(id)) {
      endpoints.set(id, snapshot.endpointOf(upstream, id.slice(slash + 1)))
    }
  }
  return [...endpoints.values()]
}

function view(snapshot: Snapshot, endpoint: Endpoint): ReturnType<ProviderDeps['known']>[number] {
  const { id, upstream, model, price, traits } = endpoint
  const prices = snapshot.document.prices ?? {}
  const isOwn = Object.hasOwn(prices, id) || Object.hasOwn(prices, model)
  return {
    endpoint: id,
    provider: upstream.id,
    model,
    tiers: TIERS.filter((tier) => snapshot.pools[tier].endpoints.includes(endpoint)),
    price:
      price === null
        ? null
        : {
            input: price.input,
            output: price.output,
            cached_input: price.cachedInput,
            source: isOwn ? 'config' : 'catalogue',
          },
    context_tokens: traits.contextTokens,
  }
}
