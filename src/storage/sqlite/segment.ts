import { DatabaseSync } from 'node:sqlite'
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** One file per UTC day: retention is the deletion of a file, never of rows. */
const SEGMENT_NAME = /^\d{4}-\d{2}-\d{2}\.db$/
const VERSION = 2

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
    detail TEXT NOT NULL,
    key TEXT,
    error TEXT,
    reason TEXT,
    attempts INTEGER,
    total_ms INTEGER
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
`

/**
 * `look` holds all that a list may be narrowed by, so that a filter never reads the rows
 * themselves. `search` keeps no text, only where words are; `indexed` says how far it has come.
 */
const LOOK = `
  CREATE INDEX IF NOT EXISTS look ON exchange
    (seq, at, tier, asked, served, status, failed, key, error, reason, attempts, total_ms);
  CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(
    words, content='', detail='none', columnsize=0, tokenize="unicode61 remove_diacritics 2");
  CREATE TABLE IF NOT EXISTS indexed (one INTEGER PRIMARY KEY CHECK (one = 1), upto INTEGER NOT NULL);
  INSERT OR IGNORE INTO indexed VALUES (1, 0);
  PRAGMA user_version = ${VERSION};
`

const FROM_1 = `
  ALTER TABLE exchange ADD COLUMN key TEXT;
  ALTER TABLE exchange ADD COLUMN error TEXT;
  ALTER TABLE exchange ADD COLUMN reason TEXT;
  ALTER TABLE exchange ADD COLUMN attempts INTEGER;
  ALTER TABLE exchange ADD COLUMN total_ms INTEGER;
  UPDATE exchange SET
    key = json_extract(detail, '$.keyName'),
    error = json_extract(detail, '$.errorCode'),
    reason = substr(json_extract(detail, '$.route.reason') || ';', 1,
      instr(json_extract(detail, '$.route.reason') || ';', ';') - 1),
    attempts = json_array_length(detail, '$.attempts'),
    total_ms = json_extract(detail, '$.timings.totalMs');
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
    upgrade(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

export function openSegmentForReading(folder: string, name: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, name), { readOnly: true })
  database.exec('PRAGMA busy_timeout = 2000; PRAGMA trusted_schema = OFF;')
  if (versionOf(database) >= VERSION) return database
  database.close()
  // A day written by an earlier version gets what this one looks things up by, once.
  openSegment(folder, name).close()
  return openSegmentForReading(folder, name)
}

function upgrade(database: DatabaseSync): void {
  const found = versionOf(database)
  if (found === 1) database.exec(`BEGIN; ${FROM_1} ${LOOK} COMMIT;`)
  else if (found === 0) database.exec(SCHEMA + LOOK)
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
}
