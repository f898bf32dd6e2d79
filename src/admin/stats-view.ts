import type { Stats } from '../contract/api/shapes.ts'
import type { LogStats, StatsQuery, StatsSlice } from '../storage/log-store.ts'

const HOUR = 3_600_000
const RANGE_MS: Readonly<Record<string, number>> = {
  '15m': HOUR / 4,
  '1h': HOUR,
  '24h': 24 * HOUR,
  '7d': 7 * 24 * HOUR,
  '30d': 30 * 24 * HOUR,
}
const POINTS = 96

export function statsQuery(range: string, now: number): StatsQuery {
  const span = RANGE_MS[range]
  return { fromMs: span === undefined ? 0 : now - span, toMs: now, points: POINTS }
}

export function statsView(range: string, stats: LogStats, qps: number): Stats {
  return {
    range,
    qps: Math.round(qps * 1000) / 1000,
    ...sliceView(stats.total),
    by_tier: mapValues(stats.byTier, sliceView),
    by_model: mapValues(stats.byModel, sliceView),
    series: stats.series.map((point) => ({ at: point.at, ...sliceView(point) })),
  }
}

type SliceView = Omit<Stats, 'range' | 'qps' | 'by_tier' | 'by_model' | 'series'>

/** Sums as the API shows them. */
export function sliceView(slice: StatsSlice): SliceView {
  const { prompt, completion } = slice.tokens
  return {
    requests: slice.requests,
    errors: slice.errors,
    error_rate: slice.requests === 0 ? 0 : slice.errors / slice.requests,
    failovers: slice.failovers,
    latency_ms: slice.latencyMs,
    first_token_ms: slice.firstTokenMs,
    tokens: { prompt, completion, total: prompt + completion },
    cost_usd: slice.costUsd,
    saved_usd: slice.savedUsd,
  }
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  map: (value: A) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}
