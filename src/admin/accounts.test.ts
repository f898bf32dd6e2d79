import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { Vault } from '../kit/vault.ts'
import { AdminStore } from '../storage/admin-store.ts'
import { Accounts, type SignedIn } from './accounts.ts'

const PASSWORD = 'an-uncommon-password-8'
const HOUR = 3_600_000

/** An administrator on a real file, and a clock that the test moves. */
async function administrator() {
  const path = join(mkdtempSync(join(tmpdir(), 'smartroute-')), 'admin.db')
  const clock = { now: Date.parse('2026-03-01T12:00:10Z') }
  const vault = new Vault('a master key for tests')
  const open = (): Accounts =>
    new Accounts(
      new AdminStore(path),
      () => vault,
      () => clock.now,
    )
  const accounts = open()
  await accounts.adopt(PASSWORD)
  return { accounts, clock, open, path }
}

const from = (address: string) => ({ address, userAgent: 'test' })
const idOf = (answer: SignedIn): string => (answer.kind === 'session' ? answer.id : '')

describe('sessions', () => {
  it('end after twelve idle hours and after seven days, and outlive the process', async () => {
    const { accounts, clock, open } = await administrator()
    const idle = idOf(await accounts.signIn(PASSWORD, undefined, from('a')))
    const used = idOf(await accounts.signIn(PASSWORD, undefined, from('b')))
    expect(open().session(used)).not.toBeNull()
    for (let hour = 0; hour < 7 * 24; hour += 8) {
      clock.now += 8 * HOUR - 1
      expect(accounts.session(used) !== null).toBe(hour + 8 <= 7 * 24)
      if (hour >= 8) expect(accounts.session(idle)).toBeNull()
    }
    clock.now += HOUR
    expect(accounts.session(used)).toBeNull()
    expect(open().session(used)).toBeNull()
    expect(accounts.sessions()).toEqual([])
  })

  it('go on while nothing can be written', async () => {
    const { accounts, clock, path } = await administrator()
    const id = idOf(await accounts.signIn(PASSWORD, undefined, from('a')))
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    clock.now += HOUR
    expect(accounts.session(id)).not.toBeNull()
    accounts.audit({ actor: 'admin', action: 'x', target: '', detail: '', address: '' })
    other.exec('ROLLBACK')
    expect(accounts.listAudit(1_000, 10).map(({ action }) => action)).toEqual(['sign_in'])
    other.close()
  })

  it('are not kept alive by whoever only watches', async () => {
    const { accounts, clock } = await administrator()
    const id = idOf(await accounts.signIn(PASSWORD, undefined, from('a')))
    for (let hour = 0; hour < 12; hour++) {
      expect(accounts.peek(id)).not.toBeNull()
      clock.now += HOUR
    }
    expect(accounts.peek(id)).toBeNull()
  })
})

describe('guesses', () => {
  it('wait twice as long each time, and are forgotten after a quarter of an hour', async () => {
    const { accounts, clock } = await administrator()
    const guess = (): Promise<SignedIn> => accounts.signIn('wrong', undefined, from('a'))
    const waits: number[] = []
    while (waits.length < 12) {
      const answer = await guess()
      if (answer.kind !== 'throttled') continue
      waits.push(answer.waitMs)
      clock.now += answer.waitMs
    }
    expect(waits.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000])
    expect(Math.max(...waits)).toBe(15 * 60_000)
    expect((await accounts.signIn(PASSWORD, undefined, from('b'))).kind).toBe('session')
    clock.now += 16 * 60_000
    expect((await guess()).kind).toBe('wrong')
  })

  it('from many addresses count for the account, too', async () => {
    const { accounts } = await administrator()
    for (let guess = 0; guess < 5; guess++) {
      expect((await accounts.signIn('wrong', undefined, from(`address ${guess}`))).kind).toBe(
        'wrong',
      )
    }
    expect((await accounts.signIn('wrong', undefined, from('another'))).kind).toBe('throttled')
  })

  it('of a code cannot hide behind right passwords', async () => {
    const { accounts } = await administrator()
    const { secret } = await accounts.beginTotp()
    const totp = new TOTP({ secret: Secret.fromBase32(secret) })
    const code = totp.generate({ timestamp: Date.parse('2026-03-01T12:00:10Z') })
    expect(await accounts.confirmTotp(code)).toHaveLength(10)
    const kinds: string[] = []
    for (let guess = 0; guess < 10; guess++) {
      kinds.push((await accounts.signIn(PASSWORD, undefined, from('a'))).kind)
      kinds.push((await accounts.signIn(PASSWORD, String(100_000 + guess), from('a'))).kind)
    }
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(5)
    expect(kinds.at(-1)).toBe('throttled')
  })
})

describe('codes', () => {
  it('fit one step early or late, once and only forwards', async () => {
    const { accounts, clock } = await administrator()
    const { secret, uri } = await accounts.beginTotp()
    expect(uri).toContain(`secret=${secret}`)
    const totp = new TOTP({ secret: Secret.fromBase32(secret) })
    const at = (steps: number): string => totp.generate({ timestamp: clock.now + steps * 30_000 })
    expect(await accounts.confirmTotp(at(0))).toHaveLength(10)
    const signIn = async (code: string): Promise<string> =>
      (await accounts.signIn(PASSWORD, code, from('a'))).kind
    expect(await signIn(at(0))).toBe('wrong')
    expect(await signIn(at(-1))).toBe('wrong')
    expect(await signIn(at(2))).toBe('wrong')
    expect(await signIn(at(1))).toBe('session')
    expect(await signIn(at(1))).toBe('wrong')
    clock.now += 60_000
    expect(await signIn(at(0))).toBe('session')
  })

  it('that recover work once, however they are typed', async () => {
    const { accounts, clock } = await administrator()
    const { secret } = await accounts.beginTotp()
    const totp = new TOTP({ secret: Secret.fromBase32(secret) })
    const codes = await accounts.confirmTotp(totp.generate({ timestamp: clock.now }))
    const [first = '', second = ''] = codes ?? []
    const typed = first.replaceAll('-', ' ').toUpperCase()
    expect((await accounts.signIn(PASSWORD, typed, from('a'))).kind).toBe('session')
    expect((await accounts.signIn(PASSWORD, first, from('a'))).kind).toBe('wrong')
    expect((await accounts.signIn(PASSWORD, second, from('a'))).kind).toBe('session')
  })
})
