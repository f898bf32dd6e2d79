import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../src/contract/operations.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { ADMIN_TOKEN } from '../support/start-gateway.ts'

const KEY = 'sr-gateway-key-000001'
const fixture = withGateway(
  (url) => `${provider(url)}
gateway: { api_keys: [${KEY}] }
tiers: { t1: { models: [fake/ok] } }
`,
)

/** Who may call what: nobody, with a gateway key, with the admin's token. */
const TABLE: Readonly<Record<string, readonly [nobody: number, key: number, admin: number]>> = {
  'GET /api/v1/logs': [401, 401, 200],
  'GET /api/v1/logs/{id}': [401, 401, 404],
  'GET /api/v1/stats': [401, 401, 200],
  'GET /api/v1/health': [401, 401, 200],
  'POST /api/v1/health/endpoints': [401, 401, 400],
  'GET /api/v1/config': [401, 401, 200],
  'PUT /api/v1/config': [401, 401, 428],
  'GET /api/v1/config/history': [401, 401, 200],
  'POST /api/v1/config/rollback': [401, 401, 400],
  'POST /api/v1/route': [401, 401, 400],
  'GET /api/v1/live': [401, 401, 200],
  'POST /api/v1/setup': [400, 400, 400],
  'GET /api/v1/openapi.json': [200, 200, 200],
  'GET /api/v1/logs/summary': [401, 401, 200],
  'GET /api/v1/logs/export': [401, 401, 200],
  'POST /api/v1/logs/{id}/feedback': [401, 401, 400],
  'GET /api/v1/storage': [401, 401, 200],
  'POST /api/v1/storage/prune': [401, 401, 400],
  'GET /api/v1/overview': [401, 401, 200],
  'GET /api/v1/config/file': [401, 401, 200],
  'POST /api/v1/config/check': [401, 401, 400],
  'GET /api/v1/config/effective': [401, 401, 200],
  'GET /api/v1/config/schema': [401, 401, 200],
  'GET /api/v1/config/history/{revision}': [401, 401, 404],
  'POST /api/v1/backtest': [401, 401, 400],
  'GET /api/v1/routing/hits': [401, 401, 200],
  'POST /api/v1/providers/models': [401, 401, 200],
  'POST /api/v1/providers/test': [401, 401, 400],
  'GET /api/v1/models': [401, 401, 200],
  'GET /api/v1/keys': [401, 401, 200],
  'POST /api/v1/keys': [401, 401, 400],
  'POST /api/v1/keys/{id}/rotate': [401, 401, 404],
  'POST /api/v1/keys/{id}/revoke': [401, 401, 404],
  'POST /api/v1/playground/key': [401, 401, 200],
  'GET /api/v1/auth': [200, 200, 200],
  'POST /api/v1/auth/sign-in': [400, 400, 400],
  'POST /api/v1/auth/sign-out': [401, 401, 200],
  'POST /api/v1/auth/password': [401, 401, 400],
  'GET /api/v1/auth/sessions': [401, 401, 200],
  'POST /api/v1/auth/sessions/revoke': [401, 401, 404],
  'POST /api/v1/auth/totp/begin': [401, 401, 400],
  'POST /api/v1/auth/totp/confirm': [401, 401, 400],
  'POST /api/v1/auth/totp/disable': [401, 401, 400],
  'GET /api/v1/audit': [401, 401, 200],
  'GET /api/v1/nothing': [401, 401, 404],
  'POST /v1/chat/completions': [401, 400, 401],
  'POST /v1/feedback': [401, 404, 401],
  'GET /v1/models': [401, 200, 401],
  'GET /v1/models/t1': [401, 200, 401],
  'GET /v1/nothing': [401, 404, 401],
  'GET /livez': [200, 200, 200],
  'GET /readyz': [200, 200, 200],
  'GET /health': [200, 200, 200],
  'GET /metrics': [200, 200, 200],
  'GET /': [200, 200, 200],
  'GET /nothing': [404, 404, 404],
}

describe('every route', () => {
  it('is in the table', () => {
    for (const { method, path } of OPERATIONS) {
      expect(Object.keys(TABLE)).toContain(`${method.toUpperCase()} /api/v1${path}`)
    }
  })

  it.each(Object.entries(TABLE))('%s answers as the table says', async (route, expected) => {
    const [method = '', path = ''] = route.split(' ')
    const statuses: number[] = []
    for (const secret of [null, KEY, ADMIN_TOKEN]) {
      const leave = new AbortController()
      const response = await fetch(fixture.gateway.url + path, {
        method,
        signal: leave.signal,
        headers: {
          'content-type': 'application/json',
          ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
        },
        ...(method === 'POST' || method === 'PUT' ? { body: '{}' } : {}),
      })
      statuses.push(response.status)
      leave.abort()
    }
    expect(statuses).toEqual([...expected])
  })
})
