import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface KeyRecord {
  readonly id: string
  readonly name: string
  /** The first characters, enough to tell keys apart. */
  readonly prefix: string
  readonly createdAt: number
  readonly revokedAt: number | null
  readonly expiresAt: number | null
  /** To the minute. */
  readonly lastUsedAt: number | null
}

const VERSION = 2
const KEY_BYTES = 32
const PREFIX_CHARS = 8
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * Gateway keys. Only their SHA-256 is stored (256 random bits need no slow hash) and the request
 * path sees an in-memory map. Durable at once: a revoked key must not return after a crash.
 */
export class ControlStore {
  readonly #database: DatabaseSync
  #active = new Map<string, KeyRecord>()
  #version = -1
  readonly #used = new Set<string>()

  /** Throws where the file cannot be opened or was written by a newer version. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#database = new DatabaseSync(path)
    chmodSync(path, 0o600)
    this.#database.exec(
      // Looked at twice a second by the thread that serves requests: it must not wait for a lock.
      'PRAGMA busy_timeout = 200; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;',
    )
    const found = Number(this.#database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
    if (found > VERSION) {
      throw new Error(`${path} was written by a newer version of SmartRoute (schema ${found})`)
    }
    this.#database.exec(`CREATE TABLE IF NOT EXISTS gateway_key (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, prefix TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
      created_at INTEGER NOT NULL, revoked_at INTEGER);
      PRAGMA journal_size_limit = 1048576;`)
    if (found < VERSION) {
      const { count } = this.#database
        .prepare(
          "SELECT count(*) AS count FROM pragma_table_info('gateway_key') WHERE name = 'expires_at'",
        )
        .get() as { count: number }
      if (count === 0) {
        this.#database.exec(
          'ALTER TABLE gateway_key ADD COLUMN expires_at INTEGER; ALTER TABLE gateway_key ADD COLUMN last_used_at INTEGER;',
        )
      }
      this.#database.exec(`PRAGMA user_version = ${VERSION}`)
    }
    this.refresh()
  }

  get size(): number {
    return this.#active.size
  }

  find(hashHex: string): KeyRecord | undefined {
    const key = this.#active.get(hashHex)
    if (key === undefined) return undefined
    if (key.expiresAt !== null && key.expiresAt <= Date.now()) return undefined
    this.#used.add(key.id)
    return key
  }

  /** Notes which keys were used since the last time. Losing it costs nothing. */
  noteUse(now: number): void {
    if (this.#used.size === 0) return
    try {
      const update = this.#database.prepare('UPDATE gateway_key SET last_used_at = ? WHERE id = ?')
      for (const id of this.#used) update.run(now, id)
      this.#used.clear()
    } catch {
      // Locked for the moment: the next minute notes it.
    }
  }

  /** The key is returned once and never again. Null where the name is taken. */
  createKey(
    name: string,
    now: number,
    expiresAt: number | null = null,
  ): { key: string; record: KeyRecord } | null {
    const taken = this.listKeys().some((key) => key.name === name && isActive(key, now))
    if (taken) return null
    const made = this.#insert(name, now, expiresAt)
    this.#reload()
    return made
  }

  #insert(name: string, now: number, expiresAt: number | null): { key: string; record: KeyRecord } {
    const key = `sr-${base62(randomBytes(KEY_BYTES))}`
    const record = { id: randomUUID(), name, prefix: key.slice(0, PREFIX_CHARS), createdAt: now }
    this.#database
      .prepare(
        'INSERT INTO gateway_key (id, name, prefix, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(
        record.id,
        name,
        record.prefix,
        createHash('sha256').update(key).digest('hex'),
        now,
        expiresAt,
      )
    return { key, record: { ...record, revokedAt: null, expiresAt, lastUsedAt: null } }
  }

  /** A key of the same name; the old one ends after the overlap. Null where there is no such key. */
  rotateKey(id: string, now: number, overlapMs: number): { key: string; record: KeyRecord } | null {
    const old = this.listKeys().find((key) => key.id === id && isActive(key, now))
    if (old === undefined) return null
    const endsAt = Math.min(old.expiresAt ?? Infinity, now + overlapMs)
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      this.#database.prepare('UPDATE gateway_key SET expires_at = ? WHERE id = ?').run(endsAt, id)
      const made = this.#insert(old.name, now, null)
      this.#database.exec('COMMIT')
      this.#reload()
      return made
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }

  listKeys(): KeyRecord[] {
    return this.#database
      .prepare('SELECT * FROM gateway_key ORDER BY created_at')
      .all()
      .map(readKey)
  }

  /** By id, or by name: then every one of the name, because a rotated key has two for a while. */
  revokeKey(idOrName: string, now: number): KeyRecord | null {
    const found = this.listKeys().filter(
      (key) => key.revokedAt === null && (key.id === idOrName || key.name === idOrName),
    )
    const update = this.#database.prepare('UPDATE gateway_key SET revoked_at = ? WHERE id = ?')
    for (const { id } of found) update.run(now, id)
    const newest = found.at(-1)
    if (newest === undefined) return null
    this.#reload()
    return { ...newest, revokedAt: now }
  }

  /** Takes over what another process (the CLI) has changed. Cheap when nothing has. */
  refresh(): void {
    try {
      const row = this.#database.prepare('PRAGMA data_version').get()
      const version = Number(row?.['data_version'])
      if (version === this.#version) return
      this.#reload()
      this.#version = version
    } catch {
      // Locked or unreadable for the moment: the keys that are known stay, the next look is soon.
    }
  }

  close(): void {
    this.#database.close()
  }

  #reload(): void {
    const rows = this.#database.prepare('SELECT * FROM gateway_key WHERE revoked_at IS NULL').all()
    this.#active = new Map(rows.map((row) => [String(row['hash']), readKey(row)]))
  }
}

function isActive({ revokedAt, expiresAt }: KeyRecord, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now)
}

function readKey(row: Record<string, unknown>): KeyRecord {
  return {
    id: String(row['id']),
    name: String(row['name']),
    prefix: String(row['prefix']),
    createdAt: Number(row['created_at']),
    revokedAt: numberOrNull(row['revoked_at']),
    expiresAt: numberOrNull(row['expires_at']),
    lastUsedAt: numberOrNull(row['last_used_at']),
  }
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value)
}

function base62(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  for (; value > 0n; value /= 62n) text = (ALPHABET[Number(value % 62n)] ?? '') + text
  return text.padStart(43, '0')
}
