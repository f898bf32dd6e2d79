import { DatabaseSync } from 'node:sqlite'
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** One file per UTC day: retention is the deletion of a file, never of rows. */
const SEGMENT_NAME = /^\d{4}-\d{2}-\d{2}\.db$/
const VERSION = 1

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS exchange (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    tier TEXT,
    asked TEXT,
    served TEXT,
    status INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    detail TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS body (
    seq INTEGER PRIMARY KEY,
    request BLOB,
    response BLOB,
    request_at INTEGER,
    request_length INTEGER,
    response_at INTEGER,
    response_length INTEGER
  );
  PRAGMA user_version = ${VERSION};
`

export function segmentName(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 10)}.db`
}

/** Names of the segments, oldest first. */
export function listSegments(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => SEGMENT_NAME.test(name))
      .sort()
  } catch {
    return []
  }
}

/** Opens a segment for writing; makes it where it is missing. Throws what SQLite throws. */
export function openSegment(folder: string, name: string): DatabaseSync {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  const database = new DatabaseSync(path)
  try {
    chmodSync(path, 0o600)
    // Large pages: a long prompt costs half the work of 4 KiB ones.
    database.exec(`PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      PRAGMA busy_timeout = 5000; PRAGMA journal_size_limit = 67108864; PRAGMA trusted_schema = OFF;`)
    database.exec(SCHEMA)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

export function openSegmentForReading(folder: string, name: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, name), { readOnly: true })
  database.exec('PRAGMA busy_timeout = 2000; PRAGMA trusted_schema = OFF;')
  return database
}
