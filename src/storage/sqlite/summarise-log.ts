import { join } from 'node:path'
import type { Counted, LogFilter, LogSummary } from '../log-store.ts'
import { conditionOf } from './look.ts'
import { daysOf, read } from './read-log.ts'

/** More rows than this are not counted: the newest say enough, and the answer stays quick. */
const COUNTED_MAX = 200_000
const VALUES_SHOWN = 50
const GROUPS = ['tier', 'served', 'key', 'status', 'error', 'reason'] as const

interface Time {
  readonly at: number
  readonly kind: 'ok' | 'failover' | 'failed'
  readonly count: number
}

/** Counts what a filter finds. A text is not looked for: its rows are few and stand in the list. */
export function summariseLog(dataDir: string, filter: LogFilter, points: number): LogSummary {
  const folder = join(dataDir, 'logs')
  const { sql, values } = conditionOf(filter)
  const counts = new Map<string, Map<string, number>>(GROUPS.map((name) => [name, new Map()]))
  const times: Time[] = []
  let left = COUNTED_MAX
  let capped = false
  for (const segment of daysOf(folder, filter)) {
    if (left <= 0) {
      capped = true
      break
    }
    const looked = read(folder, segment, (database) => {
      const newest = Number(
        database.prepare('SELECT max(seq) AS seq FROM exchange').get()?.['seq'] ?? 0,
      )
      const floor = Math.max(0, newest - left)
      const from = `FROM exchange INDEXED BY look WHERE seq > ? AND ${sql}`
      const groups = database
        .prepare(
          `SELECT ${GROUPS.join(', ')}, count(*) AS count ${from} GROUP BY ${GROUPS.join(', ')}`,
        )
        .all(floor, ...values)
      const minutes = database
        .prepare(
          `SELECT at / 60000 AS minute, failed, attempts > 1 AS more, count(*) AS count ${from} GROUP BY 1, 2, 3`,
        )
        .all(floor, ...values)
      return [{ groups, minutes, looked: newest - floor, cut: floor > 0 }]
    })[0]
    if (looked === undefined) continue
    left -= looked.looked
    capped ||= looked.cut
    for (const row of looked.groups) {
      for (const name of GROUPS) add(counts.get(name), row[name], Number(row['count']))
    }
    times.push(...looked.minutes.map(timeOf))
  }
  const facet = (name: (typeof GROUPS)[number]): readonly Counted[] => sorted(counts.get(name))
  return {
    total: times.reduce((sum, { count }) => sum + count, 0),
    capped,
    histogram: histogramOf(times, points),
    facets: {
      tier: facet('tier'),
      model: facet('served'),
      provider: providersOf(facet('served')),
      key: facet('key'),
      status: facet('status'),
      error: facet('error'),
      reason: facet('reason'),
    },
  }
}

function add(into: Map<string, number> | undefined, value: unknown, count: number): void {
  if (value === null || value === undefined) return
  const name = typeof value === 'string' ? value : JSON.stringify(value)
  into?.set(name, (into.get(name) ?? 0) + count)
}

function sorted(counts: ReadonlyMap<string, number> | undefined): readonly Counted[] {
  return [...(counts ?? [])]
    .map(([value, count]) => ({ value, count }))
    .sort((left, right) => right.count - left.count)
    .slice(0, VALUES_SHOWN)
}

function providersOf(models: readonly Counted[]): readonly Counted[] {
  const counts = new Map<string, number>()
  for (const { value, count } of models) add(counts, value.split('/')[0], count)
  return sorted(counts)
}

function timeOf(row: Record<string, unknown>): Time {
  const kind = row['failed'] === 1 ? 'failed' : row['more'] === 1 ? 'failover' : 'ok'
  return { at: Number(row['minute']) * 60_000, kind, count: Number(row['count']) }
}

/** Columns of the same width, of whole minutes; a column without requests is there too. */
function histogramOf(times: readonly Time[], points: number): LogSummary['histogram'] {
  if (times.length === 0) return []
  const span = times.reduce(
    ({ first, last }, { at }) => ({ first: Math.min(first, at), last: Math.max(last, at) }),
    { first: Infinity, last: -Infinity },
  )
  const minutes = Math.max(1, Math.ceil((span.last - span.first) / 60_000 + 1))
  const width = Math.max(1, Math.ceil(minutes / points)) * 60_000
  const columns = Array.from({ length: Math.ceil((minutes * 60_000) / width) }, (_, index) => ({
    at: span.first + index * width,
    ok: 0,
    failover: 0,
    failed: 0,
  }))
  for (const { at, kind, count } of times) {
    const column = columns[Math.floor((at - span.first) / width)]
    if (column !== undefined) column[kind] += count
  }
  return columns
}
