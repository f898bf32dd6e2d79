import { connect } from 'node:net'
import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chat, logOf } from '../support/chat.ts'
import { heal, provider, steer, withGateway } from '../support/fixture.ts'
import { startGateway, until } from '../support/start-gateway.ts'

const fixture = withGateway(
  (url) => `${provider(url)}
  keys:
    base_url: "${url}"
    api_keys: [sk-key-one-00000001, sk-key-two-00000002]
    allow_private: true
  narrow: { base_url: "${url}", api_key: sk-narrow-00000001, allow_private: true, max_concurrency: 1 }
  guarded: { base_url: "${url}", api_key: sk-guarded-0000001 }
tiers:
  t1: { models: [fake/first, spare/ok] }
  t2: { models: [fake/slow, spare/ok], timeouts: { hedge_after_ms: 80 } }
  t3: { models: [spare/ok], retry: { on_content_filter: failover } }
models:
  fake/small: { context_tokens: 100 }
server: { keep_alive_after_ms: 300, slow_client_ms: 500 }
gateway:
  limits: { max_concurrency: 100 }
timeouts: { connect_ms: 2000, first_token_ms: 1500, idle_ms: 1000, total_ms: 8000 }
`,
)

const say = (content: string): object => ({ messages: [{ role: 'user', content }] })

beforeEach(() => heal(fixture))
afterEach(() => {
  fixture.upstream.script = null
})

interface Health {
  readonly endpoints: readonly Record<string, unknown>[]
}

async function stateOf(endpoint: string): Promise<Record<string, unknown>> {
  const health = (await (await fixture.gateway.api('/health')).json()) as Health
  return health.endpoints.find((one) => one['endpoint'] === endpoint) ?? {}
}

describe('keys', () => {
  it('takes the next key of the account when one is exhausted, and then leaves it alone', async () => {
    const { gateway, upstream } = fixture
    upstream.script = (call) =>
      call.headers.authorization === 'Bearer sk-key-one-00000001' ? 'status-429-quota' : 'ok'
    const seen = new Set<string>()
    for (let count = 0; count < 8; count++) {
      const answer = await chat(gateway, { model: 'keys/m' })
      expect(answer.status).toBe(200)
      const log = await logOf(gateway, answer)
      for (const attempt of log.attempts) {
        expect(attempt.key).toBeGreaterThanOrEqual(1)
        if (attempt.outcome !== 'ok') seen.add(`${attempt.outcome} ${attempt.next}`)
      }
    }
    expect([...seen]).toEqual(['quota next_key'])
    const exhausted = upstream.calls.filter(
      ({ headers }) => headers.authorization === 'Bearer sk-key-one-00000001',
    )
    expect(exhausted).toHaveLength(1)
  })
})

describe('parameters a vendor does not know', () => {
  it('are left out once refused, and from then on at once', async () => {
    const { gateway, upstream } = fixture
    upstream.script = (call) => ('top_k' in call.body ? 'param-top-k' : 'ok')
    const first = await chat(gateway, { model: 'fake/picky', top_k: 5 })
    expect(first.status).toBe(200)
    const log = await logOf(gateway, first)
    expect(log.attempts.map((one: { outcome: string }) => one.outcome)).toEqual(['param', 'ok'])
    const second = await chat(gateway, { model: 'fake/picky', top_k: 5 })
    expect((await logOf(gateway, second)).attempts).toHaveLength(1)
  })
})

describe('deadlines of the client', () => {
  it.each([
    [{ 'x-request-timeout-ms': '400' }, 400],
    [{ 'x-stainless-timeout': '1' }, 500],
  ])('%j ends the request in time, without blame for the provider', async (headers, ms) => {
    const { gateway, upstream } = fixture
    upstream.script = () => 'hang'
    const startedAt = performance.now()
    const answer = await chat(gateway, { model: 't3' }, headers)
    expect(answer.status).toBe(504)
    expect(answer.headers.get('x-should-retry')).toBe('false')
    expect(performance.now() - startedAt).toBeLessThan(ms + 500)
    expect((await stateOf('spare/ok'))['score']).toBe(1)
  })

  it('an SDK that repeats on its own gets half the attempts', async () => {
    const { gateway, upstream } = fixture
    upstream.script = () => 'status-503'
    const once = await chat(gateway, { model: 'fake/once' }, { 'x-stainless-retry-count': '1' })
    expect((await logOf(gateway, once)).attempts.length).toBeLessThanOrEqual(2)
  })
})

describe('waiting', () => {
  it('sends comments while the first word is awaited, then the answer, in one stream', async () => {
    const { gateway, upstream } = fixture
    upstream.script = () => 'late-stream'
    const answer = await chat(gateway, { model: 't3', stream: true })
    expect(answer.text.startsWith(': keep-alive\n\n')).toBe(true)
    expect(answer.events.at(-1)).toBe('[DONE]')
  })

  it('after that tells a failure as an event', async () => {
    const { gateway, upstream } = fixture
    upstream.script = () => 'hang'
    const answer = await chat(gateway, { model: 't3', stream: true })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('"code":"timeout"')
    expect(answer.events.at(-1)).not.toBe('[DONE]')
    const log = await logOf(gateway, answer)
    expect(log.error.code).toBe('timeout')
  })

  it('asks a second model where the first is silent, and ends the slower one', async () => {
    const { gateway, upstream } = fixture
    for (const stream of [false, true]) {
      upstream.script = (call) => (call.model === 'slow' ? 'hang' : 'ok')
      const startedAt = performance.now()
      const answer = await chat(gateway, { model: 't2', stream })
      expect(answer.status).toBe(200)
      expect(performance.now() - startedAt).toBeLessThan(900)
      const log = await logOf(gateway, answer)
      if (log.attempts.length === 2) {
        expect(log.attempts[0]).toMatchObject({ model: 'slow', outcome: 'cancelled' })
        expect(log.attempts[1]).toMatchObject({ model: 'ok', outcome: 'ok' })
      }
      expect(answer.headers.get('x-smartroute-model')).toBe('spare/ok')
      await heal(fixture)
      // The budget allows one in twenty: what follows would not be asked twice.
      break
    }
  })

  it('lets requests wait their turn at a provider that takes one at a time', async () => {
    const { gateway, upstream } = fixture
    upstream.script = () => 'slow'
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => chat(gateway, { model: 'narrow/m' })),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const starts = upstream
      .of('m')
      .slice(-3)
      .map(({ startedAt }) => startedAt)
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(350)
    expect((starts[2] ?? 0) - (starts[1] ?? 0)).toBeGreaterThan(350)
  })
})

describe('by hand', () => {
  it('drains, opens and closes a model; the next request obeys', async () => {
    const { gateway } = fixture
    const served = async (): Promise<string | null> =>
      (await chat(gateway, { model: 't1' })).headers.get('x-smartroute-model')
    expect(await served()).toBe('fake/first')
    await steer(gateway, 'fake/first', 'drain')
    expect(await stateOf('fake/first')).toMatchObject({ drained: true, cause: 'manual' })
    expect(await served()).toBe('spare/ok')
    await steer(gateway, 'spare/ok', 'drain')
    const none = await chat(gateway, { model: 't1' })
    expect([none.status, none.json.error.code]).toEqual([503, 'no_healthy_upstream'])
    await steer(gateway, 'fake/first', 'close')
    expect(await served()).toBe('fake/first')
    expect((await steer(gateway, 'no/such', 'drain')).status).toBe(404)
    expect((await steer(gateway, 'fake/first', 'explode')).status).toBe(400)
  })
})

describe('addresses', () => {
  it('refuses a private address that nobody allowed, and says what to do', async () => {
    const { gateway, upstream } = fixture
    const before = upstream.calls.length
    const answer = await chat(gateway, { model: 'guarded/m' })
    expect(answer.status).toBe(502)
    expect(answer.json.error.message).toContain('allow_private: true')
    expect(upstream.calls.length).toBe(before)
  })
})

describe('loops and foreign headers', () => {
  it('refuses a request that has passed three gateways', async () => {
    const answer = await chat(fixture.gateway, { model: 't3' }, { 'x-smartroute-hop': '3' })
    expect([answer.status, answer.json.error.code]).toEqual([508, 'loop_detected'])
  })

  it("passes on nothing of the client's headers, and counts itself", async () => {
    const { gateway, upstream } = fixture
    await chat(gateway, { model: 't3' }, { cookie: 'a=1', 'x-forwarded-for': '1.2.3.4' })
    const headers = upstream.calls.at(-1)?.headers ?? {}
    expect(headers['cookie']).toBeUndefined()
    expect(headers['x-forwarded-for']).toBeUndefined()
    expect(headers['x-smartroute-hop']).toBe('1')
  })
})

describe('resuming', () => {
  it('goes on in the language of the conversation, and shows it in the log', async () => {
    const { gateway, upstream } = fixture
    upstream.script = (call) => (call.model === 'first' ? 'reset-long-zh' : 'continue-zh')
    const answer = await chat(gateway, { model: 't1', stream: true, ...say('讲个故事') })
    expect(answer.content).toMatch(/^从前有座山.*故事讲完了。$/)
    expect(answer.events.at(-1)).toBe('[DONE]')
    const asked = upstream.calls.at(-1)?.body['messages'] as { role: string; content: string }[]
    expect(asked.at(-2)?.role).toBe('assistant')
    expect(asked.at(-1)?.content).toContain('继续')
    const log = await logOf(gateway, answer)
    expect(log.attempts[0]).toMatchObject({ outcome: 'truncated', next: 'resume' })
    expect(log.attempts[1]).toMatchObject({ resumed: true, outcome: 'ok' })
    expect(
      new Set(answer.events.flatMap((data) => /"id":"([^"]+)"/.exec(data)?.[1] ?? [])).size,
    ).toBe(1)
  })

  it.each([[{ n: 2 }], [{ response_format: { type: 'json_object' } }], [{ logprobs: true }]])(
    'does not continue with %j: says that the stream broke off',
    async (more) => {
      const { gateway, upstream } = fixture
      upstream.script = (call) => (call.model === 'first' ? 'reset-long-zh' : 'continue-zh')
      const answer = await chat(gateway, { model: 't1', stream: true, ...say('讲个故事'), ...more })
      expect(answer.text).toContain('"code":"stream_interrupted"')
      expect(answer.events.at(-1)).not.toBe('[DONE]')
      const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'x', maxRetries: 0 })
      await heal(fixture)
      const stream = await client.chat.completions.create({
        model: 't1',
        stream: true,
        messages: [{ role: 'user', content: '讲个故事' }],
        ...(more as object),
      })
      await expect(async () => {
        for await (const chunk of stream) expect(chunk.choices.length).toBeLessThan(2)
      }).rejects.toThrow()
    },
  )
})

describe('a client that does not read', () => {
  it('is cut, its provider too, and the log says so', async () => {
    const { gateway, upstream } = fixture
    const before = upstream.of('flood').length
    const { hostname, port } = new URL(gateway.url)
    const socket = connect(Number(port), hostname)
    const body = JSON.stringify({ model: 'fake/flood', stream: true, ...say('flood') })
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    socket.pause()
    socket.on('error', () => {})
    await until(() => upstream.of('flood')[before]?.abortedAt, 5_000)
    const row = await until(async () => {
      const list = (await (await gateway.api('/logs?limit=5')).json()) as { items: any[] }
      return list.items.find((item) => item.error?.code === 'slow_client')
    }, 3_000)
    expect(row.status).toBe(499)
    socket.destroy()
  })
})

describe('after a restart', () => {
  it('remembers what rests and what was taken out', async () => {
    const config = `${provider(fixture.upstream.baseUrl)}
tiers: { t1: { models: [fake/first, spare/ok] } }
`
    const first = await startGateway(config, ['--log-level', 'warn'])
    fixture.upstream.script = (call) => (call.model === 'first' ? 'status-429-quota' : 'ok')
    expect((await chat(first, { model: 't1' })).status).toBe(200)
    await steer(first, 'spare/ok', 'drain')
    const folder = first.dataDir
    const exit = first.process
    exit.kill('SIGTERM')
    await until(() => exit.exitCode !== null, 5_000)
    const second = await startGateway(config, ['--log-level', 'warn', '--data-dir', folder])
    const health = (await (await second.api('/health')).json()) as Health
    const of = (id: string): unknown => health.endpoints.find((one) => one['endpoint'] === id)
    expect(of('fake/first')).toMatchObject({ state: 'open', cause: 'quota' })
    expect(of('spare/ok')).toMatchObject({ drained: true })
    await second.stop()
    await first.stop()
  })
})
