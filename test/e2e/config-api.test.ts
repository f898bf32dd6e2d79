import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chat } from '../support/chat.ts'
import { withGateway } from '../support/fixture.ts'
import { until } from '../support/start-gateway.ts'

const fixture = withGateway(
  (url) => `# kept: a comment of the operator
version: 1
providers:
  fake: { base_url: "${url}", api_key: "sk-very-secret-value-1", allow_private: true } # kept too
tiers:
  t1: { models: [fake/a, fake/b] }
`,
)

interface View {
  readonly revision: string
  readonly document: any
}

const view = async (): Promise<View> =>
  (await fixture.gateway.api('/config')).json() as Promise<View>

function put(revision: string | null, body: object): Promise<Response> {
  return fixture.gateway.api('/config', {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      ...(revision === null ? {} : { 'if-match': `"${revision}"` }),
    },
    body: JSON.stringify(body),
  })
}

const file = (): string => readFileSync(join(fixture.gateway.folder, 'smartroute.yaml'), 'utf8')
const served = async (): Promise<string | null> =>
  (await chat(fixture.gateway, { model: 't1' })).headers.get('x-smartroute-model')

describe('the configuration by the admin API', () => {
  it('changes the file, the next request obeys, comments and secrets stay', async () => {
    const before = await view()
    expect(before.document.providers.fake.api_key).not.toContain('very-secret')
    expect(await served()).toBe('fake/a')
    const document = structuredClone(before.document)
    document.tiers.t1.models = ['fake/b', 'fake/a']
    const response = await put(before.revision, { document, note: 'b first' })
    expect(response.status).toBe(200)
    expect(await served()).toBe('fake/b')
    expect(file()).toContain('# kept: a comment of the operator')
    expect(file()).toContain('# kept too')
    expect(file()).toContain('sk-very-secret-value-1')
    expect(fixture.upstream.calls.at(-1)?.headers.authorization).toBe(
      'Bearer sk-very-secret-value-1',
    )
  })

  it('refuses what was made from another revision, what is not valid, and masked secrets', async () => {
    const { revision, document } = await view()
    const text = file()
    expect((await put(null, { document })).status).toBe(428)
    const stale = await put('0123456789abcdef', { document })
    expect([stale.status, ((await stale.json()) as any).code]).toEqual([409, 'conflict'])
    const wrong = structuredClone(document)
    wrong.tiers.t1.models = ['nobody/x']
    const invalid = await put(revision, { document: wrong })
    const problem = (await invalid.json()) as any
    expect([invalid.status, problem.code]).toEqual([422, 'invalid_config'])
    expect(problem.problems[0]).toMatchObject({ line: expect.any(Number), severity: 'error' })
    const masked = structuredClone(document)
    masked.providers.other = { base_url: 'https://x.example/v1', api_key: '••••ab' }
    expect(((await (await put(revision, { document: masked })).json()) as any).code).toBe(
      'masked_secret',
    )
    expect((await put(revision, { text: 'tiers: [' })).status).toBe(422)
    expect((await put(revision, {})).status).toBe(400)
    expect(file()).toBe(text)
    expect(await served()).toBe('fake/b')
  })

  it('notices that the file was changed by hand meanwhile', async () => {
    const { revision, document } = await view()
    await fixture.gateway.configure(`${file()}# by hand\n`)
    const response = await put(revision, { document: { ...document, timeouts: { idle_ms: 1 } } })
    expect(response.status).toBe(409)
    await until(async () => (await view()).revision !== revision)
  })

  it('keeps a history, encrypted, and rolls back', async () => {
    const history = (await (await fixture.gateway.api('/config/history')).json()) as {
      items: { revision: string; note: string; author: string }[]
    }
    expect(history.items.map(({ note, author }) => [author, note])).toEqual([
      ['token', 'b first'],
      ['file', ''],
    ])
    const rollback = (revision: string): Promise<Response> =>
      fixture.gateway.api('/config/rollback', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ revision }),
      })
    expect((await rollback('ffffffffffffffff')).status).toBe(404)
    expect((await rollback(history.items[1]?.revision ?? '')).status).toBe(200)
    expect(await served()).toBe('fake/a')
    for (const name of readdirSync(fixture.gateway.dataDir).filter((one) =>
      one.startsWith('history'),
    )) {
      const bytes = readFileSync(join(fixture.gateway.dataDir, name), 'latin1')
      expect(bytes).not.toContain('very-secret')
    }
  })

  it('mends a file that was broken by hand', async () => {
    const good = file()
    const { revision } = await view()
    await fixture.gateway.configure(`${good}broken: [\n`)
    await until(async () => {
      const { problems } = (await view()) as any
      return problems.some(({ severity }: { severity: string }) => severity === 'error')
    })
    const stale = await put(revision, { text: good })
    const { current } = (await stale.json()) as any
    expect([stale.status, current.text]).toEqual([409, expect.stringContaining('broken: [')])
    expect(current.text).not.toContain('very-secret')
    const shown = (await (await fixture.gateway.api('/config/file')).json()) as any
    expect(shown).toMatchObject({ revision: current.revision, text: current.text })
    const text = current.text.replace('broken: [\n', '')
    expect((await put(current.revision, { text, note: 'mended' })).status).toBe(200)
    expect(file()).toContain('sk-very-secret-value-1')
    expect(file()).not.toContain('broken')
    expect(await served()).toBe('fake/a')
  })
})
