import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { bodiesOfRow } from './bodies-of-row.ts'
import { bodyFileName } from './body-file.ts'
import { READ_BYTES_MAX, requestText, responseText } from './body-text.ts'
import { indexWords } from './search-words.ts'
import { listSegments, openSegment } from './segment.ts'

/** Rows per transaction: some ten milliseconds. */
const STEP_ROWS = 200

/** Only what has words: the whole detail of a row would cost more to read than its words. */
const ROWS_TO_INDEX = `
  SELECT seq, id, asked, served, key, detail ->> '$.errorMessage' AS error_message,
    detail ->> '$.responseKind' AS response_kind,
    request, request_at, request_length, response, response_at, response_length
  FROM exchange LEFT JOIN body USING (seq) WHERE seq > ? ORDER BY seq LIMIT ?`

/**
 * Writes the full-text index after the rows, when there is time: a burst of requests must not
 * pay for a search that nobody may make. What is not indexed yet is searched by reading it.
 */
export class SearchIndexer {
  readonly #folder: string
  #done = new Set<string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Indexes some rows of the newest day that has any; false where there is nothing to do. */
  step(): boolean {
    const names = listSegments(this.#folder)
    const newest = names.at(-1)
    for (const name of names.toReversed()) {
      if (name !== newest && this.#done.has(name)) continue
      const database = openSegment(this.#folder, name)
      try {
        if (this.#indexSome(database, name)) return true
        if (name !== newest) this.#done.add(name)
      } finally {
        database.close()
      }
    }
    return false
  }

  #indexSome(database: DatabaseSync, name: string): boolean {
    const { upto } = database.prepare('SELECT upto FROM indexed').get() as { upto: number }
    const rows = database.prepare(ROWS_TO_INDEX).all(upto, STEP_ROWS)
    const last = rows.at(-1)
    if (last === undefined) return false
    const path = join(this.#folder, bodyFileName(name))
    database.exec('BEGIN IMMEDIATE')
    try {
      const insert = database.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)')
      for (const row of rows) {
        insert.run(Number(row['seq']), indexWords(wordsOf(row, path)))
      }
      database.prepare('UPDATE indexed SET upto = ?').run(Number(last['seq']))
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
    return true
  }
}

function wordsOf(row: Record<string, unknown>, path: string): string {
  const { request, response } = bodiesOfRow(row, path, READ_BYTES_MAX)
  const kind = row['response_kind'] === 'sse' ? 'sse' : 'json'
  return [
    row['id'],
    row['asked'],
    row['served'],
    row['error_message'],
    row['key'],
    requestText(request),
    responseText(response, kind),
  ].join('\n')
}
