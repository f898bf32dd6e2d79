import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import type { HttpBindings } from '@hono/node-server'
import type { Accounts, Caller } from './accounts.ts'
import { problem } from './problem.ts'
import { sameSecret } from './setup.ts'

/** What the guard found out about a call; the routes read it. */
export interface AdminEnv {
  Bindings: HttpBindings
  Variables: {
    actor: 'admin' | 'token' | 'nobody'
    /** The session's id, empty for a bearer token. */
    session: string
  }
}

export type AdminContext = Context<AdminEnv>

const SESSION_COOKIE = 'smartroute_session'
/** Only a page that came by TLS may set and send it. */
const SECURE_COOKIE = `__Host-${SESSION_COOKIE}`

export interface GuardDeps {
  readonly adminToken: string | null
  readonly accounts: Accounts
  readonly loopbackOnly: boolean
}

const OPEN_PATHS = new Set([
  '/api/v1/openapi.json',
  '/api/v1/setup',
  '/api/v1/auth',
  '/api/v1/auth/sign-in',
])
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

/**
 * Every admin call passes here first: the name it was called by, then who calls. A cookie alone
 * changes nothing: state changes also need the header that no other site can send.
 */
export function guard(deps: GuardDeps): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    const host = c.req.header('host') ?? ''
    if (deps.loopbackOnly && !LOOPBACK_HOST.test(host)) {
      return problem(c, 403, 'foreign_host', 'This address answers to local names only.')
    }
    c.header('cache-control', 'no-store')
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'no-referrer')
    c.header('cross-origin-resource-policy', 'same-origin')
    c.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    const session = readSession(c, deps)
    const isToken = hasToken(c, deps.adminToken)
    c.set('actor', isToken ? 'token' : session === '' ? 'nobody' : 'admin')
    c.set('session', session)
    const refusal = refuse(c, isToken, session !== '')
    if (refusal !== null) return problem(c, refusal.status, refusal.code, refusal.detail)
    await next()
    return undefined
  }
}

/** Who calls, for the audit trail and for throttling. */
export function callerOf(c: AdminContext): Caller {
  return {
    address: c.env.incoming.socket.remoteAddress ?? '',
    userAgent: c.req.header('user-agent') ?? '',
  }
}

/** `Set-Cookie` that opens a session, or with an empty id ends it. */
export function sessionCookie(c: AdminContext, id: string): string {
  const secure = isSecure(c)
  const name = secure ? SECURE_COOKIE : SESSION_COOKIE
  const end = id === '' ? '; Max-Age=0' : ''
  return `${name}=${id}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}${end}`
}

/** A proxy on this machine says how the browser reached it; nobody else is believed. */
function isSecure(c: AdminContext): boolean {
  const address = c.env.incoming.socket.remoteAddress ?? ''
  const isLocal = /^(?:127\.|::1$|::ffff:127\.)/.test(address)
  return isLocal && c.req.header('x-forwarded-proto') === 'https'
}

function readSession(c: AdminContext, { accounts }: GuardDeps): string {
  const id = getCookie(c, SECURE_COOKIE) ?? getCookie(c, SESSION_COOKIE) ?? ''
  return id !== '' && accounts.session(id) !== null ? id : ''
}

function hasToken(c: AdminContext, adminToken: string | null): boolean {
  const bearer = /^bearer\s+(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  return bearer !== undefined && adminToken !== null && sameSecret(bearer, adminToken)
}

function refuse(
  c: AdminContext,
  isToken: boolean,
  hasSession: boolean,
): { status: 401 | 403; code: string; detail: string } | null {
  if (isToken) return null
  const isOpen = OPEN_PATHS.has(c.req.path)
  // Also before signing in: another site must not be able to sign a browser in.
  if (c.req.method !== 'GET' && (hasSession || isOpen) && !isOwnPage(c)) {
    return { status: 403, code: 'csrf', detail: 'Send the header x-smartroute-csrf.' }
  }
  if (isOpen || hasSession) return null
  const detail = 'Send "Authorization: Bearer $SMARTROUTE_ADMIN_TOKEN", or sign in to the panel.'
  return { status: 401, code: 'not_signed_in', detail }
}

function isOwnPage(c: AdminContext): boolean {
  const site = c.req.header('sec-fetch-site') ?? 'none'
  // A program without a browser's headers has no cookies that a site could abuse.
  const isBrowser =
    c.req.header('sec-fetch-site') !== undefined || c.req.header('origin') !== undefined
  const hasHeader = (c.req.header('x-smartroute-csrf') ?? '') !== ''
  if (c.get('session') === '' && !isBrowser) return true
  return hasHeader && (site === 'same-origin' || site === 'none')
}
