import { Secret, TOTP } from 'otpauth'
import { beforeAll, describe, expect, it } from 'vitest'
import { provider, withGateway } from '../support/fixture.ts'
import { type PageAnswer, pageCall, setupToken } from '../support/page-call.ts'

const PASSWORD = 'an-uncommon-password-8'
const config = (url: string): string => `${provider(url)}
tiers: { t1: { models: [fake/ok] } }
`

const sent = ({ cookie }: PageAnswer): Record<string, string> => ({ cookie })

/** A gateway with an administrator, and calls to it as a page makes them. */
function withAdmin() {
  const fixture = withGateway(config)
  const admin = { own: {} as Record<string, string>, call, signIn }
  function call(path: string, body: object | null, more = {}): Promise<PageAnswer> {
    return pageCall(fixture.gateway, path, body, { 'x-smartroute-csrf': '1', ...more })
  }
  function signIn(more: object = {}, headers = {}): Promise<PageAnswer> {
    return call('/auth/sign-in', { password: PASSWORD, ...more }, headers)
  }
  beforeAll(async () => {
    const token = setupToken(fixture.gateway)
    admin.own = sent(await call('/setup', { token, password: PASSWORD }))
  })
  return admin
}

/** Turns the second factor on. */
async function withTotp({ call, own }: ReturnType<typeof withAdmin>) {
  const { json } = await call('/auth/totp/begin', { password: PASSWORD }, own)
  const totp = new TOTP({ secret: Secret.fromBase32(json.secret) })
  const before = totp.generate({ timestamp: Date.now() - 30_000 })
  const confirmed = await call('/auth/totp/confirm', { code: before }, own)
  return { totp, recovery: confirmed.json.recovery_codes as string[] }
}

describe('a session', () => {
  const admin = withAdmin()

  it('that was there before ends when its browser signs in anew', async () => {
    const first = sent(await admin.signIn())
    const second = sent(await admin.signIn({}, first))
    expect(second['cookie']).not.toBe(first['cookie'])
    expect((await admin.call('/keys', null, second)).status).toBe(200)
    expect((await admin.call('/keys', null, first)).status).toBe(401)
  })

  it('has a cookie for TLS where a proxy on this machine says so', async () => {
    const signedIn = await admin.signIn({}, { 'x-forwarded-proto': 'https' })
    expect(signedIn.headers.get('set-cookie')).toMatch(
      /^__Host-smartroute_session=[\w-]{43}; Path=\/; .*Secure/,
    )
    expect((await admin.call('/keys', null, sent(signedIn))).status).toBe(200)
  })

  it('ends with another password, but for the one that set it, and is not stored as it is', async () => {
    const other = sent(await admin.signIn())
    const change = { current: PASSWORD, next: 'another-uncommon-one-9' }
    expect((await admin.call('/auth/password', { next: change.next }, admin.own)).status).toBe(401)
    expect((await admin.call('/auth/password', change, admin.own)).status).toBe(200)
    expect((await admin.call('/keys', null, other)).status).toBe(401)
    expect((await admin.call('/keys', null, admin.own)).status).toBe(200)
    const { items } = (await admin.call('/auth/sessions', null, admin.own)).json
    expect(items).toHaveLength(1)
    expect(JSON.stringify(items)).not.toContain(admin.own['cookie']?.split('=')[1])
  })
})

describe('a second factor', () => {
  const admin = withAdmin()

  it('takes one code once, also from twenty calls at the same time', async () => {
    const { totp, recovery } = await withTotp(admin)
    expect(new Set(recovery).size).toBe(10)
    const code = totp.generate()
    const answers = await Promise.all(Array.from({ length: 20 }, () => admin.signIn({ code })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const others = new Set(answers.flatMap(({ json }) => json.code ?? []))
    expect([...others].filter((one) => one !== 'too_many_attempts')).toEqual(['wrong_password'])
    // On already: no more recovery codes, whatever the code.
    const again = await admin.call('/auth/totp/confirm', { code: totp.generate() }, admin.own)
    expect(again.status).toBe(401)
  })

  it('cannot be guessed where a session is open', async () => {
    const answers: number[] = []
    for (let guess = 0; guess < 8; guess++) {
      const body = { password: PASSWORD, code: String(100_000 + guess) }
      answers.push((await admin.call('/auth/totp/disable', body, admin.own)).status)
    }
    expect(answers.at(-1)).toBe(429)
    expect((await admin.call('/auth', null)).json.totp).toBe(true)
  })
})

describe('guesses', () => {
  const admin = withAdmin()

  it('are looked at five at a time, also where forty come together', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, guess) =>
        admin.call('/auth/sign-in', { password: `guess number ${guess}` }),
      ),
    )
    const looked = answers.filter(({ status }) => status === 401)
    expect(looked).toHaveLength(5)
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(35)
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(new Set(looked.map(({ json }) => json.detail)).size).toBe(1)
  })
})
