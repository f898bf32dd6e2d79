import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { spellings } from '../../src/kit/spellings.ts'
import { type Gateway, startGateway } from '../support/start-gateway.ts'

const KEY = 'sk-wizard-secret-key-0001'
const STORED = 'sk-stored-secret-key-0002'

type Play = (request: IncomingMessage, response: ServerResponse) => void
const json =
  (value: unknown, status = 200): Play =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(value))
  }

/** Each play answers the next requests of the account that is being set up. */
describe('setting up a provider', () => {
  let gateway: Gateway
  let server: Server
  let base = ''
  let play: Play = json({})
  const seen: { url: string; headers: IncomingMessage['headers'] }[] = []

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push({ url: request.url ?? '', headers: request.headers })
      play(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
    gateway = await startGateway(
      `version: 1
providers:
  known: { base_url: "${base}", api_key: ${STORED}, allow_private: true, headers: { x-extra: ${STORED}-h } }
tiers: { t1: { models: [known/ok] } }
`,
      ['--log-level', 'warn'],
    )
  })
  beforeEach(() => void (seen.length = 0))
  afterAll(async () => {
    await gateway.stop()
    server.closeAllConnections()
    server.close()
  })

  const ask = async (call: string, body: object): Promise<any> => {
    const response = await gateway.api(call, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    for (const secret of [KEY, STORED, `${STORED}-h`].flatMap(spellings)) {
      expect(text).not.toContain(secret)
    }
    return JSON.parse(text)
  }
  const draft = (more: object = {}): object => ({
    base_url: base,
    api_key: KEY,
    allow_private: true,
    ...more,
  })
  const models = (body: object): Promise<any> => ask('/providers/models', body)

  it.each([
    ['OpenAI', { object: 'list', data: [{ id: 'm', object: 'model' }] }, null],
    ['OpenRouter', { data: [{ id: 'm', context_length: 8_000 }] }, 8_000],
    ['vLLM', { data: [{ id: 'm', max_model_len: 4_096 }] }, 4_096],
    ['Groq', { data: [{ id: 'm', context_window: 9_000 }] }, 9_000],
    ['Gemini, compatible', { object: 'list', data: [{ id: 'models/m', object: 'model' }] }, null],
    ['Gemini', { models: [{ name: 'models/m', inputTokenLimit: 32_000 }] }, 32_000],
    ['Anthropic', { data: [{ id: 'm', type: 'model', display_name: 'M' }], has_more: false }, null],
    ['Together', [{ id: 'm', context_length: 7_000 }], 7_000],
  ])('reads the list of %s', async (_, list, context) => {
    play = json(list)
    const answer = await models(draft())
    expect(answer).toMatchObject({ ok: true, status: 200, error: null })
    expect(answer.items).toEqual([
      expect.objectContaining({ id: 'm', context_tokens: context, price: null }),
    ])
    expect(seen).toEqual([
      { url: '/v1/models', headers: expect.objectContaining({ authorization: `Bearer ${KEY}` }) },
    ])
  })

  it('uses the key of a provider that is configured, and only at its address', async () => {
    play = json({ data: [] })
    expect((await models({ provider: 'known' })).ok).toBe(true)
    expect(seen.at(-1)?.headers.authorization).toBe(`Bearer ${STORED}`)
    await models({ provider: 'known', base_url: `${base}/elsewhere`, allow_private: true })
    expect(seen.at(-1)?.headers.authorization).toBeUndefined()
    const masked = { provider: 'known', base_url: base, api_key: '••••0002', allow_private: true }
    expect((await models(masked)).ok).toBe(true)
    expect(seen.at(-1)?.headers.authorization).toBe(`Bearer ${STORED}`)
    const calls = seen.length
    const moved = await models({ ...masked, base_url: base.replace('127.0.0.1', 'localhost') })
    expect([moved.ok, moved.error]).toEqual([false, expect.stringContaining('key')])
    expect(seen.length).toBe(calls)
    expect((await models({ provider: 'nobody' })).ok).toBe(false)
  })

  it('takes a key from the environment by its name, and from no file', async () => {
    play = json({ data: [] })
    await models(draft({ api_key: '${SMARTROUTE_ADMIN_TOKEN}x' }))
    expect(seen.at(-1)?.headers.authorization).toMatch(/^Bearer admin-token-for-tests-\d+x$/)
    expect((await models(draft({ api_key: '${NO_SUCH}' }))).error).toContain('NO_SUCH')
    const calls = seen.length
    const file = await models(draft({ api_key: '${file:/etc/passwd}' }))
    expect([file.ok, seen.length]).toEqual([false, calls])
  })

  it.each([
    ['a private address without leave', () => base, /private|loopback/],
    ['a name of this machine', () => base.replace('127.0.0.1', 'localhost'), /private|loopback/],
    ['cloud metadata', () => 'http://169.254.169.254/latest', /169\.254/],
    ['cloud metadata by name', () => 'http://metadata.google.internal/v1', /metadata/],
    ['nowhere', () => 'http://0.0.0.0:1/v1', /0\.0\.0\.0/],
    ['IPv4 in disguise', () => 'http://[::ffff:169.254.169.254]/v1', /169\.254|a9fe/],
    ['another scheme', () => 'file:///etc/passwd', /http/],
    ['credentials in the address', () => 'https://user:pass@example.com/v1', /credentials/],
  ])('refuses %s', async (_, address, reason) => {
    for (const call of ['/providers/models', '/providers/test']) {
      const answer = await ask(call, { base_url: address(), api_key: KEY, model: 'm' })
      expect([answer.ok, answer.error]).toEqual([false, expect.stringMatching(reason)])
    }
    const metadata = await ask('/providers/models', {
      base_url: 'http://169.254.169.254/latest',
      allow_private: true,
    })
    expect(metadata.ok).toBe(false)
    expect(seen).toEqual([])
  })

  it('follows no redirect', async () => {
    play = (_, response) => {
      response.writeHead(302, { location: `${base}/secret?key=${KEY}` })
      response.end()
    }
    const list = await models(draft())
    expect([list.ok, list.status, list.error]).toEqual([
      false,
      302,
      expect.stringMatching(/redirect/),
    ])
    const test = await ask('/providers/test', draft({ model: 'm' }))
    expect([test.ok, test.status]).toEqual([false, 302])
    expect(seen.map(({ url }) => url)).toEqual(['/v1/models', '/v1/chat/completions'])
  })

  it('shows no key that a provider hands back, wherever it puts it', async () => {
    const echo = [KEY, STORED, `${STORED}-h`].join(' ')
    const plays: Play[] = [
      json({ error: { message: `bad key ${echo}`, code: KEY } }, 401),
      json({ error: { message: `bad key ${echo}` } }, 500),
      json({ data: [{ id: `model-${KEY}-${STORED}-h` }] }),
      json({ choices: [{ message: { role: 'assistant', content: `key: ${echo}` } }] }),
      (_, response) => response.end(`<html>${echo}</html>`),
      (_, response) => response.destroy(),
    ]
    for (const next of plays) {
      play = next
      await models(draft())
      await models({ provider: 'known' })
      await ask('/providers/test', draft({ model: 'm' }))
      await ask('/providers/test', { provider: 'known', model: 'm' })
    }
    const { items } = (await (await gateway.api('/audit?limit=200')).json()) as any
    expect(JSON.stringify(items)).not.toContain(KEY)
    expect(items.some(({ action }: { action: string }) => action === 'provider.test')).toBe(true)
  })

  it('tests a model with a word', async () => {
    play = json({
      choices: [
        { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'ready' } },
      ],
    })
    const answer = await ask('/providers/test', draft({ model: 'm' }))
    expect(answer).toMatchObject({
      ok: true,
      outcome: 'ok',
      status: 200,
      text: 'ready',
      error: null,
    })
    expect(answer.connect_ms).toBeGreaterThanOrEqual(0)
    expect(answer.total_ms).toBeGreaterThanOrEqual(answer.connect_ms)
    play = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const chunk = (delta: object, finish: string | null): string =>
        `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
      response.write(chunk({ role: 'assistant', content: 'rea' }, null))
      setTimeout(() => response.end(`${chunk({ content: 'dy' }, 'stop')}data: [DONE]\n\n`), 50)
    }
    const streamed = await ask('/providers/test', draft({ model: 'm' }))
    expect(streamed).toMatchObject({ ok: true, text: 'ready' })
    expect(streamed.first_token_ms).toBeLessThan(streamed.total_ms - 30)
    play = json({ choices: [] })
    expect(await ask('/providers/test', draft({ model: 'm' }))).toMatchObject({
      ok: false,
      outcome: 'empty',
    })
    play = json({ error: { message: 'no such model', code: 'model_not_found' } }, 404)
    expect(await ask('/providers/test', draft({ model: 'x' }))).toMatchObject({
      ok: false,
      outcome: 'model_missing',
      status: 404,
    })
  })
})
