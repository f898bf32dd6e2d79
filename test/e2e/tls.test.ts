import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DRILL_CA } from '../../src/drill/certificates.ts'
import { askGateway } from '../../src/drill/judge.ts'
import { type DrillProvider, startDrillProvider } from '../../src/drill/provider.ts'
import { ANSWER } from '../../src/drill/stage.ts'
import { startTlsProvider, TLS_FAULTS } from '../../src/drill/tls-provider.ts'
import { logOf } from '../support/chat.ts'
import { steer } from '../support/fixture.ts'
import { type Gateway, startGateway, until } from '../support/start-gateway.ts'

const folder = mkdtempSync(join(tmpdir(), 'smartroute-tls-'))
const caFile = join(folder, 'ca.pem')
let healthy: DrillProvider
let gateway: Gateway

const config = (baseUrl: string, trusted: boolean): string => `version: 1
providers:
  tls: { base_url: "${baseUrl}", api_key: sk-tls-000000001, allow_private: true${trusted ? `, tls: { ca_file: "${caFile}" }` : ''} }
  good: { base_url: "${healthy.baseUrl('good')}", api_key: sk-good-00000001, allow_private: true }
tiers: { t1: { models: [tls/model, good/model] } }
timeouts: { connect_ms: 400, headers_ms: 400, first_token_ms: 400, idle_ms: 400, total_ms: 5000 }
`

beforeAll(async () => {
  writeFileSync(caFile, DRILL_CA)
  healthy = await startDrillProvider()
  gateway = await startGateway(config('https://127.0.0.1:9/v1', true), ['--log-level', 'warn'])
})
afterAll(async () => {
  await gateway?.stop()
  await healthy?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function use(baseUrl: string, trusted: boolean): Promise<void> {
  await gateway.configure(config(baseUrl, trusted))
  await until(async () => {
    const view = await (await gateway.api('/config')).text()
    return view.includes(baseUrl) && view.includes('ca_file') === trusted
  })
  await steer(gateway, 'tls/model', 'close')
}

describe('connections that never become secure', () => {
  it.each(TLS_FAULTS.map((fault) => [fault.name, fault] as const))('%s', async (name, fault) => {
    const provider = await startTlsProvider(fault)
    try {
      await use(provider.baseUrl, fault.trusted)
      for (const stream of [true, false]) {
        await steer(gateway, 'tls/model', 'close')
        const received = await askGateway(gateway.url, { model: 't1', stream, limitMs: 5_500 })
        if (received === 'hang') throw new Error('hang')
        expect(received.status).toBe(200)
        if (!stream) expect(JSON.parse(received.text).choices[0].message.content).toBe(ANSWER)
        const isFine = name === 'tls-fine'
        const served = received.headers.get('x-smartroute-model')
        expect(served).toBe(isFine ? 'tls/model' : 'good/model')
        const { attempts } = await logOf(gateway, received)
        if (!isFine) expect(attempts[0].outcome).toMatch(/^(?:connect|timeout_\w+|stale_socket)$/)
      }
    } finally {
      await provider.close()
    }
  })

  it.each([
    ['a closed port', 'https://127.0.0.1:9/v1'],
    ['a name that does not exist', 'https://no-such-host.invalid/v1'],
  ])('%s', async (_name, baseUrl) => {
    await use(baseUrl, true)
    const received = await askGateway(gateway.url, { model: 't1', stream: true, limitMs: 5_500 })
    expect(received).toMatchObject({ status: 200 })
    const health = (await (await gateway.api('/health')).json()) as {
      endpoints: { endpoint: string; cause: string | null; score: number }[]
    }
    const state = health.endpoints.find(({ endpoint }) => endpoint === 'tls/model')
    expect(state?.score).toBeLessThan(1)
    if (baseUrl.includes('invalid')) expect(state?.cause).toBe('provider')
  })
})
