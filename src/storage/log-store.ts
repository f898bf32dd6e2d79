import type { StoredExchange } from '../contract/exchange-row.ts'

/** The ports of the audit log. SQLite implements them now; a shared database may later. */

export interface LogSettings {
  readonly bodies: 'full' | 'redacted' | 'none'
  readonly retentionDays: number
  /** Exact values that must never be stored. */
  readonly secrets: readonly string[]
}

export interface LogQuery {
  readonly limit: number
  readonly cursor: string | null
  readonly tier: string | null
  /** Matches what was asked for or what answered. */
  readonly model: string | null
  /** `200`, `4xx`, `5xx`, `ok` or `error`. */
  readonly status: string | null
  /** Substring of the request or the answer. */
  readonly q: string | null
  readonly fromMs: number | null
  readonly toMs: number | null
}

export interface LogPage {
  readonly items: readonly StoredExchange[]
  readonly nextCursor: string | null
}

export interface StoredBodies {
  readonly request: Uint8Array | null
  readonly response: Uint8Array | null
}

export interface StatsQuery {
  /** Epoch milliseconds; 0 means: from the beginning. */
  readonly fromMs: number
  readonly toMs: number
  /** How many points the series may have. */
  readonly points: number
}

export interface Percentiles {
  readonly avg: number | null
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

export interface StatsSlice {
  readonly requests: number
  readonly errors: number
  readonly failovers: number
  readonly tokens: { readonly prompt: number; readonly completion: number }
  readonly costUsd: number
  readonly savedUsd: number
  readonly latencyMs: Percentiles
  readonly firstTokenMs: Percentiles
}

export interface LogStats {
  readonly total: StatsSlice
  readonly byTier: Readonly<Record<string, StatsSlice>>
  readonly byModel: Readonly<Record<string, StatsSlice>>
  readonly series: readonly (StatsSlice & { readonly at: number })[]
}

/** Reads in a thread of its own: neither requests nor writes wait for a question. */
export interface LogReader {
  list(query: LogQuery): Promise<LogPage>
  get(id: string): Promise<{ exchange: StoredExchange; bodies: StoredBodies } | null>
  stats(query: StatsQuery): Promise<LogStats>
}
