import type { Price, Snapshot } from './snapshot.ts'

/** What `provider/model` costs; null where the provider is gone or no price is known. */
export function priceOf(snapshot: Snapshot, id: string): Price | null {
  const slash = id.indexOf('/')
  const upstream = snapshot.upstreams.get(id.slice(0, slash))
  return upstream === undefined ? null : snapshot.endpointOf(upstream, id.slice(slash + 1)).price
}
