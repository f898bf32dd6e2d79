import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { provider, withGateway } from '../support/fixture.ts'
import { type PageAnswer, pageCall, setupToken } from '../support/page-call.ts'
import { runCli } from '../support/start-gateway.ts'

const PASSWORD = 'an-uncommon-password-8'
const fixture = withGateway(
  (url) => `${provider(url)}
tiers: { t1: { models: [fake/ok] } }
`,
)

const call = (path: string, body: object | null, more = {}): Promise<PageAnswer> =>
  pageCall(fixture.gateway, path, body, more)
const own = (cookie: string): Record<string, string> => ({
  cookie,
  'x-smartroute-csrf': '1',
  'sec-fetch-site': 'same-origin',
})

describe('signing in', () => {
  let cookie = ''
  let secret = ''

  it('is refused in every state before somebody has the token', async () => {
    expect((await call('/logs', null)).status).toBe(401)
    expect((await call('/auth', null)).json).toMatchObject({
      signed_in: false,
      has_password: false,
    })
    const wrong = await call('/setup', { token: 'guess', password: PASSWORD })
    expect([wrong.status, wrong.json.code]).toEqual([401, 'invalid_setup_token'])
  })

  it('refuses weak first passwords without using the token up', async () => {
    const token = setupToken(fixture.gateway)
    for (const [password, code] of [
      ['short', 'password_too_short'],
      ['password123456', 'password_too_common'],
      ['123456789012', 'password_too_common'],
      ['aaaaaaaaaaaa', 'password_too_common'],
    ]) {
      const answer = await call('/setup', { token, password })
      expect([answer.status, answer.json.code]).toEqual([422, code])
    }
    const answer = await call('/setup', { token, password: PASSWORD })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/)
    cookie = answer.cookie
    expect((await call('/setup', { token, password: PASSWORD })).status).toBe(401)
  })

  it('lets nobody act through a cookie alone', async () => {
    expect((await call('/logs', null, { cookie })).status).toBe(200)
    const naked = await call('/keys', { name: 'x' }, { cookie })
    expect([naked.status, naked.json.code]).toEqual([403, 'csrf'])
    const foreign = await call(
      '/keys',
      { name: 'x' },
      { ...own(cookie), 'sec-fetch-site': 'cross-site' },
    )
    expect(foreign.status).toBe(403)
    const otherSite = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    expect((await call('/auth/sign-in', { password: PASSWORD }, otherSite)).status).toBe(403)
    expect((await call('/keys', { name: 'mine' }, own(cookie))).status).toBe(200)
  })

  it('lists sessions and ends them', async () => {
    const second = (await call('/auth/sign-in', { password: PASSWORD })).cookie
    expect((await call('/auth/sessions', null, { cookie })).json.items).toHaveLength(2)
    await call('/auth/sessions/revoke', { others: true }, own(cookie))
    expect((await call('/logs', null, { cookie: second })).status).toBe(401)
    expect((await call('/logs', null, { cookie })).status).toBe(200)
  })

  it('asks for a code once the second factor is on, and takes each code once', async () => {
    const wrong = await call('/auth/totp/begin', { password: 'nope' }, own(cookie))
    expect([wrong.status, wrong.json.code]).toEqual([401, 'wrong_password'])
    const begun = await call('/auth/totp/begin', { password: PASSWORD }, own(cookie))
    secret = begun.json.secret
    const totp = new TOTP({ secret: Secret.fromBase32(secret) })
    const before = totp.generate({ timestamp: Date.now() - 30_000 })
    const confirmed = await call('/auth/totp/confirm', { code: before }, own(cookie))
    expect(confirmed.json.recovery_codes).toHaveLength(10)
    expect((await call('/auth/sign-in', { password: PASSWORD })).json.code).toBe('totp_required')
    const code = totp.generate()
    const tries = await Promise.all(
      Array.from({ length: 4 }, () => call('/auth/sign-in', { password: PASSWORD, code })),
    )
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1)
    const [recovery] = confirmed.json.recovery_codes as string[]
    expect((await call('/auth/sign-in', { password: PASSWORD, code: recovery })).status).toBe(200)
    expect((await call('/auth/sign-in', { password: PASSWORD, code: recovery })).status).toBe(401)
  })

  it('waits longer and longer for whoever guesses, with one answer for every guess', async () => {
    const answers: number[] = []
    for (let guess = 0; guess < 6; guess++) {
      answers.push((await call('/auth/sign-in', { password: `guess number ${guess}` })).status)
    }
    expect(answers.at(-1)).toBe(429)
    const throttled = await call('/auth/sign-in', { password: PASSWORD })
    expect(throttled.status).toBe(429)
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('writes down what was done, by whom and from where', async () => {
    const { items } = (await call('/audit', null, { cookie })).json
    const actions = new Set(items.map(({ action }: { action: string }) => action))
    for (const action of [
      'setup',
      'sign_in',
      'sign_in_failed',
      'key.create',
      'session.end',
      'totp.on',
    ]) {
      expect(actions).toContain(action)
    }
    expect(items[0]).toMatchObject({ address: expect.stringContaining('127.0.0.1') as string })
  })

  it('is lost and found again on the machine itself', async () => {
    const reset = await runCli(['admin', 'reset-password', '--data-dir', fixture.gateway.dataDir])
    expect(reset.code).toBe(0)
    expect((await call('/logs', null, { cookie })).status).toBe(401)
    expect((await call('/auth', null)).json).toMatchObject({ has_password: false, totp: false })
  })
})
