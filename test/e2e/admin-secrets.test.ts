import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../src/contract/operations.ts'
import { spellings } from '../../src/kit/spellings.ts'
import { chat } from '../support/chat.ts'
import { withGateway } from '../support/fixture.ts'
import { until } from '../support/start-gateway.ts'

/** Secrets in every place of a file where an operator may have written one. */
const CANARIES = {
  gateway: 'sr-canary-gateway-aaaa0001',
  gatewayDefault: 'sr-canary-default-bbbb0002',
  single: 'sk-canary-single-cccc0003',
  listed: 'sk-canary-listed-dddd0004',
  anchored: 'sk-canary-anchored-eeee0005',
  block: 'sk-canary-block-ffff0006',
  header: 'canary-header-value-gggg0007',
  commented: 'sk-canary-single-cccc0003',
  query: 'canary-query-value-hhhh0008',
}

const fixture = withGateway(
  (url) => `# the old key was ${CANARIES.commented}
version: 1
gateway:
  api_keys: ["${CANARIES.gateway}", "\${NO_SUCH_VARIABLE:-${CANARIES.gatewayDefault}}"]
providers:
  fake: { base_url: "${url}", api_key: ${CANARIES.single}, allow_private: true }
  list:
    base_url: "${url}?api-key=${CANARIES.query}&api-version=1"
    api_keys: [ &shared ${CANARIES.anchored}, '${CANARIES.listed}' ]
    headers: { x-extra: ${CANARIES.header} }
    allow_private: true
  same: { base_url: "${url}", api_key: *shared, allow_private: true }
  block:
    base_url: "${url}"
    api_key: |-
      ${CANARIES.block}
    allow_private: true
tiers:
  t1: { models: [fake/ok] }
`,
)

const KEY = { authorization: `Bearer ${CANARIES.gateway}` }

function expectClean(what: string, text: string): void {
  for (const [name, secret] of Object.entries(CANARIES)) {
    for (const spelling of spellings(secret)) {
      const at = text.indexOf(spelling)
      const found = at < 0 ? 'nowhere' : text.slice(Math.max(0, at - 60), at + 30)
      expect(`${what}, ${name}: ${found}`).toBe(`${what}, ${name}: nowhere`)
    }
  }
}

async function json(path: string, method = 'GET', body?: object, more = {}): Promise<any> {
  const response = await fixture.gateway.api(path, {
    method,
    headers: { 'content-type': 'application/json', ...more },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return response.json()
}

async function isBroken(): Promise<boolean> {
  const { problems } = (await json('/config')) as { problems: { severity: string }[] }
  return problems.some(({ severity }) => severity === 'error')
}

describe('secrets of the configuration', () => {
  it('are in no answer to a question', async () => {
    await chat(fixture.gateway, { model: 't1' }, KEY)
    const { revision, text } = await json('/config/file')
    const noted = await json('/config', 'PUT', { text, note: 'same' }, { 'if-match': revision })
    expect(noted.revision).toBe(revision)
    for (const { method, path } of OPERATIONS) {
      if (method !== 'get' || path === '/live') continue
      const filled = path.replace('{revision}', revision).replace('{id}', 'none')
      expectClean(path, await (await fixture.gateway.api(filled)).text())
    }
  })

  it('are in no answer to a change, a check, a conflict or a mistake', async () => {
    const { revision, text } = await json('/config/file')
    const { document } = await json('/config')
    const stale = await json('/config', 'PUT', { text }, { 'if-match': 'ffffffffffffffff' })
    expect([stale.code, stale.current.revision]).toEqual(['conflict', revision])
    const check = await json('/config/check', 'POST', { text: `${text}unknown: 1\n` })
    expect(check.ok).toBe(false)
    const shown = [stale, check, await json('/config/check', 'POST', { document })]
    shown.push(await json('/config', 'PUT', { text: `${text}tiers: [` }, { 'if-match': revision }))
    shown.push(await json('/route', 'POST', { text: 'hello', draft: document }))
    for (const answer of shown) expectClean('change', JSON.stringify(answer))
  })

  it('survive a change of the text that shows them masked', async () => {
    const before = await json('/config/file')
    const text = before.text.replace('models: [fake/ok]', 'models: [block/ok, same/ok]')
    expect(text).not.toBe(before.text)
    const changed = await json('/config', 'PUT', { text }, { 'if-match': before.revision })
    expect(changed.document.tiers.t1.models).toEqual(['block/ok', 'same/ok'])
    for (const [model, secret] of [
      ['block/ok', CANARIES.block],
      ['same/ok', CANARIES.anchored],
      ['fake/ok', CANARIES.single],
    ]) {
      expect((await chat(fixture.gateway, { model: model as string }, KEY)).status).toBe(200)
      expect(fixture.upstream.calls.at(-1)?.headers.authorization).toBe(`Bearer ${secret}`)
    }
    const other = { authorization: `Bearer ${CANARIES.gatewayDefault}` }
    expect((await chat(fixture.gateway, { model: 't1' }, other)).status).toBe(200)
    const back = await json(
      '/config',
      'PUT',
      { text: before.text },
      { 'if-match': changed.revision },
    )
    expect(back.document.tiers.t1.models).toEqual(['fake/ok'])
    expect((await json('/config/file')).text).toContain('# the old key was ••••0003')
  })

  it('are masked and the gateway runs on while somebody breaks the file by hand', async () => {
    const path = join(fixture.gateway.folder, 'smartroute.yaml')
    const good = readFileSync(path, 'utf8')
    const broken = [
      good.replace('*shared', '*typo'),
      good.replace(`'${CANARIES.listed}' ]`, `'${CANARIES.listed} ]`),
      `${good}\nproviders: [${CANARIES.single}`,
    ]
    for (const text of broken) {
      expect(text).not.toBe(good)
      await fixture.gateway.configure(text)
      await new Promise((resolve) => setTimeout(resolve, 600))
      expect(await isBroken()).toBe(true)
      const file = await json('/config/file')
      expectClean('broken', JSON.stringify(file))
      expectClean('effective', JSON.stringify(await json('/config/effective')))
      expect((await chat(fixture.gateway, { model: 't1' }, KEY)).status).toBe(200)
    }
    await fixture.gateway.configure(good)
    await until(async () => !(await isBroken()))
  })

  it('stay with their list when one of it is taken out', async () => {
    const before = await json('/config/file')
    const document = (await json('/config')).document
    document.gateway.api_keys = document.gateway.api_keys.slice(1)
    const changed = await json('/config', 'PUT', { document }, { 'if-match': before.revision })
    expect(changed.code).toBeUndefined()
    const refused = await chat(fixture.gateway, { model: 't1' }, KEY)
    expect(refused.status).toBe(401)
    const other = { authorization: `Bearer ${CANARIES.gatewayDefault}` }
    expect((await chat(fixture.gateway, { model: 't1' }, other)).status).toBe(200)
    expect((await json('/config/file')).text).toContain('${NO_SUCH_VARIABLE:-')
  })
})
