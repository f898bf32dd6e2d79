import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../src/contract/operations.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { pageCall, setupToken } from '../support/page-call.ts'

const fixture = withGateway(
  (url) => `${provider(url)}
tiers: { t1: { models: [fake/ok] } }
`,
)

let cookie = ''
beforeAll(async () => {
  const token = setupToken(fixture.gateway)
  cookie = (await pageCall(fixture.gateway, '/setup', { token })).cookie
})

/** Like fetch, but sends the headers that only browsers may set, and the Host it is told to. */
function send(
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; code: unknown }> {
  const { hostname, port } = new URL(fixture.gateway.url)
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, method, path: `/api/v1${path}`, headers }, (answer) => {
      let text = ''
      answer.on('data', (piece: Buffer) => (text += piece.toString()))
      answer.on('end', () => {
        const { code = null } = text.startsWith('{') ? JSON.parse(text) : {}
        resolve({ status: answer.statusCode ?? 0, code })
      })
    })
    call.on('error', reject)
    call.end(method === 'GET' ? undefined : '{}')
  })
}

const JSON_BODY = { 'content-type': 'application/json' }
const CHANGES = OPERATIONS.filter(({ method }) => method !== 'get')

describe('another site', () => {
  it.each(CHANGES)('cannot $id', async (operation) => {
    const { method, path } = operation
    const isOpen = 'open' in operation
    const before = readFileSync(join(fixture.gateway.folder, 'smartroute.yaml'), 'utf8')
    const forms: Record<string, string>[] = [
      { cookie, ...JSON_BODY },
      { cookie, 'content-type': 'text/plain' },
      { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      { cookie, ...JSON_BODY, 'sec-fetch-site': 'same-origin' },
      { cookie, ...JSON_BODY, 'x-smartroute-csrf': '1', 'sec-fetch-site': 'cross-site' },
      { cookie, ...JSON_BODY, 'x-smartroute-csrf': '1', 'sec-fetch-site': 'same-site' },
      { cookie, ...JSON_BODY, origin: 'https://evil.example' },
    ]
    if (isOpen) forms.push({ ...JSON_BODY, origin: 'https://evil.example' })
    for (const headers of forms) {
      const answer = await send(method.toUpperCase(), path, headers)
      expect([answer.status, answer.code]).toEqual([403, 'csrf'])
    }
    expect(readFileSync(join(fixture.gateway.folder, 'smartroute.yaml'), 'utf8')).toBe(before)
  })

  it('reaches nothing by a name that was rebound to this machine', async () => {
    for (const { method, path } of OPERATIONS) {
      const headers = { host: 'evil.example', cookie, 'x-smartroute-csrf': '1', ...JSON_BODY }
      const answer = await send(method.toUpperCase(), path, headers)
      expect([path, answer.status, answer.code]).toEqual([path, 403, 'foreign_host'])
    }
  })

  it('may read nothing: no answer allows another origin', async () => {
    for (const path of ['/auth', '/config', '/openapi.json']) {
      const response = await fetch(`${fixture.gateway.url}/api/v1${path}`, {
        headers: { cookie, origin: 'https://evil.example' },
      })
      const names = [...response.headers.keys()]
      expect(names.filter((name) => name.startsWith('access-control'))).toEqual([])
      expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin')
    }
  })
})

describe('its own page', () => {
  it('may, and still is there after all that', async () => {
    const own = { cookie, 'x-smartroute-csrf': '1', 'sec-fetch-site': 'same-origin', ...JSON_BODY }
    expect((await send('POST', '/route', own)).status).toBe(400)
    expect((await send('GET', '/config', { cookie })).status).toBe(200)
  })
})
