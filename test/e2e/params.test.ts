import { describe, expect, it } from 'vitest'
import { chat, logOf } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'

const fixture = withGateway(
  (url) => `${provider(url)}
tiers: { t1: { models: [fake/ok] } }
params:
  global: { temperature: 0.7, max_tokens: 100 }
  models:
    kimi: { top_p: 0.95, n: null }
    fake/kimi: { seed: 5 }
`,
)

async function sent(body: string): Promise<string> {
  const answer = await chat(fixture.gateway, body)
  expect(answer.status).toBe(200)
  return fixture.upstream.calls.at(-1)?.raw ?? ''
}

describe('parameters', () => {
  it('fill gaps globally and leave every other byte alone', async () => {
    const body =
      '{ "big":9007199254740993, "model" : "fake/ok",\n "messages":[{"role":"user","content":"\\u4f60 1.0"}], "one":1.0,"vendor":{"b":1,"a":2} }'
    expect(await sent(body)).toBe(
      '{ "big":9007199254740993, "model" : "ok",\n "messages":[{"role":"user","content":"\\u4f60 1.0"}], "one":1.0,"vendor":{"b":1,"a":2} ,"temperature":0.7,"max_tokens":100}',
    )
  })

  it('never override what the client sent, nor add the second name of a limit', async () => {
    const raw = JSON.parse(
      await sent(
        '{"model":"fake/ok","temperature":0,"max_completion_tokens":9,"messages":[{"role":"user","content":"x"}]}',
      ),
    ) as object
    expect(raw).toEqual({
      model: 'ok',
      temperature: 0,
      max_completion_tokens: 9,
      messages: [{ role: 'user', content: 'x' }],
    })
  })

  it('of a model win over everybody; null removes', async () => {
    const raw = JSON.parse(
      await sent(
        '{"model":"fake/kimi","top_p":0.1,"n":2,"temperature":1,"messages":[{"role":"user","content":"x"}]}',
      ),
    ) as object
    expect(raw).toEqual({
      model: 'kimi',
      top_p: 0.95,
      seed: 5,
      temperature: 1,
      max_tokens: 100,
      messages: [{ role: 'user', content: 'x' }],
    })
  })

  it('are shown in the log as what changed', async () => {
    const answer = await chat(fixture.gateway, { model: 'fake/kimi', n: 2 })
    const { attempts } = await logOf(fixture.gateway, answer)
    expect(attempts[0].changes).toEqual({
      model: 'kimi',
      top_p: 0.95,
      seed: 5,
      n: null,
      temperature: 0.7,
      max_tokens: 100,
    })
  })

  it("nothing of the client's headers reaches the provider", async () => {
    await chat(
      fixture.gateway,
      { model: 'fake/ok' },
      { cookie: 'a=b', 'x-secret': 'mine', 'user-agent': 'me' },
    )
    const headers: Record<string, unknown> = fixture.upstream.calls.at(-1)?.headers ?? {}
    expect(headers['authorization']).toBe('Bearer sk-upstream-secret-000001')
    expect(headers).not.toHaveProperty('cookie')
    expect(headers).not.toHaveProperty('x-secret')
    expect(headers['user-agent']).toBe('smartroute')
  })
})
