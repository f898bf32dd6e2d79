import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Vault } from '../kit/vault.ts'

/** One configuration that ran. */
export interface ConfigVersion {
  readonly revision: string
  readonly at: number
  readonly author: string
  readonly note: string
}

const VERSIONS_MAX = 200
const VERSION = 1

/** Earlier texts of the configuration, encrypted: an operator may have written keys into them. */
export class ConfigHistory {
  readonly #database: DatabaseSync
  readonly #vault: Vault

  constructor(path: string, vault: Vault) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#vault = vault
    this.#database = new DatabaseSync(path)
    chmodSync(path, 0o600)
    this.#database.exec(`PRAGMA busy_timeout = 200; PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;
      CREATE TABLE IF NOT EXISTS version (seq INTEGER PRIMARY KEY, revision TEXT NOT NULL,
        at INTEGER NOT NULL, author TEXT NOT NULL, note TEXT NOT NULL, sealed BLOB NOT NULL);
      PRAGMA user_version = ${VERSION};`)
  }

  /** The newest version is not written twice. */
  add(version: ConfigVersion, text: string): void {
    const [newest] = this.list(1)
    if (newest?.revision === version.revision) return
    const { revision, at, author, note } = version
    this.#database
      .prepare('INSERT INTO version (revision, at, author, note, sealed) VALUES (?, ?, ?, ?, ?)')
      .run(revision, at, author, note, this.#vault.seal(text, `config ${revision}`))
    this.#database
      .prepare('DELETE FROM version WHERE seq <= (SELECT max(seq) FROM version) - ?')
      .run(VERSIONS_MAX)
  }

  /** Newest first. */
  list(limit: number): ConfigVersion[] {
    return this.#database
      .prepare('SELECT revision, at, author, note FROM version ORDER BY seq DESC LIMIT ?')
      .all(limit)
      .map((row) => ({
        revision: String(row['revision']),
        at: Number(row['at']),
        author: String(row['author']),
        note: String(row['note']),
      }))
  }

  /** Null where there is no such version, or it was sealed with another master key. */
  textOf(revision: string): string | null {
    const row = this.#database
      .prepare('SELECT sealed FROM version WHERE revision = ? ORDER BY seq DESC LIMIT 1')
      .get(revision)
    if (row === undefined) return null
    return this.#vault.open(row['sealed'] as Uint8Array, `config ${revision}`)
  }

  close(): void {
    this.#database.close()
  }
}
