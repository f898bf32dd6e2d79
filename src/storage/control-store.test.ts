import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { ControlStore } from './control-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'smartroute-control-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('the keys on disk', () => {
  it('end when they expire, and remember when they were used', () => {
    const store = new ControlStore(join(folder, 'a.db'))
    const now = Date.now()
    const lasting = store.createKey('lasting', now)
    const short = store.createKey('short', now, now - 1)
    expect(store.find(sha256(lasting?.key ?? ''))?.name).toBe('lasting')
    expect(store.find(sha256(short?.key ?? ''))).toBeUndefined()
    store.noteUse(now + 5)
    const [first, second] = store.listKeys()
    expect(first).toMatchObject({ name: 'lasting', lastUsedAt: now + 5, expiresAt: null })
    expect(second).toMatchObject({ name: 'short', lastUsedAt: null, expiresAt: now - 1 })
    store.close()
  })

  it('of the first version are taken over', () => {
    const path = join(folder, 'old.db')
    const old = new DatabaseSync(path)
    old.exec(`CREATE TABLE gateway_key (id TEXT PRIMARY KEY, name TEXT NOT NULL, prefix TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, revoked_at INTEGER);
      INSERT INTO gateway_key VALUES ('1', 'old', 'sr-old', '${sha256('sr-old-key')}', 5, NULL);
      PRAGMA user_version = 1;`)
    old.close()
    for (let round = 0; round < 2; round++) {
      const store = new ControlStore(path)
      expect(store.find(sha256('sr-old-key'))).toMatchObject({ name: 'old', expiresAt: null })
      store.close()
    }
  })

  it('of a newer version are left alone', () => {
    const path = join(folder, 'new.db')
    const newer = new DatabaseSync(path)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    expect(() => new ControlStore(path)).toThrow(/newer version/)
  })
})
