import { mergeCounts } from './histogram.ts'
import type { MinuteRow } from './minute-stats.ts'

/** Adds one row of sums to another. */
export function mergeMinute(into: MinuteRow, row: MinuteRow): void {
  into.requests += row.requests
  into.errors += row.errors
  into.failovers += row.failovers
  into.prompt += row.prompt
  into.completion += row.completion
  into.cost += row.cost
  into.saved += row.saved
  into.latencySum += row.latencySum
  into.firstTokenSum += row.firstTokenSum
  into.firstTokens += row.firstTokens
  mergeCounts(into.latency, row.latency)
  mergeCounts(into.firstToken, row.firstToken)
}
