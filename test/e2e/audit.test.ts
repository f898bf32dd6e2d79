import { beforeAll, describe, expect, it } from 'vitest'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { chat } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { pageCall, setupToken } from '../support/page-call.ts'
import { until } from '../support/start-gateway.ts'

const PASSWORD = 'an-uncommon-password-8'
const fixture = withGateway(
  (url) => `${provider(url)}
server: { host: "\${NO_SUCH_HOST:-127.0.0.1}" }
gateway: { api_keys: ["\${NO_SUCH_KEY:-sr-audit-gateway-key-01}", "\${OTHER_KEY:-}"] }
tiers: { t1: { models: [fake/ok] } }
`,
)
const KEY = { authorization: 'Bearer sr-audit-gateway-key-01' }

let cookie = ''
const call = async (path: string, method = 'GET', body?: object, more = {}): Promise<any> => {
  const response = await fetch(`${fixture.gateway.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'x-smartroute-csrf': '1', cookie, ...more },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return text.startsWith('{') ? JSON.parse(text) : text
}

beforeAll(async () => {
  const token = setupToken(fixture.gateway)
  cookie = (await pageCall(fixture.gateway, '/setup', { token, password: PASSWORD })).cookie
})

interface Entry {
  readonly id: number
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly address: string
}

describe('the audit trail', () => {
  it('has everything that is changed or read, in order, in pages, without a secret', async () => {
    const { headers } = await chat(fixture.gateway, { model: 't1' }, KEY)
    const id = headers.get('x-request-id') ?? ''
    await until(async () => (await call('/logs')).items.length > 0)
    for (let look = 0; look < 3; look++) await call(`/logs/${id}`)
    await call('/logs/export?format=jsonl')
    await call('/storage/prune', 'POST', { before: '2020-01-01' })
    const made = await call('/keys', 'POST', { name: 'laptop' })
    const next = await call(`/keys/${made.record.id}/rotate`, 'POST', { overlap_ms: 0 })
    await call(`/keys/${next.record.id}/revoke`, 'POST', {})
    await call('/health/endpoints', 'POST', { endpoint: 'fake/ok', action: 'drain' })
    await call('/health/endpoints', 'POST', { endpoint: 'fake/ok', action: 'close' })
    const before = await call('/config')
    const document = { ...before.document, timeouts: { idle_ms: 20_001 } }
    const changed = await call(
      '/config',
      'PUT',
      { document, note: 'why' },
      {
        'if-match': before.revision,
      },
    )
    await call('/config/rollback', 'POST', { revision: before.revision })
    await call('/providers/models', 'POST', { provider: 'fake' })
    await call('/providers/test', 'POST', { provider: 'fake', model: 'ok' })
    await call('/auth/sign-in', 'POST', { password: 'a wrong one' }, { cookie: '' })
    await call('/auth/password', 'POST', { current: PASSWORD, next: 'another-uncommon-one-9' })
    await call('/auth/sessions/revoke', 'POST', { others: true })
    const entries: Entry[] = []
    let cursor: string | null = ''
    do {
      const page: any = await call(`/audit?limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`)
      expect(page.items.length).toBeLessThanOrEqual(4)
      entries.push(...page.items)
      cursor = page.next_cursor
    } while (cursor !== null)
    const steps = entries.toReversed().map(({ action, target }) => `${action} ${target}`.trim())
    expect(steps).toEqual([
      'setup',
      `log.read ${id}`,
      'log.export',
      'log.prune before 2020-01-01',
      'key.create laptop',
      'key.rotate laptop',
      'key.revoke laptop',
      'endpoint.drain fake/ok',
      'endpoint.close fake/ok',
      `config.change ${changed.revision}`,
      `config.rollback ${before.revision}`,
      'provider.models fake',
      'provider.test fake',
      'sign_in_failed',
      'password.change',
      'session.end others',
    ])
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
    expect(entries.every(({ address }) => address.includes('127.0.0.1'))).toBe(true)
    const text = JSON.stringify(entries)
    for (const secret of [PASSWORD, 'another-uncommon', 'a wrong one', made.key, 'sk-upstream'])
      expect(text).not.toContain(secret)
    expect((await call('/audit?cursor=x')).code).toBe('invalid_cursor')
  })

  it('tells the administrator and the token apart', async () => {
    await fixture.gateway.api('/keys', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'by token' }),
    })
    const { items } = await call('/audit?limit=1')
    expect(items[0]).toMatchObject({ actor: 'token', action: 'key.create', target: 'by token' })
  })
})

describe('the configuration in force', () => {
  it('says of each setting where it comes from', async () => {
    const { revision, entries } = await call('/config/effective')
    expect(revision).toBe((await call('/config')).revision)
    const of = (path: string): any => entries.find((entry: any) => entry.path === path)
    expect(of('server.drain_ms')).toEqual({
      path: 'server.drain_ms',
      value: 30_000,
      origin: 'default',
      detail: '',
    })
    // The tests start every gateway with `--port 0`.
    expect(of('server.port')).toMatchObject({
      value: 0,
      origin: 'environment',
      detail: '--port, SMARTROUTE_PORT',
    })
    expect(of('server.host')).toMatchObject({
      value: '127.0.0.1',
      origin: 'environment',
      detail: 'NO_SUCH_HOST',
    })
    expect(of('gateway.api_keys')).toMatchObject({
      value: ['••••y-01', ''],
      origin: 'environment',
      detail: 'NO_SUCH_KEY, OTHER_KEY',
    })
    expect(of('providers.fake.api_key')).toMatchObject({ value: '••••0001', origin: 'file' })
    expect(of('tiers.t1.models')).toMatchObject({ value: ['fake/ok'], origin: 'file' })
    expect(of('logs.retention_days').origin).toBe('default')
    expect(of('tiers.t1.timeouts.first_token_ms')).toMatchObject({
      value: 10_000,
      origin: 'default',
    })
    expect(of('tiers.t3.timeouts.first_token_ms')).toMatchObject({
      value: 90_000,
      origin: 'default',
    })
    const paths = entries.map(({ path }: { path: string }) => path)
    expect(new Set(paths).size).toBe(paths.length)
    // Each of them is a setting that a file may name.
    for (const { path, value, origin } of entries) {
      if (origin === 'default' && value !== null) expect(namedBySchema(path), path).toBe(true)
    }
  })
})

function namedBySchema(path: string): boolean {
  let schema: any = configJsonSchema()
  for (const name of path.split('.')) {
    schema = schema?.properties?.[name] ?? schema?.additionalProperties
    if (schema?.$ref !== undefined) return true
  }
  return schema !== undefined && schema !== false
}
