import { join } from 'node:path'
import type { LogStats, Percentiles, StatsQuery, StatsSlice } from '../log-store.ts'
import { type HistogramCounts, percentile, round } from './histogram.ts'
import { mergeMinute } from './merge-minute.ts'
import { emptyMinute, type MinuteRow } from './minute-stats.ts'
import { readStatsFile } from './read-stats-file.ts'

/** Merges the minutes of a range into totals, per tier, per model and over time. */
export function readStats(dataDir: string, { fromMs, toMs, points }: StatsQuery): LogStats {
  const rows = readMinutes(
    join(dataDir, 'stats.db'),
    Math.floor(fromMs / 60_000),
    Math.floor(toMs / 60_000),
  )
  const total = emptyMinute()
  const byTier = new Map<string, MinuteRow>()
  const byModel = new Map<string, MinuteRow>()
  const byTime = new Map<number, MinuteRow>()
  const { first, width } = gridOf({ fromMs, toMs, points }, rows[0]?.minute ?? 0)
  for (const row of rows) {
    mergeMinute(total, row)
    if (row.tier !== '') mergeMinute(slot(byTier, row.tier), row)
    if (row.endpoint !== '') mergeMinute(slot(byModel, row.endpoint), row)
    mergeMinute(slot(byTime, first + Math.floor((row.minute - first) / width) * width), row)
  }
  return {
    total: slice(total),
    byTier: Object.fromEntries([...byTier].map(([tier, row]) => [tier, slice(row)])),
    byModel: Object.fromEntries([...byModel].map(([model, row]) => [model, slice(row)])),
    series: [...byTime]
      .sort(([left], [right]) => left - right)
      .map(([minute, row]) => ({ at: minute * 60_000, ...slice(row) })),
  }
}

/** The first minute of a range and how many minutes one point of it holds. */
export function gridOf(
  { fromMs, toMs, points }: StatsQuery,
  oldest: number,
): { readonly first: number; readonly width: number } {
  const first = fromMs === 0 ? oldest : Math.floor(fromMs / 60_000)
  const width = Math.max(1, Math.ceil((Math.floor(toMs / 60_000) - first + 1) / points))
  return { first, width }
}

export function readMinutes(path: string, from: number, to: number): MinuteRow[] {
  return readStatsFile(path, [], (database) =>
    database
      .prepare('SELECT data FROM minute WHERE minute BETWEEN ? AND ? ORDER BY minute')
      .all(from, to)
      .map((row) => JSON.parse(String(row['data'])) as MinuteRow),
  )
}

function slot<K>(table: Map<K, MinuteRow>, key: K): MinuteRow {
  let row = table.get(key)
  if (row === undefined) {
    row = emptyMinute()
    table.set(key, row)
  }
  return row
}

function slice(row: MinuteRow): StatsSlice {
  return {
    requests: row.requests,
    errors: row.errors,
    failovers: row.failovers,
    tokens: { prompt: row.prompt, completion: row.completion },
    costUsd: row.cost,
    savedUsd: row.saved,
    latencyMs: percentiles(row.latency, row.latencySum, row.requests),
    firstTokenMs: percentiles(row.firstToken, row.firstTokenSum, row.firstTokens),
  }
}

function percentiles(counts: HistogramCounts, sum: number, count: number): Percentiles {
  return {
    avg: count === 0 ? null : round(sum / count),
    p50: percentile(counts, 0.5),
    p95: percentile(counts, 0.95),
    p99: percentile(counts, 0.99),
  }
}
