import { costAt } from '../config/cost-at.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { Exchange } from '../contract/exchange.ts'
import type { RowCost } from '../contract/exchange-row.ts'

const NOTHING: RowCost = { costUsd: null, savedUsd: null }

/** What an answer cost, and what the first T3 model would have cost more; null without a price. */
export function costOf(snapshot: Snapshot, { usage, served }: Exchange): RowCost {
  if (usage === null || served === null) return NOTHING
  const slash = served.indexOf('/')
  const upstream = snapshot.upstreams.get(served.slice(0, slash))
  if (upstream === undefined) return NOTHING
  const { price } = snapshot.endpointOf(upstream, served.slice(slash + 1))
  if (price === null) return NOTHING
  const costUsd = costAt(price, usage)
  const strongest = snapshot.pools.t3.members[0]?.endpoint.price ?? null
  return { costUsd, savedUsd: strongest === null ? null : costAt(strongest, usage) - costUsd }
}
