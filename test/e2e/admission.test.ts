import { describe, expect, it } from 'vitest'
import { chat } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'

const fixture = withGateway(
  (url) => `${provider(url)}
tiers:
  t1: { models: [fake/slow] }
  t2: { models: [spare/ok] }
server: { max_inflight: 10 }
gateway:
  api_keys: [sr-greedy-key-000001, sr-modest-key-000002, sr-limited-key-00003, sr-few-models-00004, sr-poor-key-0000005]
  key_limits:
    "file:3": { requests_per_minute: 3, tokens_per_minute: 100000, max_concurrency: 2 }
    "file:4": { models: [t2], tokens_per_minute: 18 }
    "file:5": { usd_per_day: 0.01, max_output_tokens: 50 }
prices: { spare/ok: { input: 100, output: 1000 } }
`,
)

const as = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` })
const GREEDY = as('sr-greedy-key-000001')
const MODEST = as('sr-modest-key-000002')
const LIMITED = as('sr-limited-key-00003')
const FEW = as('sr-few-models-00004')

describe('admission', () => {
  it('sheds above the limit of the gateway, quickly, and tells the client to come back', async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => chat(fixture.gateway, { model: 't1' }, GREEDY)),
    )
    const shed = answers.filter(({ status }) => status === 503)
    expect(shed.length).toBeGreaterThanOrEqual(6)
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(8)
    for (const { json, headers } of shed) {
      expect(json.error.code).toBe('overloaded')
      expect(headers.get('x-should-retry')).toBe('true')
      const seconds = Number(headers.get('retry-after'))
      expect(seconds).toBeGreaterThanOrEqual(1)
      expect(seconds).toBeLessThanOrEqual(5)
    }
  })

  it('keeps room for the others when one key floods it', async () => {
    const modest = chat(fixture.gateway, { model: 't1' }, MODEST)
    const flood = Promise.all(
      Array.from({ length: 16 }, () => chat(fixture.gateway, { model: 't1' }, GREEDY)),
    )
    await new Promise((resolve) => setTimeout(resolve, 150))
    const late = await chat(fixture.gateway, { model: 't2' }, MODEST)
    expect([late.status, (await modest).status]).toEqual([200, 200])
    await flood
  })

  it('holds a key to its limits', async () => {
    const { gateway } = fixture
    const three = await Promise.all(
      Array.from({ length: 3 }, () => chat(gateway, { model: 't1' }, LIMITED)),
    )
    const statuses = three.map(({ status }) => status).sort((a, b) => a - b)
    expect(statuses).toEqual([200, 200, 429])
    const refused = three.find(({ status }) => status === 429)
    expect(refused?.json.error).toMatchObject({ code: 'rate_limit_exceeded' })
    expect(refused?.json.error.message).toContain('2 requests at a time')
    expect((await chat(gateway, { model: 't2' }, LIMITED)).status).toBe(200)
    const fourth = await chat(gateway, { model: 't2' }, LIMITED)
    expect(fourth.status).toBe(429)
    expect(fourth.json.error.message).toContain('3 requests per minute')
    expect(Number(fourth.headers.get('retry-after'))).toBeGreaterThan(10)
    expect((await chat(gateway, { model: 't2' }, GREEDY)).status).toBe(200)
  })

  it('lets a key spend what it may, and ask for no more tokens than that', async () => {
    const { gateway, upstream } = fixture
    const poor = as('sr-poor-key-0000005')
    // 11 tokens in and 7 out cost 0.0081 USD at these prices.
    expect((await chat(gateway, { model: 't2', max_tokens: 4_000 }, poor)).status).toBe(200)
    expect(upstream.calls.at(-1)?.body['max_tokens']).toBe(50)
    expect((await chat(gateway, { model: 't2', max_completion_tokens: 20 }, poor)).status).toBe(200)
    expect(upstream.calls.at(-1)?.body).toMatchObject({ max_completion_tokens: 20 })
    expect(upstream.calls.at(-1)?.body).not.toHaveProperty('max_tokens')
    const spent = await chat(gateway, { model: 't2' }, poor)
    expect([spent.status, spent.json.error.code]).toEqual([429, 'insufficient_quota'])
    expect(spent.headers.get('x-should-retry')).toBe('false')
  })

  it('lets a key use its models and tokens only', async () => {
    const { gateway } = fixture
    const forbidden = await chat(gateway, { model: 'auto' }, FEW)
    expect([forbidden.status, forbidden.json.error.code]).toEqual([403, 'model_not_allowed'])
    const list = (await (await fetch(`${gateway.url}/v1/models`, { headers: FEW })).json()) as {
      data: { id: string }[]
    }
    expect(list.data.map(({ id }) => id)).toEqual(['t2'])
    expect((await chat(gateway, { model: 't2' }, FEW)).status).toBe(200)
    // 18 tokens were used, all there were.
    const spent = await chat(gateway, { model: 't2' }, FEW)
    expect(spent.status).toBe(429)
    expect(spent.json.error.message).toContain('18 tokens per minute')
  })
})
