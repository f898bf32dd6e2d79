import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { renameSync, rmSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { decodeRow, type ExchangeBatch, type StoredExchange } from '../../contract/exchange-row.ts'
import type { LogSettings } from '../log-store.ts'
import { isFailed, MinuteStats } from './minute-stats.ts'
import { BODY_FILE_BYTES_MIN, BodyFile, bodyFileName, type BodyPlace } from './body-file.ts'
import { Scrubber } from './scrub.ts'
import { DiskSpace } from './disk-space.ts'
import { listSegments, openSegment, segmentName } from './segment.ts'

interface OpenSegment {
  readonly name: string
  readonly database: DatabaseSync
  readonly insertRow: StatementSync
  readonly insertBody: StatementSync
  readonly bodies: BodyFile
}

const RETRY_MS_MIN = 500
const RETRY_MS_MAX = 15_000
const DAY_MS = 86_400_000

/** What became of a batch. */
export interface WriteResult {
  readonly stored: number
  /** Bodies left out because the disk is nearly full. */
  readonly bodiesDropped: number
  readonly fault: string | null
}

/**
 * Writes batches into the segment of the day. A fault of the disk closes the store for a while,
 * longer each time; the same batch may be given again then. Nothing here ever throws.
 */
export class LogWriter {
  readonly #folder: string
  readonly #statsPath: string
  readonly #now: () => number
  #settings: LogSettings
  #scrubber: Scrubber
  #segment: OpenSegment | null = null
  #stats: MinuteStats | null = null
  readonly #space: DiskSpace
  #retryAt = 0
  #retryMs = RETRY_MS_MIN
  #fault: string | null = null

  constructor(dataDir: string, settings: LogSettings, now: () => number) {
    this.#folder = join(dataDir, 'logs')
    this.#statsPath = join(dataDir, 'stats.db')
    this.#settings = settings
    this.#scrubber = new Scrubber(settings)
    this.#now = now
    this.#space = new DiskSpace(this.#folder, now)
  }

  /** When the next try is worth it, in milliseconds from now. */
  get retryMs(): number {
    return Math.max(0, this.#retryAt - this.#now())
  }

  configure(settings: LogSettings): void {
    this.#settings = settings
    this.#scrubber = new Scrubber(settings)
    this.prune()
  }

  write(batch: ExchangeBatch): WriteResult {
    const now = this.#now()
    if (now < this.#retryAt) return { stored: 0, bodiesDropped: 0, fault: this.#fault }
    try {
      const segment = this.#open(segmentName(now))
      const space = this.#space.read()
      if (space === 'critical') this.#dropOldest()
      const bodiesDropped = this.#insert(segment, batch, space === 'enough')
      this.#retryMs = RETRY_MS_MIN
      this.#fault = null
      return { stored: batch.rows.length, bodiesDropped, fault: null }
    } catch (error) {
      this.#fault = error instanceof Error ? error.message : String(error)
      this.#setAside(error)
      this.#retryAt = now + this.#retryMs
      this.#retryMs = Math.min(RETRY_MS_MAX, Math.max(RETRY_MS_MIN, this.#retryMs * 2))
      return { stored: 0, bodiesDropped: 0, fault: this.#fault }
    }
  }

  /** Deletes segments that are older than the retention allows. */
  prune(): void {
    this.pruneBefore(segmentName(this.#now() - (this.#settings.retentionDays - 1) * DAY_MS))
    try {
      this.#stats?.thin(this.#now())
    } catch {
      this.#closeStats()
    }
  }

  /** Deletes the days before this one, `YYYY-MM-DD`. */
  pruneBefore(day: string): void {
    for (const name of listSegments(this.#folder)) {
      if (name.slice(0, 10) < day.slice(0, 10)) this.#remove(name)
    }
  }

  /** Room for today's rows is worth more than the oldest day. */
  #dropOldest(): void {
    const [oldest] = listSegments(this.#folder)
    if (oldest !== undefined && oldest !== this.#segment?.name) this.#remove(oldest)
  }

  #remove(name: string): void {
    if (this.#segment?.name === name) this.#closeSegment()
    const names = [name, `${name}-wal`, `${name}-shm`, bodyFileName(name)]
    for (const file of names) rmSync(join(this.#folder, file), { force: true })
  }

  close(): void {
    this.#closeSegment()
    this.#closeStats()
  }

  #open(name: string): OpenSegment {
    const current = this.#segment
    if (current?.name === name && existsSync(join(this.#folder, name))) return current
    this.#closeSegment()
    const database = openSegment(this.#folder, name)
    this.#segment = {
      name,
      database,
      insertRow: database.prepare(
        'INSERT OR IGNORE INTO exchange (id, at, tier, asked, served, status, failed, detail, key, error, reason, attempts, total_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      insertBody: database.prepare('INSERT INTO body VALUES (?, ?, ?, ?, ?, ?, ?)'),
      bodies: new BodyFile(join(this.#folder, bodyFileName(name))),
    }
    return this.#segment
  }

  /** Returns how many bodies were left out. */
  #insert(segment: OpenSegment, batch: ExchangeBatch, keepBodies: boolean): number {
    const { database } = segment
    const stored: StoredExchange[] = []
    let dropped = 0
    database.exec('BEGIN IMMEDIATE')
    try {
      let at = 0
      for (const row of batch.rows) {
        const { exchange, requestLength, responseLength } = decodeRow(row)
        const request = slice(batch.bodies, at, requestLength)
        at += Math.max(0, requestLength)
        const response = slice(batch.bodies, at, responseLength)
        at += Math.max(0, responseLength)
        if (!keepBodies && (request !== null || response !== null)) dropped++
        this.#insertRow(segment, exchange, keepBodies ? [request, response] : [null, null])
        stored.push(exchange)
      }
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
    this.#sum(stored)
    return dropped
  }

  /** The rows are stored by now: a fault of the sums must not count them as lost. */
  #sum(stored: readonly StoredExchange[]): void {
    try {
      if (this.#stats !== null && !existsSync(this.#statsPath)) this.#closeStats()
      this.#stats ??= new MinuteStats(this.#statsPath)
      for (const exchange of stored) this.#stats.add(exchange)
      this.#stats.commit()
    } catch {
      this.#closeStats()
    }
  }

  #insertRow(
    { insertRow, insertBody, bodies }: OpenSegment,
    exchange: StoredExchange,
    [request, response]: readonly [Uint8Array | null, Uint8Array | null],
  ): void {
    const { id, at, route, asked, served, status } = exchange
    const { lastInsertRowid } = insertRow.run(
      id,
      at,
      route.tier,
      asked,
      served,
      status,
      isFailed(exchange) ? 1 : 0,
      this.#scrubber.row(exchange),
      exchange.keyName,
      exchange.errorCode,
      headOf(route.reason),
      exchange.attempts.length,
      Math.round(exchange.timings.totalMs),
    )
    if (this.#settings.bodies === 'none' || (request === null && response === null)) return
    const [requestBlob, requestPlace] = place(bodies, this.#clean(request))
    const [responseBlob, responsePlace] = place(
      bodies,
      this.#clean(response, exchange.responseKind === 'sse'),
    )
    insertBody.run(
      lastInsertRowid,
      requestBlob,
      responseBlob,
      requestPlace?.at ?? null,
      requestPlace?.length ?? null,
      responsePlace?.at ?? null,
      responsePlace?.length ?? null,
    )
  }

  #clean(bytes: Uint8Array | null, isStream = false): Uint8Array | null {
    return bytes === null ? null : this.#scrubber.bytes(bytes, isStream)
  }

  /** A damaged file is kept for a post-mortem; a new one takes its place. */
  #setAside(error: unknown): void {
    const name = this.#segment?.name ?? segmentName(this.#now())
    this.#closeSegment()
    if (/full|ENOSPC/i.test(String(error))) {
      this.#space.release()
      this.#dropOldest()
    }
    if (!/malformed|not a database|corrupt/i.test(String(error))) return
    const path = join(this.#folder, name)
    try {
      renameSync(path, `${path}.corrupt-${this.#now()}`)
      for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
      this.#retryMs = 0
    } catch {
      // It may have been the other file, or be gone: the next try finds out.
    }
  }

  #closeStats(): void {
    try {
      this.#stats?.close()
    } catch {
      // A connection that failed may fail to close; the file is opened anew anyway.
    }
    this.#stats = null
  }

  #closeSegment(): void {
    try {
      this.#segment?.bodies.close()
      this.#segment?.database.close()
    } catch {
      // A connection that failed may fail to close; the file is opened anew anyway.
    }
    this.#segment = null
  }
}

/** `rule` of `rule; keyword=hi`. */
function headOf(reason: string | null): string | null {
  const end = reason?.indexOf(';') ?? -1
  return reason === null || end === -1 ? reason : reason.slice(0, end)
}

/** Short bodies go into the row, long ones into the file beside it. */
function place(
  bodies: BodyFile,
  bytes: Uint8Array | null,
): [blob: Uint8Array | null, place: BodyPlace | null] {
  if (bytes === null || bytes.byteLength < BODY_FILE_BYTES_MIN) return [bytes, null]
  return [null, bodies.append(bytes)]
}

function slice(buffer: ArrayBuffer, at: number, length: number): Uint8Array | null {
  return length < 0 ? null : new Uint8Array(buffer, at, length)
}
