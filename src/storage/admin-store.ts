import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface StoredSession {
  readonly id: string
  readonly createdAt: number
  readonly seenAt: number
  readonly address: string
  readonly userAgent: string
}

export interface AuditEntry {
  readonly at: number
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly detail: string
  readonly address: string
}

export interface Totp {
  /** Sealed by the vault. */
  readonly secret: Uint8Array
  readonly isActive: boolean
}

const VERSION = 1
const AUDIT_MAX = 100_000

/**
 * Who may use the panel and what was done in it. Durable at once: a session that was ended must
 * not return after a crash. Holds hashes and sealed texts, never a secret.
 */
export class AdminStore {
  readonly #database: DatabaseSync

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#database = new DatabaseSync(path)
    chmodSync(path, 0o600)
    this.#database.exec(`PRAGMA busy_timeout = 200; PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;
      CREATE TABLE IF NOT EXISTS administrator (
        one INTEGER PRIMARY KEY CHECK (one = 1), password TEXT, totp BLOB,
        totp_active INTEGER NOT NULL DEFAULT 0, totp_step INTEGER NOT NULL DEFAULT 0);
      INSERT OR IGNORE INTO administrator (one) VALUES (1);
      CREATE TABLE IF NOT EXISTS recovery_code (hash TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS session (
        hash TEXT PRIMARY KEY, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,
        address TEXT NOT NULL, user_agent TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS audit (
        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
        target TEXT NOT NULL, detail TEXT NOT NULL, address TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS feedback (
        request_id TEXT PRIMARY KEY, tier TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
      PRAGMA user_version = ${VERSION};`)
  }

  get password(): string | null {
    const row = this.#database.prepare('SELECT password FROM administrator').get()
    return typeof row?.['password'] === 'string' ? row['password'] : null
  }

  set password(hash: string | null) {
    this.#database.prepare('UPDATE administrator SET password = ?').run(hash)
  }

  get totp(): Totp | null {
    const row = this.#database.prepare('SELECT totp, totp_active FROM administrator').get()
    if (!(row?.['totp'] instanceof Uint8Array)) return null
    return { secret: row['totp'], isActive: row['totp_active'] === 1 }
  }

  /** A new secret waits until a code confirms it; null removes it with its recovery codes. */
  setTotp(secret: Uint8Array | null): void {
    this.#database
      .prepare('UPDATE administrator SET totp = ?, totp_active = 0, totp_step = 0')
      .run(secret)
    this.#database.exec('DELETE FROM recovery_code')
  }

  /** False where it is active already: its recovery codes are not made twice. */
  activateTotp(recoveryHashes: readonly string[]): boolean {
    const { changes } = this.#database
      .prepare('UPDATE administrator SET totp_active = 1 WHERE totp_active = 0')
      .run()
    const insert = this.#database.prepare('INSERT INTO recovery_code VALUES (?)')
    if (changes === 1) for (const hash of recoveryHashes) insert.run(hash)
    return changes === 1
  }

  /** True for the first use of a time step and of every later one: a code works once. */
  useTotpStep(step: number): boolean {
    const { changes } = this.#database
      .prepare('UPDATE administrator SET totp_step = ? WHERE totp_step < ?')
      .run(step, step)
    return changes === 1
  }

  /** True once. */
  useRecoveryCode(hash: string): boolean {
    return (
      this.#database.prepare('DELETE FROM recovery_code WHERE hash = ?').run(hash).changes === 1
    )
  }

  addSession(hash: string, session: Omit<StoredSession, 'id'>): void {
    const { createdAt, seenAt, address, userAgent } = session
    this.#database
      .prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?)')
      .run(hash, createdAt, seenAt, address, userAgent)
  }

  findSession(hash: string): StoredSession | null {
    const row = this.#database.prepare('SELECT * FROM session WHERE hash = ?').get(hash)
    return row === undefined ? null : readSession(row)
  }

  touchSession(hash: string, seenAt: number): void {
    this.#database.prepare('UPDATE session SET seen_at = ? WHERE hash = ?').run(seenAt, hash)
  }

  listSessions(): readonly StoredSession[] {
    return this.#database
      .prepare('SELECT * FROM session ORDER BY seen_at DESC')
      .all()
      .map(readSession)
  }

  endSession(hash: string): boolean {
    return this.#database.prepare('DELETE FROM session WHERE hash = ?').run(hash).changes === 1
  }

  /** Every session but this one, or every one. */
  endSessions(butHash: string | null): void {
    this.#database.prepare('DELETE FROM session WHERE hash IS NOT ?').run(butHash)
  }

  dropSessionsBefore(createdAt: number, seenAt: number): void {
    this.#database
      .prepare('DELETE FROM session WHERE created_at < ? OR seen_at < ?')
      .run(createdAt, seenAt)
  }

  addAudit({ at, actor, action, target, detail, address }: AuditEntry): void {
    this.#database
      .prepare(
        'INSERT INTO audit (at, actor, action, target, detail, address) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(at, actor, action, target, detail, address)
    this.#database
      .prepare('DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?')
      .run(AUDIT_MAX)
  }

  /** Newest first, below an id. */
  listAudit(before: number, limit: number): readonly (AuditEntry & { readonly id: number })[] {
    return this.#database
      .prepare('SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?')
      .all(before, limit)
      .map((row) => ({
        id: Number(row['id']),
        at: Number(row['at']),
        actor: String(row['actor']),
        action: String(row['action']),
        target: String(row['target']),
        detail: String(row['detail']),
        address: String(row['address']),
      }))
  }

  feedbackOf(
    requestId: string,
  ): { readonly tier: 't1' | 't2' | 't3'; readonly note: string; readonly at: number } | null {
    const row = this.#database.prepare('SELECT * FROM feedback WHERE request_id = ?').get(requestId)
    const tier = row?.['tier']
    if (row === undefined || (tier !== 't1' && tier !== 't2' && tier !== 't3')) return null
    return { tier, note: String(row['note']), at: Number(row['at']) }
  }

  /** Null takes it back. */
  setFeedback(
    requestId: string,
    tier: string | null,
    { note, at }: { note: string; at: number },
  ): void {
    if (tier === null) {
      this.#database.prepare('DELETE FROM feedback WHERE request_id = ?').run(requestId)
      return
    }
    this.#database
      .prepare('INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?)')
      .run(requestId, tier, note, at)
  }

  close(): void {
    this.#database.close()
  }
}

function readSession(row: Record<string, unknown>): StoredSession {
  return {
    id: String(row['hash']),
    createdAt: Number(row['created_at']),
    seenAt: Number(row['seen_at']),
    address: String(row['address']),
    userAgent: String(row['user_agent']),
  }
}
