import type { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import type { StoredExchange } from '../../contract/exchange-row.ts'
import type { ListedExchange, LogFilter, LogPage, LogQuery, StoredBodies } from '../log-store.ts'
import { bodiesOfRow } from './bodies-of-row.ts'
import { bodyFileName } from './body-file.ts'
import { previewOf } from './body-text.ts'
import { conditionOf, type Value } from './look.ts'
import { searchExpression } from './search-words.ts'
import { listSegments, openSegmentForReading } from './segment.ts'

interface Cursor {
  readonly segment: string
  readonly seq: number
}

interface Found {
  readonly seq: number
  readonly segment: string
}

/**
 * Rows that one page looks at before it answers with what it has: a filter that finds nothing
 * must not keep a million rows in its hands. The cursor goes on from there.
 */
const LOOKED_AT_MAX = 400_000
/** Rows without an index that a search reads. */
const READ_MAX = 20_000

/** Pages through the segments, newest row first. */
export function listLog(dataDir: string, query: LogQuery): LogPage {
  const folder = join(dataDir, 'logs')
  const cursor = readCursor(query.cursor)
  const items: { readonly row: ListedExchange; readonly cursor: Cursor }[] = []
  let budget = LOOKED_AT_MAX
  for (const segment of daysOf(folder, query, cursor)) {
    const before = cursor?.segment === segment ? cursor.seq : Number.MAX_SAFE_INTEGER
    const wanted = query.limit + 1 - items.length
    if (wanted <= 0) break
    const looked = read(folder, segment, (database) => {
      const { found, stoppedAt } = look(database, segment, query, { before, wanted, budget })
      const rows = found.map(({ seq }) => ({
        row: rowOf(database, seq, join(folder, bodyFileName(segment))),
        cursor: { segment, seq },
      }))
      return [{ rows, stoppedAt }]
    })[0]
    items.push(...(looked?.rows ?? []))
    if (looked !== undefined && looked.stoppedAt !== null && items.length <= query.limit) {
      return pageOf(items, { segment, seq: looked.stoppedAt })
    }
    budget -= READ_MAX
  }
  const last = items[query.limit - 1]
  const next = items.length > query.limit && last !== undefined ? last.cursor : null
  return pageOf(items.slice(0, query.limit), next)
}

/** Every row that a filter finds, newest first, without its bodies: for exports. */
export function* eachExchange(
  dataDir: string,
  filter: LogFilter,
  limit: number,
): Generator<ListedExchange> {
  let left = limit
  let cursor: string | null = null
  while (left > 0) {
    const page: LogPage = listLog(dataDir, { ...filter, limit: Math.min(500, left), cursor })
    yield* page.items
    left -= page.items.length
    cursor = page.nextCursor
    if (cursor === null) return
  }
}

export function getLog(
  dataDir: string,
  id: string,
): { exchange: StoredExchange; bodies: StoredBodies } | null {
  const folder = join(dataDir, 'logs')
  for (const segment of listSegments(folder).reverse()) {
    const [found] = read(folder, segment, (database) => {
      const row = database
        .prepare('SELECT * FROM exchange LEFT JOIN body USING (seq) WHERE id = ?')
        .get(id)
      return row === undefined ? [] : [row]
    })
    if (found === undefined) continue
    return {
      exchange: JSON.parse(String(found['detail'])) as StoredExchange,
      bodies: bodiesOfRow(found, join(folder, bodyFileName(segment))),
    }
  }
  return null
}

function pageOf(items: readonly { readonly row: ListedExchange }[], next: Cursor | null): LogPage {
  return {
    items: items.map(({ row }) => row),
    nextCursor: next === null ? null : writeCursor(next),
  }
}

/** Days that can hold what is asked for, newest first. */
export function daysOf(
  folder: string,
  filter: LogFilter,
  cursor: Cursor | null = null,
): readonly string[] {
  return listSegments(folder)
    .filter((name) => mayHold(name, filter, cursor))
    .reverse()
}

/** One unreadable segment must not hide the others. */
export function read<T>(
  folder: string,
  segment: string,
  query: (database: DatabaseSync) => readonly T[],
): readonly T[] {
  let database: DatabaseSync | null = null
  try {
    database = openSegmentForReading(folder, segment)
    return query(database)
  } catch {
    return []
  } finally {
    database?.close()
  }
}

interface Looked {
  readonly found: readonly Found[]
  /** Where it gave up looking; null: it saw everything, or found enough. */
  readonly stoppedAt: number | null
}

function look(
  database: DatabaseSync,
  segment: string,
  query: LogQuery,
  { before, wanted, budget }: { before: number; wanted: number; budget: number },
): Looked {
  const text = query.q?.trim() ?? ''
  if (text !== '') return lookForText(database, segment, { ...query, q: text }, { before, wanted })
  const { sql, values } = conditionOf(query)
  const top = Math.min(before, newestOf(database) + 1)
  const floor = Math.max(0, top - 1 - budget)
  const found = database
    .prepare(
      `SELECT seq FROM exchange INDEXED BY look WHERE seq < ? AND seq > ? AND ${sql} ORDER BY seq DESC LIMIT ?`,
    )
    .all(top, floor, ...values, wanted)
    .map((row) => ({ seq: Number(row['seq']), segment }))
  return { found, stoppedAt: found.length < wanted && floor > 0 ? floor + 1 : null }
}

/**
 * The newest rows are read, because they may not be in the index yet; the others are looked up.
 * Long bodies and the events of a stream do not hold a text in one piece: the index alone knows it.
 */
function lookForText(
  database: DatabaseSync,
  segment: string,
  query: LogQuery & { readonly q: string },
  { before, wanted }: { before: number; wanted: number },
): Looked {
  const { sql, values } = conditionOf(query)
  const contains = textCondition(query.q)
  const expression = searchExpression(query.q)
  const { upto } = database.prepare('SELECT upto FROM indexed').get() as { upto: number }
  const newest = newestOf(database)
  const floor = expression === null ? newest - READ_MAX : Math.max(upto, newest - READ_MAX)
  const found = database
    .prepare(
      `SELECT seq FROM exchange LEFT JOIN body USING (seq)
       WHERE seq < ? AND seq > ? AND ${sql} AND ${contains.sql} ORDER BY seq DESC LIMIT ?`,
    )
    .all(before, floor, ...values, ...contains.values, wanted)
    .map((row) => ({ seq: Number(row['seq']), segment }))
  const missing = wanted - found.length
  if (missing === 0 || expression === null) return { found, stoppedAt: null }
  const indexed = database
    .prepare(
      `SELECT exchange.seq FROM search CROSS JOIN exchange ON exchange.seq = search.rowid
       LEFT JOIN body ON body.seq = exchange.seq
       WHERE search MATCH ? AND search.rowid < ? AND search.rowid <= ? AND ${sql}
         AND (${contains.sql} OR request_at IS NOT NULL OR response_at IS NOT NULL
           OR json_extract(detail, '$.responseKind') = 'sse')
       ORDER BY search.rowid DESC LIMIT ?`,
    )
    .all(expression, before, upto, ...values, ...contains.values, missing)
    .map((row) => ({ seq: Number(row['seq']), segment }))
  return { found: [...found, ...indexed], stoppedAt: null }
}

/** Case folds for ASCII, as SQLite's LIKE does. JSON may spell a character as an escape. */
function textCondition(text: string): { readonly sql: string; readonly values: readonly Value[] } {
  const plain = `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`
  const json = `%${JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\\%_]/g, (character) => `\\${character}`)}%`
  const like = (column: string): string => `CAST(${column} AS TEXT) LIKE ? ESCAPE '\\'`
  const columns = ['request', 'response', 'detail']
  const patterns = plain === json ? [plain] : [plain, json]
  return {
    sql: `(${columns.map((column) => patterns.map(() => like(column)).join(' OR ')).join(' OR ')})`,
    values: columns.flatMap(() => patterns),
  }
}

function newestOf(database: DatabaseSync): number {
  const row = database.prepare('SELECT max(seq) AS newest FROM exchange').get()
  return Number(row?.['newest'] ?? 0)
}

function rowOf(database: DatabaseSync, seq: number, path: string): ListedExchange {
  const row =
    database
      .prepare('SELECT * FROM exchange LEFT JOIN body USING (seq) WHERE exchange.seq = ?')
      .get(seq) ?? {}
  const exchange = JSON.parse(String(row['detail'])) as StoredExchange
  const isShort = row['request_at'] === null
  return { exchange, preview: isShort ? previewOf(bodiesOfRow(row, path).request) : null }
}

/** Whether a day can hold what is asked for; a long request may be stored on the day after. */
function mayHold(name: string, query: LogFilter, cursor: Cursor | null): boolean {
  if (cursor !== null && name > cursor.segment) return false
  const start = Date.parse(name.slice(0, 10))
  return (
    (query.fromMs === null || start + 86_400_000 > query.fromMs) &&
    (query.toMs === null || start - 86_400_000 <= query.toMs)
  )
}

function readCursor(text: string | null): Cursor | null {
  if (text === null) return null
  const match = /^(\d{4}-\d{2}-\d{2}\.db):(\d{1,15})$/.exec(
    Buffer.from(text, 'base64url').toString('utf8'),
  )
  if (match?.[1] === undefined) throw new RangeError('cursor')
  return { segment: match[1], seq: Number(match[2]) }
}

function writeCursor({ segment, seq }: Cursor): string {
  return Buffer.from(`${segment}:${seq}`).toString('base64url')
}
