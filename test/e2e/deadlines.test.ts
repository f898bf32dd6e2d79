import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { chat, logOf } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { until } from '../support/start-gateway.ts'

const config = (url: string): string => `${provider(url)}
tiers:
  t1: { models: [fake/hang, fake/ok], timeouts: { first_token_ms: 150 } }
  t2: { models: [fake/headers-then-hang, fake/ok], timeouts: { first_token_ms: 150 } }
  t3: { models: [fake/hang], timeouts: { total_ms: 300 } }
timeouts: { connect_ms: 1000, first_token_ms: 5000, idle_ms: 200, total_ms: 10000 }
`

const fixture = withGateway(config)

const messages = [{ role: 'user', content: 'x' }]

describe('deadlines', () => {
  it.each(['t1', 't2'])('goes on when no first token comes (%s)', async (tier) => {
    const answer = await chat(fixture.gateway, { model: tier, stream: true, messages })
    expect(answer.status).toBe(200)
    const log = await logOf(fixture.gateway, answer)
    expect(log.attempts.map((attempt: { outcome: string }) => attempt.outcome)).toEqual([
      'timeout_first_token',
      'ok',
    ])
  })

  it('goes on when a TLS handshake never ends', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    await fixture.gateway.configure(`${provider(fixture.upstream.baseUrl)}
  mute: { base_url: "https://127.0.0.1:${port}/v1", allow_private: true }
tiers: { t1: { models: [mute/x, fake/ok] } }
timeouts: { connect_ms: 150 }
`)
    const log = await until(async () => {
      const answer = await chat(fixture.gateway, { model: 't1', messages })
      const row = await logOf(fixture.gateway, answer)
      return row.attempts[0].provider === 'mute' && row
    })
    expect(log.attempts.map((attempt: { outcome: string }) => attempt.outcome)).toEqual([
      'timeout_connect',
      'ok',
    ])
    expect(log.attempts[0].connect_ms).toBeNull()
    silent.close()
    await fixture.gateway.configure(config(fixture.upstream.baseUrl))
    await until(async () =>
      (await (await fixture.gateway.api('/config')).text()).includes('"total_ms":300'),
    )
  })

  it('gives an answer that does not stream four times as long for its first byte', async () => {
    const startedAt = performance.now()
    const answer = await chat(fixture.gateway, { model: 't1', messages })
    expect(answer.status).toBe(200)
    expect(performance.now() - startedAt).toBeGreaterThan(550)
  })

  it('ends a silent stream with an error event', async () => {
    const answer = await chat(fixture.gateway, {
      model: 'fake/stall-mid-stream',
      stream: true,
      messages,
    })
    expect(JSON.parse(answer.events.at(-1) ?? '{}').error.code).toBe('stream_interrupted')
    expect((await logOf(fixture.gateway, answer)).attempts[0].outcome).toBe('timeout_idle')
  })

  it('bounds the whole request', async () => {
    const answer = await chat(fixture.gateway, { model: 't3', messages })
    expect([answer.status, answer.json.error.code]).toEqual([504, 'timeout'])
    expect((await logOf(fixture.gateway, answer)).total_ms).toBeLessThan(1_500)
  })
})

describe('a client that leaves', () => {
  it.each([
    ['waiting for headers', 'fake/hang', false, 0],
    ['waiting for headers of a stream', 'fake/hang', true, 0],
    ['while the answer is held', 'fake/headers-then-hang', true, 0],
    ['in the middle of a stream', 'fake/paced', true, 1],
  ])('ends the upstream call within 100 ms: %s', async (_when, model, stream, reads) => {
    const { gateway, upstream } = fixture
    const name = model.slice('fake/'.length)
    const before = upstream.of(name).length
    const client = request(`${gateway.url}/v1/chat/completions`, { method: 'POST' })
    client.on('error', () => {})
    client.end(JSON.stringify({ model, stream, messages }))
    const call = await until(() => upstream.of(name)[before])
    if (reads > 0)
      await new Promise<void>((resolve) =>
        client.on('response', (response) => response.once('data', () => resolve())),
      )
    const leftAt = performance.now()
    client.destroy()
    await until(() => call.abortedAt)
    expect((call.abortedAt ?? 0) - leftAt).toBeLessThan(100)
    const row = await until(async () => {
      const page = (await (await gateway.api('/logs?limit=1')).json()) as {
        items: { status: number; asked: string }[]
      }
      return page.items[0]?.status === 499 && page.items[0].asked === model && page.items[0]
    })
    expect(row.status).toBe(499)
  })
})
