import type { LogFilter } from '@contract/api/logs.ts'
import type { LogRow } from '@contract/api/shapes.ts'

/** Whether a row that has just arrived belongs to what the list shows, as the log would say. */
export function matches(row: LogRow, filter: Partial<LogFilter>): boolean {
  const { tier, model, provider, key, status, error, reason, failover, min_ms, q, from } = filter
  return (
    (tier === undefined || row.tier === tier) &&
    (model === undefined ||
      row.asked === model ||
      row.model === model ||
      (row.model?.endsWith(`/${model}`) ?? false)) &&
    (provider === undefined || (row.model?.startsWith(`${provider}/`) ?? false)) &&
    (key === undefined || row.key === key) &&
    (status === undefined || hasStatus(row, status)) &&
    (error === undefined || row.error?.code === error) &&
    (reason === undefined || (row.reason ?? '').split(';')[0] === reason) &&
    (failover === undefined || row.attempts.length > 1 === (failover === 'true')) &&
    (min_ms === undefined || row.total_ms >= Number(min_ms)) &&
    (from === undefined || row.at >= Number(from)) &&
    // What was said is only in the log: a text filter waits for it.
    q === undefined
  )
}

function hasStatus(row: LogRow, status: string): boolean {
  if (status === 'ok') return row.error === null && row.status < 400
  if (status === 'error') return row.error !== null || row.status >= 400
  if (status.endsWith('xx')) return Math.floor(row.status / 100) === Number(status[0])
  return row.status === Number(status)
}
