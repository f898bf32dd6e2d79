import { join } from 'node:path'
import type { LogOverview, RuleHit, StatsQuery } from '../log-store.ts'
import { bucketMs } from './histogram.ts'
import { gridOf, readMinutes } from './read-stats.ts'
import { readStatsFile } from './read-stats-file.ts'
import type { Tally } from './tally.ts'

/** Rows of the heat map, from 20 ms upwards, each half as long again as the one below. */
const BOUNDS_MS = Array.from({ length: 24 }, (_, row) => Math.round(20 * 1.5 ** row))
const ERRORS_SHOWN = 12

/** What the first page shows beside the sums: flow, heat map, health over time, errors. */
export function readOverview(dataDir: string, query: StatsQuery): LogOverview {
  const path = join(dataDir, 'stats.db')
  const minutes = readMinutes(
    path,
    Math.floor(query.fromMs / 60_000),
    Math.floor(query.toMs / 60_000),
  )
  const { first, width } = gridOf(query, minutes[0]?.minute ?? 0)
  const slotOf = (minute: number): number => first + Math.floor((minute - first) / width) * width
  const last = Math.floor(query.toMs / 60_000)
  const starts: number[] = []
  for (let minute = first; minute <= last && minutes.length > 0; minute += width)
    starts.push(minute)
  const heat = new Map(starts.map((minute) => [minute, BOUNDS_MS.map(() => 0)]))
  for (const { minute, latency } of minutes) {
    const counts = heat.get(slotOf(minute))
    for (const [bucket, count] of Object.entries(latency)) {
      const ms = bucketMs(Number(bucket))
      const found = BOUNDS_MS.findIndex((bound) => ms <= bound)
      const row = found === -1 ? BOUNDS_MS.length - 1 : found
      if (counts !== undefined) counts[row] = (counts[row] ?? 0) + count
    }
  }
  const tallies = readTallies(path, query)
  return {
    stepMs: width * 60_000,
    heatmap: {
      boundsMs: BOUNDS_MS,
      columns: [...heat].map(([minute, counts]) => ({ at: minute * 60_000, counts })),
    },
    flow: flowOf(tallies),
    ribbons: ribbonsOf(tallies, starts, slotOf),
    errors: errorsOf(tallies),
  }
}

/** Requests, failures and cost per key and hour. */
export function readKeyUsage(
  dataDir: string,
  query: StatsQuery,
): readonly { key: string; hourMs: number; requests: number; costUsd: number }[] {
  return readTallies(join(dataDir, 'stats.db'), query)
    .filter(({ kind }) => kind === 'flow')
    .map(({ name, minute, requests, cost }) => ({
      key: partsOf(name)[0],
      hourMs: Math.floor(minute / 60) * 3_600_000,
      requests,
      costUsd: cost,
    }))
}

export function readRuleHits(dataDir: string, query: StatsQuery): readonly RuleHit[] {
  const hits = new Map<string, { hits: number; lastAt: number }>()
  for (const { kind, name, minute, requests } of readTallies(join(dataDir, 'stats.db'), query)) {
    if (kind !== 'rule') continue
    const known = hits.get(name) ?? { hits: 0, lastAt: 0 }
    known.hits += requests
    known.lastAt = Math.max(known.lastAt, minute * 60_000)
    hits.set(name, known)
  }
  return [...hits].map(([match, { hits: count, lastAt }]) => ({ match, hits: count, lastAt }))
}

function readTallies(path: string, { fromMs, toMs }: StatsQuery): readonly Tally[] {
  return readStatsFile(path, [], (database) => {
    const rows = database
      .prepare('SELECT * FROM tally WHERE minute BETWEEN ? AND ?')
      .all(Math.floor(fromMs / 60_000), Math.floor(toMs / 60_000))
    return rows as unknown as readonly Tally[]
  })
}

function flowOf(tallies: readonly Tally[]): LogOverview['flow'] {
  const flow = new Map<string, { requests: number; failed: number; costUsd: number }>()
  for (const { kind, name, requests, failed, cost } of tallies) {
    if (kind !== 'flow') continue
    const known = flow.get(name) ?? { requests: 0, failed: 0, costUsd: 0 }
    known.requests += requests
    known.failed += failed
    known.costUsd += cost
    flow.set(name, known)
  }
  return [...flow]
    .map(([name, sums]) => {
      const [key, tier, model] = partsOf(name)
      return { key, tier, model, ...sums }
    })
    .sort((left, right) => right.requests - left.requests)
}

function ribbonsOf(
  tallies: readonly Tally[],
  starts: readonly number[],
  slotOf: (minute: number) => number,
): LogOverview['ribbons'] {
  const ribbons = new Map<string, Map<number, { attempts: number; failed: number }>>()
  for (const { kind, name, minute, requests, failed } of tallies) {
    if (kind !== 'attempt') continue
    const cells = ribbons.get(name) ?? new Map(starts.map((at) => [at, { attempts: 0, failed: 0 }]))
    ribbons.set(name, cells)
    const cell = cells.get(slotOf(minute))
    if (cell === undefined) continue
    cell.attempts += requests
    cell.failed += failed
  }
  return [...ribbons].map(([endpoint, cells]) => ({
    endpoint,
    cells: [...cells].map(([minute, cell]) => ({ at: minute * 60_000, ...cell })),
  }))
}

function errorsOf(tallies: readonly Tally[]): LogOverview['errors'] {
  const counts = new Map<string, number>()
  for (const { kind, name, requests } of tallies) {
    if (kind === 'error') counts.set(name, (counts.get(name) ?? 0) + requests)
  }
  return [...counts]
    .map(([code, count]) => ({ code, count }))
    .sort((left, right) => right.count - left.count)
    .slice(0, ERRORS_SHOWN)
}

/** Written by `tallies` as a list of three texts. */
function partsOf(name: string): [key: string, tier: string, model: string] {
  return JSON.parse(name) as [string, string, string]
}
