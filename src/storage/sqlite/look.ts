import type { LogFilter } from '../log-store.ts'

export type Value = string | number

/** A condition in SQL over the columns of `look`, with its values in order. */
export interface Condition {
  readonly sql: string
  readonly values: readonly Value[]
}

/** What a filter means for one row; its text (`q`) is looked up elsewhere. */
export function conditionOf(filter: LogFilter): Condition {
  const parts: Condition[] = [
    ...equal('tier', filter.tier),
    ...equal('key', filter.key),
    ...equal('error', filter.error),
    ...equal('reason', filter.reason),
    ...modelCondition(filter.model),
    ...providerCondition(filter.provider),
    ...statusCondition(filter.status),
  ]
  if (filter.failover !== null)
    parts.push({ sql: `attempts ${filter.failover ? '>' : '<='} 1`, values: [] })
  if (filter.minMs !== null) parts.push({ sql: 'total_ms >= ?', values: [filter.minMs] })
  if (filter.fromMs !== null) parts.push({ sql: 'at >= ?', values: [filter.fromMs] })
  if (filter.toMs !== null) parts.push({ sql: 'at <= ?', values: [filter.toMs] })
  return {
    sql: parts.length === 0 ? '1' : parts.map(({ sql }) => sql).join(' AND '),
    values: parts.flatMap(({ values }) => values),
  }
}

function equal(column: string, value: string | null): Condition[] {
  return value === null ? [] : [{ sql: `${column} = ?`, values: [value] }]
}

function modelCondition(model: string | null): Condition[] {
  if (model === null) return []
  return [
    { sql: "(asked = ? OR served = ? OR served LIKE '%/' || ?)", values: [model, model, model] },
  ]
}

/** `openai/…` lies between `openai/` and the next character after the slash. */
function providerCondition(provider: string | null): Condition[] {
  if (provider === null) return []
  return [{ sql: 'served >= ? AND served < ?', values: [`${provider}/`, `${provider}0`] }]
}

function statusCondition(status: string | null): Condition[] {
  if (status === null) return []
  if (status === 'error') return [{ sql: 'failed = 1', values: [] }]
  if (status === 'ok') return [{ sql: 'failed = 0', values: [] }]
  const family = /^([1-5])xx$/.exec(status)
  if (family !== null) return [{ sql: 'status / 100 = ?', values: [Number(family[1])] }]
  return [{ sql: 'status = ?', values: [Number(status)] }]
}
