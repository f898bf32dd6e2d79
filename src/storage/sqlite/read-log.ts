import type { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import type { StoredExchange } from '../../contract/exchange-row.ts'
import type { LogPage, LogQuery, StoredBodies } from '../log-store.ts'
import { bodyFileName, readBody } from './body-file.ts'
import { listSegments, openSegmentForReading } from './segment.ts'

interface Cursor {
  readonly segment: string
  readonly seq: number
}

type Value = string | number

/** Pages through the segments, newest row first. */
export function listLog(dataDir: string, query: LogQuery): LogPage {
  const folder = join(dataDir, 'logs')
  const cursor = readCursor(query.cursor)
  const segments = listSegments(folder).filter((name) => mayHold(name, query, cursor))
  const items: { readonly exchange: StoredExchange; readonly cursor: Cursor }[] = []
  for (const segment of segments.reverse()) {
    const before = cursor?.segment === segment ? cursor.seq : Number.MAX_SAFE_INTEGER
    const wanted = query.limit + 1 - items.length
    if (wanted <= 0) break
    items.push(
      ...read(folder, segment, (database) => page(database, segment, query, { before, wanted })),
    )
  }
  const shown = items.slice(0, query.limit)
  const last = shown.at(-1)
  return {
    items: shown.map(({ exchange }) => exchange),
    nextCursor: items.length > query.limit && last !== undefined ? writeCursor(last.cursor) : null,
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
      bodies: bodiesOf(found, join(folder, bodyFileName(segment))),
    }
  }
  return null
}

/** One unreadable segment must not hide the others. */
function read<T>(
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

function page(
  database: DatabaseSync,
  segment: string,
  query: LogQuery,
  { before, wanted }: { before: number; wanted: number },
): { exchange: StoredExchange; cursor: Cursor }[] {
  const where = ['seq < ?']
  const values: Value[] = [before]
  const add = (condition: string, ...more: Value[]): void => {
    where.push(condition)
    values.push(...more)
  }
  if (query.tier !== null) add('tier = ?', query.tier)
  if (query.model !== null) {
    const { model } = query
    add("(asked = ? OR served = ? OR served LIKE '%/' || ?)", model, model, model)
  }
  if (query.fromMs !== null) add('at >= ?', query.fromMs)
  if (query.toMs !== null) add('at <= ?', query.toMs)
  if (query.status !== null) addStatus(query.status, add)
  if (query.q !== null && query.q !== '') addText(query.q, add)
  const rows = database
    .prepare(
      `SELECT seq, detail FROM exchange LEFT JOIN body USING (seq) WHERE ${where.join(' AND ')} ORDER BY seq DESC LIMIT ?`,
    )
    .all(...values, wanted)
  return rows.map((row) => ({
    exchange: JSON.parse(String(row['detail'])) as StoredExchange,
    cursor: { segment, seq: Number(row['seq']) },
  }))
}

function addStatus(status: string, add: (condition: string, ...values: Value[]) => void): void {
  if (status === 'error') return add('failed = 1')
  if (status === 'ok') return add('failed = 0')
  const family = /^([1-5])xx$/.exec(status)
  if (family !== null) return add('status / 100 = ?', Number(family[1]))
  add('status = ?', Number(status))
}

/** Case folds for ASCII, as SQLite's LIKE does. JSON may spell a character as an escape. */
function addText(text: string, add: (condition: string, ...values: Value[]) => void): void {
  const plain = `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`
  const json = `%${JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\\%_]/g, (character) => `\\${character}`)}%`
  const like = (column: string): string => `CAST(${column} AS TEXT) LIKE ? ESCAPE '\\'`
  const columns = ['request', 'response', 'detail']
  add(
    `(${columns.map((column) => `${like(column)} OR ${like(column)}`).join(' OR ')})`,
    ...columns.flatMap(() => [plain, json]),
  )
}

/** Whether a day can hold what is asked for; a long request may be stored on the day after. */
function mayHold(name: string, query: LogQuery, cursor: Cursor | null): boolean {
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

/** From the row, or from the file of the day. */
function bodiesOf(row: Record<string, unknown>, path: string): StoredBodies {
  const read = (name: 'request' | 'response'): Uint8Array | null => {
    const at = row[`${name}_at`]
    const length = row[`${name}_length`]
    if (typeof at !== 'number' || typeof length !== 'number') return bytesOf(row[name])
    return readBody(path, { at, length })
  }
  return { request: read('request'), response: read('response') }
}

function bytesOf(value: unknown): Uint8Array | null {
  return value instanceof Uint8Array ? value : null
}
