import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAULTS } from '../../src/drill/faults/index.ts'
import { askGateway, judge } from '../../src/drill/judge.ts'
import { type DrillProvider, startDrillProvider } from '../../src/drill/provider.ts'
import type { Expected } from '../../src/drill/stage.ts'
import { logOf } from './chat.ts'
import { steer } from './fixture.ts'
import { type Gateway, startGateway } from './start-gateway.ts'

/** The deadline of a whole request, and what a test machine may add to it. */
const TOTAL_MS = 6_000
const MARGIN_MS = 500

const VERDICTS: Readonly<Record<Expected, string>> = {
  answer: 'hidden',
  as_sent: 'hidden',
  final: 'told',
  broken: 'told',
}

/** Every fault beside one healthy model, streamed or not, as tests of the calling file. */
export function theWall(stream: boolean): void {
  let gateway: Gateway
  let provider: DrillProvider

  beforeAll(async () => {
    provider = await startDrillProvider()
    gateway = await startGateway(
      `version: 1
providers:
  bad: { base_url: "${provider.baseUrl('bad')}", api_key: sk-bad-000000001, allow_private: true }
  good: { base_url: "${provider.baseUrl('good')}", api_key: sk-good-00000001, allow_private: true }
tiers:
  t1: { models: [bad/model, good/model] }
timeouts:
  { connect_ms: 1000, headers_ms: 250, first_token_ms: 250, idle_ms: 250, content_idle_ms: 300, total_ms: ${TOTAL_MS} }
retry: { failover_per_s: 10000 }
`,
      ['--log-level', 'warn'],
    )
  })

  afterAll(async () => {
    await gateway?.stop()
    await provider?.close()
  })

  async function healthyProbe(): Promise<void> {
    const startedAt = performance.now()
    const answer = await askGateway(gateway.url, {
      model: 'good/model',
      stream: false,
      limitMs: 1_000,
    })
    expect(answer).not.toBe('hang')
    expect(answer).toMatchObject({ status: 200 })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  }

  describe(`the wall: ${FAULTS.length} faults, streamed and not, beside one healthy model`, () => {
    it('is at least a hundred and fifty faults with names of their own', () => {
      expect(FAULTS.length).toBeGreaterThanOrEqual(150)
      expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length)
    })

    it.each(FAULTS.map((fault) => [fault.name, fault] as const))(
      `%s (stream: ${stream})`,
      async (_name, fault) => {
        provider.faults.set('bad/model', fault)
        await steer(gateway, 'bad/model', 'close')
        await steer(gateway, 'good/model', 'close')
        const before = provider.calls.length
        const received = await askGateway(gateway.url, {
          model: 't1',
          stream,
          limitMs: TOTAL_MS + MARGIN_MS,
        })
        if (received === 'hang') throw new Error('the call did not end within its deadline')
        const { verdict, detail } = judge(fault, stream, received)
        const expected = (stream ? fault.stream : fault.whole) ?? 'answer'
        expect(`${verdict}: ${detail}`).toMatch(new RegExp(`^${VERDICTS[expected]}`))
        const log = await logOf(gateway, received)
        const went = provider.calls.slice(before).map(({ label }) => label)
        expect(went[0]).toBe('bad/model')
        const tried = log.attempts.map(
          (one: { provider: string; model: string }) => `${one.provider}/${one.model}`,
        )
        expect(went).toEqual(tried)
        const last = log.attempts.at(-1)
        if (verdict === 'hidden') {
          expect(last.outcome).toBe('ok')
          expect(log.model).toBe(tried.at(-1))
          expect(log.error).toBeNull()
          expect(lastModel(received.text)).toBe(log.model)
        } else {
          expect(last.outcome).not.toBe('ok')
          expect(log.error).not.toBeNull()
        }
        await healthyProbe()
      },
      TOTAL_MS * 2,
    )
  })
}

/** The model that the last chunk, or the completion, names. */
function lastModel(text: string): string | undefined {
  return [...text.matchAll(/"model":"([^"]+)"/g)].at(-1)?.[1]
}
