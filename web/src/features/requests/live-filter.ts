import type { LogFilter } from '@contract/api/logs.ts'
import type { LogRow } from '@contract/api/shapes.ts'

type Test = (row: LogRow, wanted: string) => boolean

/** One test for each filter but the text: what was said is only in the log. */
const TESTS: Readonly<Partial<Record<keyof LogFilter, Test>>> = {
  tier: (row, tier) => row.tier === tier,
  model: (row, model) =>
    row.asked === model || row.model === model || (row.model?.endsWith(`/${model}`) ?? false),
  provider: (row, provider) => row.model?.startsWith(`${provider}/`) ?? false,
  key: (row, key) => row.key === key,
  status: hasStatus,
  error: (row, code) => row.error?.code === code,
  reason: (row, reason) => (row.reason ?? '').split(';')[0] === reason,
  failover: (row, wanted) => row.attempts.length > 1 === (wanted === 'true'),
  min_ms: (row, ms) => row.total_ms >= Number(ms),
  from: (row, at) => row.at >= Number(at),
  q: () => false,
}

/** Whether a row that has just arrived belongs to what the list shows, as the log would say. */
export function matches(row: LogRow, filter: Partial<LogFilter>): boolean {
  return Object.entries(filter).every(
    ([name, wanted]) => TESTS[name as keyof LogFilter]?.(row, String(wanted)) ?? true,
  )
}

function hasStatus(row: LogRow, status: string): boolean {
  if (status === 'ok') return row.error === null && row.status < 400
  if (status === 'error') return row.error !== null || row.status >= 400
  if (status.endsWith('xx')) return Math.floor(row.status / 100) === Number(status[0])
  return row.status === Number(status)
}
