import type { MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { problem } from './problem.ts'
import { sameSecret, type Setup } from './setup.ts'

export const SESSION_COOKIE = 'smartroute_session'

export interface GuardDeps {
  readonly adminToken: string | null
  readonly setup: Setup
  readonly loopbackOnly: boolean
}

const OPEN_PATHS = new Set(['/api/v1/openapi.json', '/api/v1/setup'])
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

/**
 * Every admin call passes here first: the name it was called by, then who calls. A cookie alone
 * changes nothing: state changes also need the header that no other site can send.
 */
export function guard(deps: GuardDeps): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? ''
    if (deps.loopbackOnly && !LOOPBACK_HOST.test(host)) {
      return problem(c, 403, 'foreign_host', 'This address answers to local names only.')
    }
    c.header('cache-control', 'no-store')
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'no-referrer')
    c.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    const refusal = OPEN_PATHS.has(c.req.path)
      ? null
      : refuse(deps, c.req.method, {
          authorization: c.req.header('authorization') ?? '',
          session: getCookie(c, SESSION_COOKIE) ?? '',
          csrf: c.req.header('x-smartroute-csrf') ?? '',
          site: c.req.header('sec-fetch-site') ?? 'none',
        })
    if (refusal !== null) return problem(c, refusal.status, refusal.code, refusal.detail)
    await next()
    return undefined
  }
}

interface Credentials {
  readonly authorization: string
  readonly session: string
  readonly csrf: string
  readonly site: string
}

function refuse(
  { adminToken, setup }: GuardDeps,
  method: string,
  { authorization, session, csrf, site }: Credentials,
): { status: 401 | 403; code: string; detail: string } | null {
  const bearer = /^bearer\s+(.+)$/i.exec(authorization)?.[1]
  if (bearer !== undefined && adminToken !== null && sameSecret(bearer, adminToken)) return null
  if (session !== '' && setup.isSession(session)) {
    if (method === 'GET' || (csrf !== '' && (site === 'same-origin' || site === 'none')))
      return null
    return { status: 403, code: 'csrf', detail: 'Send the header x-smartroute-csrf.' }
  }
  const detail =
    'Send "Authorization: Bearer $SMARTROUTE_ADMIN_TOKEN", or open the panel with its setup token.'
  return { status: 401, code: 'not_signed_in', detail }
}
