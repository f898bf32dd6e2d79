import { afterEach, beforeAll, afterAll, beforeEach, describe, expect, it } from 'vitest'
import { FAULTS } from '../../src/drill/faults/index.ts'
import { askGateway, judge, type Received } from '../../src/drill/judge.ts'
import { type DrillProvider, startDrillProvider } from '../../src/drill/provider.ts'
import { ANSWER, answer, type Fault, type Play, respond } from '../../src/drill/stage.ts'
import { logOf } from '../support/chat.ts'
import { steer } from '../support/fixture.ts'
import { type Gateway, startGateway, until } from '../support/start-gateway.ts'

/**
 * The sixteen situations in which gateways fail most often, in the default policy: only the wait
 * for the first token is set, to ten seconds.
 */
let gateway: Gateway
let provider: DrillProvider

beforeAll(async () => {
  provider = await startDrillProvider()
  gateway = await startGateway(
    `version: 1
providers:
  main: { base_url: "${provider.baseUrl('main')}", api_key: sk-main-00000001, allow_private: true }
  spare: { base_url: "${provider.baseUrl('spare')}", api_key: sk-spare-0000001, allow_private: true }
models: { spare/prefill: { prefill: true } }
tiers:
  t1: { models: [main/m, spare/m] }
  t2: { models: [main/m, spare/prefill] }
timeouts: { first_token_ms: 10000 }
`,
    ['--log-level', 'warn'],
  )
})
afterAll(async () => {
  await gateway?.stop()
  await provider?.close()
})
beforeEach(async () => {
  for (const one of ['main/m', 'spare/m', 'spare/prefill']) await steer(gateway, one, 'close')
})
afterEach(() => provider.faults.clear())

function named(name: string): Fault {
  const fault = FAULTS.find((one) => one.name === name)
  if (fault === undefined) throw new Error(name)
  return fault
}

function play(endpoint: string, how: Play): void {
  provider.faults.set(endpoint, { name: 'here', level: 'http', play: how })
}

/** Misbehaves with the first request only. */
function once(how: Play): Play {
  let isFirst = true
  return (stage) => {
    const now = isFirst ? how : answer
    isFirst = false
    return now(stage)
  }
}

interface Seen extends Received {
  readonly verdict: string
  readonly attempts: readonly string[]
  readonly log: any
}

async function ask(model: string, stream: boolean, limitMs = 45_000): Promise<Seen> {
  const before = provider.calls.length
  const received = await askGateway(gateway.url, { model, stream, limitMs })
  if (received === 'hang') throw new Error('hang')
  const fault = provider.faults.get('main/m') ?? { name: 'none', level: 'http', play: answer }
  const { verdict } = judge(fault, stream, received)
  const attempts = provider.calls.slice(before).map(({ label }) => label)
  return { ...received, verdict, attempts, log: await logOf(gateway, received) }
}

const error = (status: number, headers: Record<string, string> = {}): Play => {
  return (stage) => respond(stage, status, '{"error":{"message":"no"}}', headers)
}

describe('the failover exam', () => {
  it('S01 waits for a short rate limit and stays with the model', async () => {
    play('main/m', once(error(429, { 'retry-after': '1' })))
    const seen = await ask('t1', true)
    expect(seen.verdict).toBe('hidden')
    expect(seen.attempts).toEqual(['main/m', 'main/m'])
    expect(seen.log.attempts[0]).toMatchObject({ outcome: 'rate', next: 'wait' })
    expect(seen.ms).toBeGreaterThanOrEqual(1_000)
  })

  it('S02 leaves a long rate limit after one attempt', async () => {
    play('main/m', error(429, { 'retry-after': '120' }))
    const seen = await ask('t1', false)
    expect(seen.attempts).toEqual(['main/m', 'spare/m'])
    expect(seen.ms).toBeLessThan(1_000)
  })

  it('S03 asks once more after a 500', async () => {
    play('main/m', once(error(500)))
    const seen = await ask('t1', true)
    expect([seen.verdict, ...seen.attempts]).toEqual(['hidden', 'main/m', 'main/m'])
  })

  it('S04 goes on at once after a 503', async () => {
    play('main/m', error(503))
    const seen = await ask('t1', true)
    expect([seen.verdict, ...seen.attempts]).toEqual(['hidden', 'main/m', 'spare/m'])
    expect(seen.ms).toBeLessThan(500)
  })

  it('S05 repeats on a fresh connection when a pooled one had died', async () => {
    await ask('t1', false)
    play(
      'main/m',
      once((stage) => stage.reset()),
    )
    const seen = await ask('main/m', false)
    expect([seen.verdict, ...seen.attempts]).toEqual(['hidden', 'main/m', 'main/m'])
    expect(seen.log.attempts[0].outcome).toBe('stale_socket')
  })

  it('S06 leaves a provider that says nothing, after the wait for the first token', async () => {
    provider.faults.set('main/m', named('tcp-silence'))
    const seen = await ask('t1', true)
    expect([seen.verdict, ...seen.attempts]).toEqual(['hidden', 'main/m', 'spare/m'])
    expect(seen.ms).toBeLessThan(12_000)
  }, 20_000)

  it('S07 leaves a stream that begins and then has no first token', async () => {
    provider.faults.set('main/m', named('sse-keep-alive-only'))
    const seen = await ask('t1', true)
    expect([seen.verdict, ...seen.attempts]).toEqual(['hidden', 'main/m', 'spare/m'])
    expect(seen.ms).toBeLessThan(15_000)
  }, 20_000)

  it.each(['sse-cut-1-reset', 'sse-cut-10-close', 'sse-cut-40-reset', 'sse-cut-59-clean-end'])(
    'S08 completes a stream that broke off: %s',
    async (name) => {
      provider.faults.set('main/m', named(name))
      const seen = await ask('t1', true)
      expect([seen.verdict, ...seen.attempts]).toEqual(['hidden', 'main/m', 'spare/m'])
      expect(seen.log.attempts.map((one: { next: string }) => one.next)).toEqual(['resume', 'done'])
      expect(seen.log.response.choices[0].message.content).toBe(ANSWER)
    },
  )

  it('S09 completes a stream that falls silent, within 45 seconds', async () => {
    provider.faults.set('main/m', named('sse-cut-40-stall'))
    const seen = await ask('t1', true)
    expect([seen.verdict, ...seen.attempts]).toEqual(['hidden', 'main/m', 'spare/m'])
    expect(seen.ms).toBeLessThan(20_000)
  }, 60_000)

  it('S10 skips one unreadable event', async () => {
    provider.faults.set('main/m', named('sse-malformed-once'))
    const seen = await ask('t1', true)
    expect([seen.verdict, ...seen.attempts]).toEqual(['hidden', 'main/m'])
  })

  it('S11 completes a stream that ends without its farewell', async () => {
    provider.faults.set('main/m', named('sse-no-done'))
    const seen = await ask('t1', true)
    expect([seen.verdict, ...seen.attempts]).toEqual(['hidden', 'main/m'])
  })

  it('S12 takes a prompt that is too long to another model after one attempt', async () => {
    provider.faults.set('main/m', named('status-context'))
    const seen = await ask('t1', true)
    expect([seen.verdict, ...seen.attempts]).toEqual(['hidden', 'main/m', 'spare/m'])
  })

  it("S13 returns a content filter's verdict as it is", async () => {
    provider.faults.set('main/m', named('status-azure-filter'))
    const seen = await ask('t1', true)
    expect([seen.status, ...seen.attempts]).toEqual([400, 'main/m'])
    expect(JSON.parse(seen.text).error).toMatchObject({ code: 'content_filter' })
  })

  it('S14 never shows that a target refuses a given beginning', async () => {
    provider.faults.set('main/m', named('sse-cut-40-reset'))
    play('spare/prefill', (stage) => {
      const messages = stage.body['messages'] as { role: string }[]
      return messages.at(-1)?.role === 'assistant' ? error(400)(stage) : answer(stage)
    })
    const seen = await ask('t2', true)
    expect([seen.verdict, ...seen.attempts]).toEqual([
      'hidden',
      'main/m',
      'spare/prefill',
      'spare/prefill',
    ])
    expect(seen.log.attempts[1].outcome).toBe('diverged')
  })

  it('S14 continues with a given beginning where the target takes it', async () => {
    provider.faults.set('main/m', named('sse-cut-40-reset'))
    const seen = await ask('t2', true)
    expect(seen.verdict).toBe('hidden')
    const sent = JSON.parse(provider.calls.at(-1)?.raw ?? '{}').messages
    expect(sent.at(-1)).toMatchObject({ role: 'assistant' })
    expect(ANSWER.startsWith(sent.at(-1).content)).toBe(true)
  })

  it('S15 leaves a dead model alone, and uses it again when it has recovered', async () => {
    let isDead = true
    play('main/m', (stage) => (isDead ? error(503)(stage) : answer(stage)))
    for (let count = 0; count < 40; count++) expect((await ask('t1', false)).verdict).toBe('hidden')
    const probes = provider.calls.filter(({ label }) => label === 'main/m').slice(-40)
    const recent = probes.filter(({ at }) => at > performance.now() - 1_000)
    expect(recent.length).toBeLessThanOrEqual(4)
    isDead = false
    const since = performance.now()
    await until(async () => {
      const { attempts } = await ask('t1', false)
      return attempts[0] === 'main/m' && attempts.length === 1
    }, 30_000)
    expect(performance.now() - since).toBeLessThan(30_000)
  }, 60_000)

  it('S16 tells the truth about who answered', async () => {
    play('main/m', error(503))
    const seen = await ask('t1', true)
    expect(seen.headers.get('x-smartroute-model')).toBe('spare/m')
    expect(seen.text).toContain('"model":"spare/m"')
    expect(seen.log).toMatchObject({ model: 'spare/m', usage: { total_tokens: 70 } })
  })
})
