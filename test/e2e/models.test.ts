import { describe, expect, it } from 'vitest'
import { chat } from '../support/chat.ts'
import { withGateway } from '../support/fixture.ts'
import { until } from '../support/start-gateway.ts'

// The vendors' addresses are only looked up in the price list; nothing here calls them.
const fixture = withGateway(
  (url) => `version: 1
providers:
  fake: { base_url: "${url}", api_key: sk-models-secret-000001, allow_private: true }
  openai: { base_url: "https://api.openai.com/v1", api_key: sk-models-secret-000002 }
  proxy: { base_url: "https://reseller.example/v1", api_key: sk-models-secret-000003 }
default_provider: fake
model_map: { gpt-5-mini: openai }
tiers:
  t1: { models: [fake/ok, openai/gpt-5-nano] }
  t2: { models: [fake/ok, proxy/gpt-5-mini] }
models: { fake/ok: { context_tokens: 9000 } }
prices:
  fake/ok: { input: 1, output: 2 }
  gpt-5-nano: { input: 7, output: 8, cached_input: 0.5 }
`,
)

describe('the models', () => {
  it('are those of tiers, map and log, each with its price, where that comes from, and its use', async () => {
    await chat(fixture.gateway, { model: 't1' })
    await chat(fixture.gateway, { model: 'fake/status-500' })
    await chat(fixture.gateway, { model: 'fake/other' })
    const list = async (): Promise<any[]> =>
      ((await (await fixture.gateway.api('/models')).json()) as { items: any[] }).items
    // From the first moment: the files are being made meanwhile.
    for (let ask = 0; ask < 200; ask++) expect(await list()).toBeInstanceOf(Array)
    await until(async () => (await list()).some((row) => row.endpoint === 'fake/other'), 5_000)
    const of = new Map((await list()).map((row) => [row.endpoint, row]))
    expect(of.get('fake/ok')).toMatchObject({
      provider: 'fake',
      model: 'ok',
      tiers: ['t1', 't2'],
      price: { input: 1, output: 2, cached_input: 1, source: 'config' },
      context_tokens: 9_000,
      requests_7d: 1,
      errors_7d: 0,
    })
    expect(of.get('fake/ok').cost_usd_7d).toBeGreaterThan(0)
    expect(of.get('openai/gpt-5-nano')).toMatchObject({
      price: { input: 7, output: 8, cached_input: 0.5, source: 'config' },
      context_tokens: 400_000,
      requests_7d: 0,
    })
    expect(of.get('openai/gpt-5-mini')).toMatchObject({
      tiers: [],
      price: { input: 0.25, output: 2, source: 'catalogue' },
    })
    expect(of.get('proxy/gpt-5-mini')).toMatchObject({ tiers: ['t2'], price: null })
    expect(of.get('fake/other')).toMatchObject({ tiers: [], price: null, requests_7d: 1 })
  })
})
