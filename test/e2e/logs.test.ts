import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chat, logOf } from '../support/chat.ts'
import { answerFor } from '../support/faults.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { ADMIN_TOKEN, until } from '../support/start-gateway.ts'

const fixture = withGateway(
  (url) => `${provider(url)}
gateway: { api_keys: ["sr-file-key-000000000001"] }
tiers: { t1: { models: [fake/ok] }, t2: { models: [fake/ok] }, t3: { models: [fake/large] } }
prices: { fake/ok: { input: 1, output: 2 }, fake/large: { input: 10, output: 20 } }
`,
)

const KEY = { authorization: 'Bearer sr-file-key-000000000001' }

interface Page {
  items: { id: string; asked: string; status: number; tier: string | null }[]
  next_cursor: string | null
}

async function list(query: string): Promise<Page> {
  const response = await fixture.gateway.api(`/logs?${query}`)
  expect(response.status).toBe(200)
  return (await response.json()) as Page
}

describe('the audit log', () => {
  it('holds what was asked, sent and answered, within a second', async () => {
    const body = {
      model: 't1',
      seed: 7,
      messages: [{ role: 'user', content: '什么 is "this"? \n' }],
    }
    const answer = await chat(fixture.gateway, body, KEY)
    const log = await logOf(fixture.gateway, answer)
    expect(log.request).toEqual(body)
    expect(log.sent).toEqual({ ...body, model: 'ok' })
    expect(log.sent).toEqual(fixture.upstream.calls.at(-1)?.body)
    expect(log.response).toEqual(answer.json)
    expect(log).toMatchObject({
      tier: 't1',
      reason: 'pinned',
      model: 'fake/ok',
      key: 'file:1',
      status: 200,
      stream: false,
      finish_reason: 'stop',
      usage: { prompt_tokens: 11, completion_tokens: 7 },
      cost_usd: (11 * 1 + 7 * 2) / 1e6,
    })
    expect(log.saved_usd).toBeCloseTo((11 * 9 + 7 * 18) / 1e6)
    expect(log.timings.upstream_ms).toBeGreaterThan(0)
    expect(log.total_ms).toBeGreaterThanOrEqual(log.timings.upstream_ms)
  })

  it('keeps requests that were refused', async () => {
    const answer = await chat(fixture.gateway, { model: 't1' })
    expect([answer.status, answer.json.error.code]).toEqual([401, 'invalid_api_key'])
    expect(await logOf(fixture.gateway, answer)).toMatchObject({ status: 401, key: null })
  })

  it('pages, filters and searches, in Chinese too', async () => {
    for (const tier of ['t1', 't2', 't1', 't2', 't1']) {
      await chat(
        fixture.gateway,
        { model: tier, messages: [{ role: 'user', content: `独一无二 ${tier}` }] },
        KEY,
      )
    }
    await until(async () => (await list('q=独一无二')).items.length === 5)
    expect((await list('q=独一无二&tier=t2')).items).toHaveLength(2)
    expect((await list('q=UNLIKELY')).items).toHaveLength(0)
    expect((await list('status=4xx')).items.every((row) => row.status === 401)).toBe(true)
    expect((await list('model=fake/ok&limit=200')).items.length).toBeGreaterThan(5)
    const first = await list('q=独一无二&limit=3')
    const second = await list(`q=独一无二&limit=3&cursor=${first.next_cursor}`)
    expect(second.next_cursor).toBeNull()
    const ids = [...first.items, ...second.items].map((row) => row.id)
    expect(new Set(ids).size).toBe(5)
    expect(ids).toEqual([...ids].sort().reverse())
    expect((await list(`from=${Date.now() + 60_000}`)).items).toHaveLength(0)
    expect((await fixture.gateway.api('/logs?limit=0')).status).toBe(400)
    expect((await fixture.gateway.api('/logs?cursor=abc')).status).toBe(400)
    expect((await fixture.gateway.api('/logs/none')).status).toBe(404)
  })

  it('sums up', async () => {
    const stats = (await (await fixture.gateway.api('/stats?range=15m')).json()) as any
    expect(stats.requests).toBeGreaterThanOrEqual(7)
    expect(stats.errors).toBeGreaterThanOrEqual(1)
    expect(stats.error_rate).toBeCloseTo(stats.errors / stats.requests)
    expect(stats.qps).toBeGreaterThan(0)
    expect(stats.latency_ms.p50).toBeGreaterThan(0)
    expect(stats.latency_ms.p99).toBeGreaterThanOrEqual(stats.latency_ms.p50)
    expect(stats.by_tier.t1.requests).toBeGreaterThanOrEqual(4)
    expect(stats.by_model['fake/ok'].tokens.total).toBeGreaterThan(0)
    expect(stats.series.at(-1).requests).toBeGreaterThan(0)
  })

  it('tells watchers as it happens', async () => {
    const response = await fixture.gateway.api('/live')
    const reader = response.body?.getReader()
    const answer = chat(
      fixture.gateway,
      { model: 't1', messages: [{ role: 'user', content: 'live' }] },
      KEY,
    )
    let text = ''
    await until(async () => {
      const { value } = (await reader?.read()) ?? {}
      text += new TextDecoder().decode(value)
      return text.includes('event: exchange') && text.includes('event: counters')
    })
    expect(text).toContain((await answer).headers.get('x-request-id'))
    await reader?.cancel()
  })

  it('answers nobody without the token, and only to local names', async () => {
    const { url } = fixture.gateway
    for (const path of ['/logs', '/stats', '/config', '/health', '/live']) {
      const response = await fetch(`${url}/api/v1${path}`)
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ status: 401, code: 'not_signed_in' })
    }
    expect((await fetch(`${url}/api/v1/openapi.json`)).status).toBe(200)
    expect((await fixture.gateway.api('/nothing')).status).toBe(404)
    const { port } = new URL(url)
    const foreign = await import('node:http').then(
      (http) =>
        new Promise<number | undefined>((resolve) => {
          const headers = { host: 'evil.example', authorization: `Bearer ${ADMIN_TOKEN}` }
          http.get({ port, path: '/api/v1/logs', headers }, (answer) => resolve(answer.statusCode))
        }),
    )
    expect(foreign).toBe(403)
  })

  it('masks secrets in the configuration it shows', async () => {
    const text = await (await fixture.gateway.api('/config')).text()
    expect(text).not.toContain('sk-upstream-secret')
    expect(text).not.toContain('sr-file-key')
    expect(text).toContain('••••')
  })

  it('opens a session for the setup token, once', async () => {
    const { url } = fixture.gateway
    const token = /#setup=(\S+)/.exec(fixture.gateway.output())?.[1]
    const setup = (value: unknown): Promise<Response> =>
      fetch(`${url}/api/v1/setup`, { method: 'POST', body: JSON.stringify({ token: value }) })
    expect((await setup('wrong')).status).toBe(401)
    const opened = await setup(token)
    const cookie = opened.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/i)
    const session = { cookie: cookie.split(';')[0] ?? '' }
    expect((await fetch(`${url}/api/v1/stats`, { headers: session })).status).toBe(200)
    const post = { method: 'POST', body: '{"text":"hi"}', headers: session }
    expect((await fetch(`${url}/api/v1/route`, post)).status).toBe(403)
    const safe = { ...post, headers: { ...session, 'x-smartroute-csrf': '1' } }
    expect((await fetch(`${url}/api/v1/route`, safe)).status).toBe(200)
    expect((await setup(token)).status).toBe(401)
  })

  it('never writes a secret to disk, in whatever spelling', async () => {
    const secret = 'sk-upstream-secret-000001'
    const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '')
    const content = `my key is ${secret}, ${base64} and sr-file-key-000000000001`
    const answer = await chat(
      fixture.gateway,
      { model: 't1', messages: [{ role: 'user', content }] },
      KEY,
    )
    const log = await logOf(fixture.gateway, answer)
    expect(log.request.messages[0].content).toBe('my key is [redacted], [redacted] and [redacted]')
    const folder = fixture.gateway.dataDir
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const bytes = readFileSync(join(entry.parentPath, entry.name))
      for (const needle of [secret, base64, 'sr-file-key-000000000001']) {
        expect(bytes.includes(needle), `${needle} in ${entry.name}`).toBe(false)
      }
    }
    expect(answerFor({ messages: [{ content }] })).toContain('my key')
  })
})
