import type { Outcome } from '../../contract/exchange.ts'
import { spentUsd, type StoredExchange } from '../../contract/exchange-row.ts'

/** Something that is counted per minute beside the sums of tiers and models. */
export interface Tally {
  readonly minute: number
  /** `flow`: key, tier and model; `attempt`: endpoint; `error`: code; `rule`: what it matched. */
  readonly kind: 'flow' | 'attempt' | 'error' | 'rule'
  readonly name: string
  requests: number
  failed: number
  cost: number
}

export function tallies(exchange: StoredExchange, minute: number): readonly Tally[] {
  const { route, errorCode } = exchange
  const failed = errorCode !== null && exchange.status !== 499 ? 1 : 0
  const found: Tally[] = [flowOf(exchange, { minute, failed })]
  for (const { provider, model, outcome } of exchange.attempts) {
    const name = `${provider}/${model}`
    found.push({ minute, kind: 'attempt', name, requests: 1, failed: isFault(outcome), cost: 0 })
  }
  if (errorCode !== null) {
    found.push({ minute, kind: 'error', name: errorCode, requests: 1, failed: 1, cost: 0 })
  }
  const match = /^rule;\s*(.+)$/.exec(route.reason ?? '')?.[1]
  if (match !== undefined) {
    found.push({ minute, kind: 'rule', name: match, requests: 1, failed: 0, cost: 0 })
  }
  return found
}

function flowOf(
  exchange: StoredExchange,
  { minute, failed }: { minute: number; failed: number },
): Tally {
  const { keyName, route, served } = exchange
  const model = failed === 1 ? '' : (served ?? '')
  const name = JSON.stringify([keyName ?? '', route.tier ?? '', model])
  return { minute, kind: 'flow', name, requests: 1, failed, cost: spentUsd(exchange) ?? 0 }
}

/** What a client did wrong or broke off is no fault of the model. */
function isFault(outcome: Outcome): 0 | 1 {
  return outcome === 'ok' || outcome === 'cancelled' || outcome === 'client_fault' ? 0 : 1
}
