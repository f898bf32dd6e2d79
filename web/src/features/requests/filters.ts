import type { LogFilter } from '@contract/api/logs.ts'
import type { SearchState } from '@/lib/search-state.ts'

/** Filters as they stand in the address. */
const FILTERS = [
  'q',
  'tier',
  'status',
  'model',
  'provider',
  'key',
  'reason',
  'error',
  'failover',
  'min_ms',
  'from',
  'to',
] as const

/** What is asked of the gateway for the filters in the address. */
export function filterOf(search: SearchState): Partial<LogFilter> {
  return Object.fromEntries(
    FILTERS.filter((name) => (search[name] ?? '') !== '').map((name) => [name, search[name]]),
  ) as Partial<LogFilter>
}

export function withoutFilters(): SearchState {
  return Object.fromEntries(FILTERS.map((name) => [name, undefined]))
}
