import type { Usage } from '../contract/exchange.ts'
import type { Price } from './snapshot.ts'

/** What so many tokens cost at a price, in USD. */
export function costAt({ input, output, cachedInput }: Price, usage: Usage): number {
  const fresh = Math.max(0, usage.promptTokens - usage.cachedTokens)
  return (fresh * input + usage.cachedTokens * cachedInput + usage.completionTokens * output) / 1e6
}
