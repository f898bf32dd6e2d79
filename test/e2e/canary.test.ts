import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAULTS } from '../../src/drill/faults/index.ts'
import { type DrillProvider, startDrillProvider } from '../../src/drill/provider.ts'
import { type Play, respond } from '../../src/drill/stage.ts'
import { chat } from '../support/chat.ts'
import { steer } from '../support/fixture.ts'
import { ADMIN_TOKEN, type Gateway, startGateway, until } from '../support/start-gateway.ts'

/** Secrets of every kind; each must stay where it belongs. */
const CANARIES: Readonly<Record<string, string>> = {
  upstreamKey: 'sk-canary-upstream-A1b2C3d4E5f6',
  secondKey: 'sk-canary-second+/=G7h8I9j0K1l2',
  header: 'canary-header-M3n4O5p6Q7r8',
  gatewayKey: 'sr-canary-gateway-S9t0U1v2W3x4',
  adminToken: ADMIN_TOKEN,
  clientCookie: 'canary-cookie-Y5z6A7b8C9d0',
  clientKey: 'canary-proxy-auth-E1f2G3h4I5j6',
}

/** As it may be spelled on its way. */
function spellings(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '')
  return [secret, base64, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
}

let gateway: Gateway
let provider: DrillProvider
const seen: string[] = []

beforeAll(async () => {
  provider = await startDrillProvider()
  gateway = await startGateway(
    `version: 1
providers:
  bad:
    base_url: "${provider.baseUrl('bad')}"
    api_keys: ["${CANARIES['upstreamKey']}", "${CANARIES['secondKey']}"]
    headers: { x-secret-token: "${CANARIES['header']}" }
    allow_private: true
  good: { base_url: "${provider.baseUrl('good')}", api_key: sk-good-00000001, allow_private: true }
gateway: { api_keys: ["${CANARIES['gatewayKey']}"] }
tiers: { t1: { models: [bad/m, good/m] } }
timeouts: { connect_ms: 500, headers_ms: 150, first_token_ms: 150, idle_ms: 150, content_idle_ms: 200, total_ms: 3000 }
`,
    ['--log-level', 'debug'],
  )
})
afterAll(async () => {
  await gateway?.stop()
  await provider?.close()
})

async function ask(stream: boolean, more: object = {}): Promise<void> {
  const headers = {
    authorization: `Bearer ${CANARIES['gatewayKey']}`,
    cookie: `session=${CANARIES['clientCookie']}`,
    'proxy-authorization': `Basic ${CANARIES['clientKey']}`,
  }
  // What a provider leaves out is its own; the shapes are checked elsewhere.
  const answer = await chat(gateway, { model: 't1', stream, ...more }, headers, false)
  seen.push(answer.text, JSON.stringify([...answer.headers]))
}

/** Every way in which a provider could hand our secrets back. */
const ECHOES: readonly Play[] = [
  ...[400, 401, 403, 429, 500].map(
    (code): Play =>
      (stage) =>
        respond(
          stage,
          code,
          JSON.stringify({
            error: {
              message: `bad key ${spellings(CANARIES['upstreamKey'] ?? '').join(' ')} and ${CANARIES['secondKey']} and ${CANARIES['header']}`,
            },
          }),
          { 'x-echo': CANARIES['upstreamKey'] ?? '', 'set-cookie': `k=${CANARIES['upstreamKey']}` },
        ),
  ),
  (stage) =>
    respond(stage, 500, `<html>${CANARIES['upstreamKey']} ${CANARIES['secondKey']}</html>`),
]

describe('canaries', () => {
  it('are in no answer, no log, no file, no metric and no view, after every fault', async () => {
    for (const play of ECHOES) {
      for (const stream of [true, false]) {
        provider.faults.set('bad/m', { name: 'echo', level: 'http', play })
        await steer(gateway, 'bad/m', 'close')
        await ask(stream)
      }
    }
    const quick = FAULTS.filter(
      ({ name }) => !/silence|stall|drip|keep-alive|bomb|half-a/.test(name),
    )
    for (const [index, fault] of quick.entries()) {
      provider.faults.set('bad/m', fault)
      if (index % 2 === 0) await steer(gateway, 'bad/m', 'close')
      await ask(index % 3 !== 0)
    }
    // A wrong key, a wrong body, and secrets in a prompt that belong to the operator.
    await chat(gateway, '{', { authorization: `Bearer ${CANARIES['gatewayKey']}` })
    await ask(true, {
      messages: [{ role: 'user', content: `my key is ${CANARIES['upstreamKey']}` }],
    })
    for (const path of ['/logs?limit=200', '/stats', '/health', '/config', '/openapi.json']) {
      seen.push(await (await gateway.api(path)).text())
    }
    const rows = JSON.parse(await (await gateway.api('/logs?limit=200')).text()) as {
      items: { id: string }[]
    }
    for (const { id } of rows.items.slice(0, 40))
      seen.push(await (await gateway.api(`/logs/${id}`)).text())
    seen.push(
      await (await fetch(`${gateway.url}/metrics`)).text(),
      await (await fetch(gateway.url)).text(),
    )
    await until(async () => {
      const health = (await (await gateway.api('/health')).json()) as { log: { waiting: number } }
      return health.log.waiting === 0
    })
    seen.push(gateway.output(), ...files(gateway.dataDir))
    expect(seen.length).toBeGreaterThan(300)
    for (const [name, secret] of Object.entries(CANARIES)) {
      for (const spelling of spellings(secret)) {
        const where = seen.findIndex((text) => text.includes(spelling))
        expect(`${name}: ${where < 0 ? 'nowhere' : context(seen[where] ?? '', spelling)}`).toBe(
          `${name}: nowhere`,
        )
      }
    }
  }, 120_000)
})

function context(text: string, part: string): string {
  const at = text.indexOf(part)
  return text.slice(Math.max(0, at - 80), at + 20)
}

/** Every byte on disk: databases, their journals, bodies, state. */
function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
}
