import { describe, expect, it } from 'vitest'
import { chat, logOf } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { until } from '../support/start-gateway.ts'

const KEYS = ['sr-shared-key-000001', 'sr-poor-key-00000002', 'sr-tokens-key-000003']
const fixture = withGateway(
  (url) => `${provider(url)}
gateway:
  api_keys: [${KEYS.join(', ')}]
  key_limits:
    "file:2": { usd_per_day: 0.01 }
    "file:3": { tokens_per_minute: 20 }
tiers:
  t1: { models: [fake/small] }
  t2: { models: [fake/medium] }
  t3: { models: [fake/large] }
prices: { fake/small: { input: 1, output: 2 }, fake/large: { input: 10, output: 20 }, fake/judge: { input: 1000, output: 1000 } }
routing:
  classifier: cascade
  local: { ask_below: 1 }
  llm: { model: fake/judge }
`,
)

const [SHARED = '', POOR = '', FEW_TOKENS = ''] = KEYS
/** Each call uses 11 tokens in and 7 out. */
const JUDGE_USD = (18 * 1000) / 1e6
const SMALL_USD = (11 * 1 + 7 * 2) / 1e6
const LARGE_USD = (11 * 10 + 7 * 20) / 1e6

/** The answer to an ask that the judge finds small; its model plays `played`. */
function ask(content: string, key = SHARED, played = 'ok'): ReturnType<typeof chat> {
  fixture.upstream.script = ({ model }) => (model === 'judge' ? 'says-t1' : played)
  const body = { model: 'auto', messages: [{ role: 'user', content }] }
  return chat(fixture.gateway, body, { authorization: `Bearer ${key}` })
}

const get = async (path: string): Promise<any> => (await fixture.gateway.api(path)).json()

describe('what the judge costs', () => {
  it('is a part of what a request costs, and is no part of the answer', async () => {
    const log = await logOf(fixture.gateway, await ask('hello there'))
    expect(log.classifier.usage).toMatchObject({ total_tokens: 18 })
    expect(log.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 7 })
    expect(log.cost_usd).toBeCloseTo(SMALL_USD + JUDGE_USD, 9)
    expect(log.saved_usd).toBeCloseTo(LARGE_USD - SMALL_USD - JUDGE_USD, 9)
  })

  it('is there where nobody answered', async () => {
    const failed = await logOf(fixture.gateway, await ask('good morning', SHARED, 'status-400'))
    expect([failed.model, failed.usage]).toEqual([null, null])
    expect([failed.cost_usd, failed.saved_usd]).toEqual([JUDGE_USD, -JUDGE_USD])
  })

  it('is counted once where several requests share one call, and not where an answer is kept', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask('name three rivers')))
    const rows = await Promise.all(answers.map((answer) => logOf(fixture.gateway, answer)))
    const again = await logOf(fixture.gateway, await ask('name three rivers'))
    expect(again.cost_usd).toBeCloseTo(SMALL_USD, 9)
    const total = rows.reduce((sum, { cost_usd: usd }) => sum + usd, 0)
    expect(total).toBeCloseTo(4 * SMALL_USD + JUDGE_USD, 9)
  })

  it('is in the sums under its own model', async () => {
    const { items } = await get('/logs?limit=100')
    const spent = items.reduce((sum: number, row: any) => sum + (row.cost_usd ?? 0), 0)
    const stats = await until(async () => {
      const found = await get('/stats?range=15m')
      return found.requests === items.length && found
    })
    expect(stats.cost_usd).toBeCloseTo(spent, 9)
    expect(stats.by_model['fake/judge']).toMatchObject({ requests: 0, tokens: { total: 3 * 18 } })
    expect(stats.by_model['fake/judge'].cost_usd).toBeCloseTo(3 * JUDGE_USD, 9)
    expect(stats.by_model['fake/small'].cost_usd).toBeCloseTo(6 * SMALL_USD, 9)
    expect(stats.by_tier.t1.cost_usd).toBeCloseTo(spent, 9)
    expect(stats.tokens.total).toBe(9 * 18)
    const [key] = (await get('/keys')).items.filter(({ name }: any) => name === 'file:1')
    expect(key.cost_usd_24h).toBeCloseTo(spent, 9)
    const metrics = await (await fetch(`${fixture.gateway.url}/metrics`)).text()
    const counted = (name: string): number =>
      Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1])
    expect(counted('smartroute_cost_usd_total')).toBeCloseTo(spent, 9)
    expect(counted('smartroute_tokens_total\\{type="input"\\}')).toBe(9 * 11)
  })

  it('is what a key may spend on a day, and its tokens are those of a minute', async () => {
    expect((await ask('what is 1 plus 1', POOR)).status).toBe(200)
    const broke = await ask('what is 1 plus 2', POOR)
    expect([broke.status, broke.json.error.code]).toEqual([429, 'insufficient_quota'])
    expect((await ask('what is 2 plus 1', FEW_TOKENS)).status).toBe(200)
    const slow = await ask('what is 2 plus 2', FEW_TOKENS)
    expect([slow.status, slow.json.error.code]).toEqual([429, 'rate_limit_exceeded'])
  })
})
