import type { StoredExchange } from '../contract/exchange-row.ts'

/** The ports of the audit log. SQLite implements them now; a shared database may later. */

export interface LogSettings {
  readonly bodies: 'full' | 'redacted' | 'none'
  readonly retentionDays: number
  /** Exact values that must never be stored. */
  readonly secrets: readonly string[]
}

/** What a list may be narrowed by; null: by nothing. */
export interface LogFilter {
  readonly tier: string | null
  /** Matches what was asked for or what answered. */
  readonly model: string | null
  readonly provider: string | null
  readonly key: string | null
  /** `200`, `4xx`, `5xx`, `ok` or `error`. */
  readonly status: string | null
  readonly error: string | null
  /** The first word of the reason: rule, local, llm, … */
  readonly reason: string | null
  /** More than one attempt, or one. */
  readonly failover: boolean | null
  readonly minMs: number | null
  /** Text in the request or the answer. */
  readonly q: string | null
  readonly fromMs: number | null
  readonly toMs: number | null
}

export const NO_FILTER: LogFilter = {
  tier: null,
  model: null,
  provider: null,
  key: null,
  status: null,
  error: null,
  reason: null,
  failover: null,
  minMs: null,
  q: null,
  fromMs: null,
  toMs: null,
}

export interface LogQuery extends LogFilter {
  readonly limit: number
  readonly cursor: string | null
}

export interface ListedExchange {
  readonly exchange: StoredExchange
  /** The beginning of the human's last words; null where bodies are not kept. */
  readonly preview: string | null
}

export interface LogPage {
  readonly items: readonly ListedExchange[]
  readonly nextCursor: string | null
}

export interface Counted {
  readonly value: string
  readonly count: number
}

export interface LogSummary {
  readonly total: number
  /** Only the newest rows were counted. */
  readonly capped: boolean
  readonly histogram: readonly {
    readonly at: number
    readonly ok: number
    readonly failover: number
    readonly failed: number
  }[]
  readonly facets: Readonly<
    Record<
      'tier' | 'model' | 'provider' | 'key' | 'status' | 'error' | 'reason',
      readonly Counted[]
    >
  >
}

export interface LogDay {
  readonly day: string
  readonly bytes: number
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

export interface LogOverview {
  /** Width of one point of the series, the heat map and the ribbons. */
  readonly stepMs: number
  readonly heatmap: {
    readonly boundsMs: readonly number[]
    readonly columns: readonly { readonly at: number; readonly counts: readonly number[] }[]
  }
  readonly flow: readonly {
    readonly key: string
    readonly tier: string
    /** Empty where nobody answered. */
    readonly model: string
    readonly requests: number
    readonly failed: number
    readonly costUsd: number
  }[]
  readonly ribbons: readonly {
    readonly endpoint: string
    readonly cells: readonly {
      readonly at: number
      readonly attempts: number
      readonly failed: number
    }[]
  }[]
  readonly errors: readonly { readonly code: string; readonly count: number }[]
}

export interface KeyUsage {
  readonly key: string
  readonly hourMs: number
  readonly requests: number
  readonly costUsd: number
}

export interface RuleHit {
  readonly match: string
  readonly hits: number
  readonly lastAt: number
}

/** Reads in a thread of its own: neither requests nor writes wait for a question. */
export interface LogReader {
  list(query: LogQuery): Promise<LogPage>
  get(id: string): Promise<{ exchange: StoredExchange; bodies: StoredBodies } | null>
  stats(query: StatsQuery): Promise<LogStats>
  summary(filter: LogFilter, points: number): Promise<LogSummary>
  overview(query: StatsQuery): Promise<LogOverview>
  keyUsage(query: StatsQuery): Promise<readonly KeyUsage[]>
  ruleHits(query: StatsQuery): Promise<readonly RuleHit[]>
  /** What every day takes on disk, oldest first. */
  days(): Promise<readonly LogDay[]>
}
