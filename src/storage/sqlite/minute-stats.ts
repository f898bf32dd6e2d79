import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { chmodSync } from 'node:fs'
import type { StoredExchange } from '../../contract/exchange-row.ts'
import { addDuration, type HistogramCounts } from './histogram.ts'
import { mergeMinute } from './merge-minute.ts'
import { type Tally, tallies } from './tally.ts'

/** What one minute of one tier and endpoint came to. */
export interface MinuteRow {
  readonly minute: number
  readonly tier: string
  readonly endpoint: string
  requests: number
  errors: number
  failovers: number
  prompt: number
  completion: number
  cost: number
  saved: number
  latencySum: number
  firstTokenSum: number
  firstTokens: number
  readonly latency: HistogramCounts
  readonly firstToken: HistogramCounts
}

/** Rows of minutes that are over are not needed in memory any more. */
const CACHED_MAX = 500
const KEPT_MINUTES = 48 * 60
const HOURS_AT_ONCE = 72

/** Sums made while rows are written: statistics never scan the log and survive its retention. */
export class MinuteStats {
  readonly #database: DatabaseSync
  readonly #save: StatementSync
  readonly #load: StatementSync
  readonly #count: StatementSync
  readonly #cache = new Map<string, MinuteRow>()
  readonly #tallies = new Map<string, Tally>()
  readonly #touched = new Set<MinuteRow>()

  constructor(path: string) {
    this.#database = new DatabaseSync(path)
    chmodSync(path, 0o600)
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      PRAGMA busy_timeout = 5000;
      CREATE TABLE IF NOT EXISTS minute (
        minute INTEGER NOT NULL, tier TEXT NOT NULL, endpoint TEXT NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (minute, tier, endpoint)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS tally (
        minute INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
        requests INTEGER NOT NULL, failed INTEGER NOT NULL, cost REAL NOT NULL,
        PRIMARY KEY (minute, kind, name)
      ) WITHOUT ROWID;
      PRAGMA user_version = 2;`)
    this.#save = this.#database.prepare('INSERT OR REPLACE INTO minute VALUES (?, ?, ?, ?)')
    this.#count = this.#database.prepare(`INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET requests = requests + excluded.requests,
        failed = failed + excluded.failed, cost = cost + excluded.cost`)
    this.#load = this.#database.prepare(
      'SELECT data FROM minute WHERE minute = ? AND tier = ? AND endpoint = ?',
    )
  }

  add(exchange: StoredExchange): void {
    const minute = Math.floor(exchange.at / 60_000)
    const row = this.#row(minute, exchange.route.tier ?? '', exchange.served ?? '')
    const { timings, usage } = exchange
    row.requests++
    if (isFailed(exchange)) row.errors++
    if (exchange.served !== null && exchange.attempts.length > 1) row.failovers++
    row.prompt += usage?.promptTokens ?? 0
    row.completion += usage?.completionTokens ?? 0
    row.cost += exchange.costUsd ?? 0
    row.saved += exchange.savedUsd ?? 0
    row.latencySum += timings.totalMs
    addDuration(row.latency, timings.totalMs)
    if (timings.firstTokenMs !== null) {
      row.firstTokenSum += timings.firstTokenMs
      row.firstTokens++
      addDuration(row.firstToken, timings.firstTokenMs)
    }
    this.#touched.add(row)
    this.#addJudge(exchange, minute)
    for (const tally of tallies(exchange, minute)) {
      const name = `${tally.minute}|${tally.kind}|${tally.name}`
      const known = this.#tallies.get(name)
      if (known === undefined) this.#tallies.set(name, tally)
      else {
        known.requests += tally.requests
        known.failed += tally.failed
        known.cost += tally.cost
      }
    }
  }

  /** What the judge used stands under its own model, in the tier that it was asked about. */
  #addJudge({ route: { tier, classifier }, judgeUsd }: StoredExchange, minute: number): void {
    const usage = classifier?.usage ?? null
    if (classifier === null || usage === null) return
    const row = this.#row(minute, tier ?? '', classifier.model)
    row.prompt += usage.promptTokens
    row.completion += usage.completionTokens
    row.cost += judgeUsd ?? 0
    this.#touched.add(row)
  }

  commit(): void {
    if (this.#touched.size === 0) return
    this.#database.exec('BEGIN')
    try {
      for (const { minute, kind, name, requests, failed, cost } of this.#tallies.values()) {
        this.#count.run(minute, kind, name, requests, failed, cost)
      }
      for (const row of this.#touched) {
        this.#save.run(row.minute, row.tier, row.endpoint, JSON.stringify(row))
      }
      this.#database.exec('COMMIT')
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
    this.#touched.clear()
    this.#tallies.clear()
    if (this.#cache.size > CACHED_MAX) this.#cache.clear()
  }

  /** Minutes older than two days become hours: a year stays quick to add up. */
  thin(now: number): void {
    const cutoff = Math.floor(now / 60_000) - KEPT_MINUTES
    const hours = this.#database
      .prepare(
        'SELECT DISTINCT minute / 60 AS hour FROM minute WHERE minute < ? AND minute % 60 > 0 LIMIT ?',
      )
      .all(cutoff - (cutoff % 60), HOURS_AT_ONCE)
    for (const { hour } of hours) this.#mergeHour(Number(hour) * 60)
  }

  #mergeHour(first: number): void {
    const rows = new Map<string, MinuteRow>()
    const found = this.#database
      .prepare('SELECT data FROM minute WHERE minute BETWEEN ? AND ?')
      .all(first, first + 59)
    for (const { data } of found) {
      const row = JSON.parse(String(data)) as MinuteRow
      const key = `${row.tier}|${row.endpoint}`
      const into = rows.get(key) ?? {
        ...emptyMinute(),
        minute: first,
        tier: row.tier,
        endpoint: row.endpoint,
      }
      mergeMinute(into, row)
      rows.set(key, into)
    }
    this.#database.exec('BEGIN')
    try {
      this.#database
        .prepare('DELETE FROM minute WHERE minute BETWEEN ? AND ?')
        .run(first, first + 59)
      for (const row of rows.values())
        this.#save.run(first, row.tier, row.endpoint, JSON.stringify(row))
      this.#database
        .prepare(
          `INSERT OR REPLACE INTO tally SELECT ?, kind, name, sum(requests), sum(failed), sum(cost)
           FROM tally WHERE minute BETWEEN ? AND ? GROUP BY kind, name`,
        )
        .run(first, first, first + 59)
      this.#database
        .prepare('DELETE FROM tally WHERE minute BETWEEN ? AND ?')
        .run(first + 1, first + 59)
      this.#database.exec('COMMIT')
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
    this.#cache.clear()
  }

  close(): void {
    this.#database.close()
  }

  #row(minute: number, tier: string, endpoint: string): MinuteRow {
    const key = `${minute}|${tier}|${endpoint}`
    const cached = this.#cache.get(key)
    if (cached !== undefined) return cached
    const stored = this.#load.get(minute, tier, endpoint)
    const row =
      typeof stored?.['data'] === 'string'
        ? (JSON.parse(stored['data']) as MinuteRow)
        : { ...emptyMinute(), minute, tier, endpoint }
    this.#cache.set(key, row)
    return row
  }
}

export function emptyMinute(): MinuteRow {
  return {
    minute: 0,
    tier: '',
    endpoint: '',
    requests: 0,
    errors: 0,
    failovers: 0,
    prompt: 0,
    completion: 0,
    cost: 0,
    saved: 0,
    latencySum: 0,
    firstTokenSum: 0,
    firstTokens: 0,
    latency: {},
    firstToken: {},
  }
}

/** A client that left is nobody's failure; a stream that broke is one although its status is 200. */
export function isFailed({ status, errorCode }: StoredExchange): boolean {
  return status !== 499 && (status >= 400 || errorCode !== null)
}
