import { beforeEach, describe, expect, it } from 'vitest'
import { chat, logOf } from '../support/chat.ts'
import { answerFor } from '../support/faults.ts'
import { heal, provider, withGateway } from '../support/fixture.ts'

const BROKEN: Readonly<Record<string, string>> = {
  'status-401': 'auth',
  'status-402': 'quota',
  'status-403': 'auth',
  'status-404': 'model_missing',
  'status-408': 'server',
  'status-409': 'server',
  'status-418': 'server',
  'status-429-quota': 'quota',
  'status-500': 'server',
  'status-502': 'server',
  'status-503': 'overload',
  'status-529': 'overload',
  'html-200': 'bad_body',
  'error-200-nested': 'server',
  'error-200-flat': 'server',
  'error-200-string': 'server',
  'error-event': 'server',
  'error-finish': 'server',
  empty: 'empty',
  'empty-body': 'empty',
  'no-choices': 'empty',
  keyword: 'keyword',
  'keyword-sorry': 'keyword',
  'keyword-zh': 'keyword',
  'reset-before-headers': 'stale_socket',
}

const fixture = withGateway((url) => {
  const maps = Object.keys(BROKEN).map((model) => `  "${model}": fake`)
  return `${provider(url)}
model_map:
${maps.join('\n')}
tiers:
  t1: { models: [fake/first, spare/ok] }
  t2: { models: [dead/x, spare/ok] }
  t3: { models: [fake/status-500, spare/status-503] }
timeouts: { connect_ms: 2000, first_token_ms: 1000, idle_ms: 1000, total_ms: 8000 }
`
})

const messages = [{ role: 'user', content: 'please echo this' }]
const expected = answerFor({ messages })

describe('failover', () => {
  beforeEach(() => heal(fixture))

  for (const stream of [false, true]) {
    it.each(Object.entries(BROKEN))(
      `hides "%s" behind the second model (stream: ${stream})`,
      async (fault, outcome) => {
        const { gateway, upstream } = fixture
        upstream.script = (call) => (call.model === 'first' ? fault : call.model)
        const answer = await chat(gateway, { model: 't1', stream, messages })
        upstream.script = null
        expect(answer.status).toBe(200)
        expect(answer.content).toBe(expected)
        expect(answer.headers.get('x-smartroute-model')).toBe('spare/ok')
        const log = await logOf(gateway, answer)
        expect(log.attempts[0]).toMatchObject({ model: 'first', outcome })
        expect(log.attempts.at(-1)).toMatchObject({ model: 'ok', outcome: 'ok', next: 'done' })
        expect(answer.headers.get('x-smartroute-attempts')).toBe(String(log.attempts.length))
      },
    )
  }

  it('goes on when nobody listens at an address', async () => {
    const answer = await chat(fixture.gateway, { model: 't2', messages })
    expect(answer.content).toBe(expected)
    expect((await logOf(fixture.gateway, answer)).attempts[0]).toMatchObject({
      provider: 'dead',
      outcome: 'connect',
      status: null,
    })
  })

  it("returns a client's own mistake as it came, without trying another model", async () => {
    const { gateway, upstream } = fixture
    const before = upstream.of('ok').length
    upstream.script = (call) => (call.model === 'first' ? 'status-400' : call.model)
    const answer = await chat(gateway, { model: 't1', messages })
    upstream.script = null
    expect(answer.status).toBe(400)
    expect(answer.json.error).toEqual({
      message: 'temperature must be below 2',
      type: 'invalid_request_error',
      param: 'temperature',
      code: 'invalid_value',
    })
    expect(upstream.of('ok').length).toBe(before)
  })

  it.each([
    ['fake/long-about-limits', 'tell me a story', 200],
    ['fake/short-about-limits', 'What is a rate limit?', 200],
    ['fake/short-about-limits', 'what did you say', 502],
    ['fake/length-only', 'hello', 200],
    ['fake/refusal', 'hello', 200],
  ])('%s asked "%s" ends with %i', async (model, content, status) => {
    for (const stream of [false, true]) {
      const answer = await chat(fixture.gateway, {
        model,
        stream,
        messages: [{ role: 'user', content }],
      })
      expect(answer.status).toBe(status)
    }
  })

  it.each([
    ['status-401', 502, 'upstream_auth'],
    ['status-404', 404, 'model_not_found'],
    ['status-429', 429, 'rate_limit_exceeded'],
    ['status-429-quota', 429, 'insufficient_quota'],
    ['status-500', 502, 'upstream_error'],
    ['status-503', 503, 'overloaded'],
    ['empty', 502, 'empty_completion'],
    ['html-200', 502, 'upstream_error'],
    ['context', 400, 'context_length_exceeded'],
    ['hang', 504, 'timeout'],
  ])('never replaces a pinned model: %s ends with %i %s', async (model, status, code) => {
    const answer = await chat(fixture.gateway, { model: `fake/${model}`, stream: true, messages })
    expect(answer.status).toBe(status)
    expect(answer.json.error).toMatchObject({ code, param: null })
    expect(Object.keys(answer.json.error).sort()).toEqual(['code', 'message', 'param', 'type'])
    expect(answer.headers.get('x-should-retry')).toBe('false')
    expect(answer.headers.get('x-smartroute-tier')).toBe('pinned')
    const log = await logOf(fixture.gateway, answer)
    expect(new Set(log.attempts.map((attempt: { model: string }) => attempt.model))).toEqual(
      new Set([model]),
    )
    expect(log.error.code).toBe(code)
  })

  it('goes on at once when a model is rate limited, and lets it rest as long as it asks', async () => {
    const { gateway, upstream } = fixture
    upstream.script = (call) => (call.model === 'first' ? 'status-429' : call.model)
    const answer = await chat(gateway, { model: 't1', messages })
    expect((await logOf(gateway, answer)).attempts[0].outcome).toBe('rate')
    const next = await chat(gateway, { model: 't1', messages })
    upstream.script = null
    expect(next.headers.get('x-smartroute-attempts')).toBe('1')
    const health = (await (await gateway.api('/health')).json()) as {
      endpoints: { endpoint: string; state: string; cooldown_ms: number }[]
    }
    const first = health.endpoints.find((entry) => entry.endpoint === 'fake/first')
    expect(first?.state).toBe('open')
    expect(first?.cooldown_ms).toBeGreaterThan(5_000)
  })

  it('says how long a rate limit lasts', async () => {
    const answer = await chat(fixture.gateway, { model: 'fake/status-429', messages })
    expect(answer.headers.get('retry-after')).toBe('7')
  })

  it('never shows the key that a provider echoes', async () => {
    const answer = await chat(fixture.gateway, { model: 'fake/status-401', messages })
    expect(answer.text).not.toContain('sk-fakesecret1234')
    expect(JSON.stringify(await logOf(fixture.gateway, answer))).not.toContain('sk-fakesecret1234')
  })

  it('tells the chain when everything fails', async () => {
    const answer = await chat(fixture.gateway, { model: 't3', messages })
    expect(answer.status).toBeGreaterThanOrEqual(502)
    expect(answer.json.error.message).toMatch(/fake\/status-500: \w+ 500; .*spare\/status-503/)
  })
})
