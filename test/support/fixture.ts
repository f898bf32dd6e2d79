import { afterAll, beforeAll } from 'vitest'
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts'
import { type Gateway, startGateway } from './start-gateway.ts'

/** A gateway with a simulated provider, for all tests of a file. */
export interface Fixture {
  gateway: Gateway
  upstream: FakeUpstream
}

export function withGateway(config: (baseUrl: string) => string, flags: string[] = []): Fixture {
  const fixture = {} as Fixture
  beforeAll(async () => {
    fixture.upstream = await startFakeUpstream()
    fixture.gateway = await startGateway(config(fixture.upstream.baseUrl), [
      '--log-level',
      'warn',
      ...flags,
    ])
  })
  afterAll(async () => {
    await fixture.gateway?.stop()
    await fixture.upstream?.close()
  })
  return fixture
}

/** Forgets what earlier tests did to the health of models. */
export async function heal({ gateway }: Fixture): Promise<void> {
  const health = (await (await gateway.api('/health')).json()) as {
    endpoints: { endpoint: string }[]
  }
  for (const { endpoint } of health.endpoints) await steer(gateway, endpoint, 'close')
}

export function steer(gateway: Gateway, endpoint: string, action: string): Promise<Response> {
  return gateway.api('/health/endpoints', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint, action }),
  })
}

/** The provider section every test shares: three accounts, and one that nobody answers at. */
export function provider(baseUrl: string): string {
  return `
version: 1
providers:
  fake: { base_url: "${baseUrl}", api_key: "sk-upstream-secret-000001", allow_private: true }
  spare: { base_url: "${baseUrl}", api_key: "sk-spare-secret-0000002", allow_private: true }
  third: { base_url: "${baseUrl}", api_key: "sk-third-secret-0000003", allow_private: true }
  dead: { base_url: "http://127.0.0.1:9/v1", api_key: "sk-dead", allow_private: true }
`
}
