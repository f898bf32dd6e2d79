import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { StoredExchange } from '../../contract/exchange-row.ts'
import { bodiesOfRow } from './bodies-of-row.ts'
import { bodyFileName } from './body-file.ts'
import { requestText, responseText } from './body-text.ts'
import { indexWords } from './search-words.ts'
import { listSegments, openSegment } from './segment.ts'

/** Rows per transaction: some ten milliseconds. */
const STEP_ROWS = 200

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
    const rows = database
      .prepare(
        'SELECT * FROM exchange LEFT JOIN body USING (seq) WHERE seq > ? ORDER BY seq LIMIT ?',
      )
      .all(upto, STEP_ROWS)
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
  const exchange = JSON.parse(String(row['detail'])) as StoredExchange
  const { request, response } = bodiesOfRow(row, path)
  return [
    exchange.id,
    exchange.asked,
    exchange.served,
    exchange.errorMessage,
    exchange.keyName,
    requestText(request),
    responseText(response, exchange.responseKind),
  ].join('\n')
}
