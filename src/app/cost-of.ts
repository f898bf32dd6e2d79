import { costAt } from '../config/cost-at.ts'
import { priceOf } from '../config/price-of.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { Exchange } from '../contract/exchange.ts'
import type { RowCost } from '../contract/exchange-row.ts'

const NOTHING: RowCost = { costUsd: null, savedUsd: null }

/**
 * What an answer cost, what the model that was asked for its tier did, and what the first T3 model
 * alone would have cost more; null without a price.
 */
export function costOf(snapshot: Snapshot, exchange: Exchange): RowCost {
  const answer = answerCost(snapshot, exchange)
  const judgeUsd = judgeCost(snapshot, exchange)
  if (judgeUsd === 0) return answer
  // Without an answer the first T3 model would have cost nothing either, the judge did.
  const saved = exchange.served === null ? 0 : answer.savedUsd
  return { ...answer, savedUsd: saved === null ? null : saved - judgeUsd, judgeUsd }
}

function answerCost(snapshot: Snapshot, { usage, served }: Exchange): RowCost {
  if (usage === null || served === null) return NOTHING
  const price = priceOf(snapshot, served)
  if (price === null) return NOTHING
  const costUsd = costAt(price, usage)
  const strongest = snapshot.pools.t3.members[0]?.endpoint.price ?? null
  return { costUsd, savedUsd: strongest === null ? null : costAt(strongest, usage) - costUsd }
}

/** Of a call that several requests shared, one of them has the usage. */
function judgeCost(snapshot: Snapshot, { route: { classifier } }: Exchange): number {
  const usage = classifier?.usage ?? null
  const price = classifier === null || usage === null ? null : priceOf(snapshot, classifier.model)
  return price === null || usage === null ? 0 : costAt(price, usage)
}
