import { hash } from 'node:crypto'
import type { Hono } from 'hono'
import {
  beginTotp,
  changePassword,
  confirmTotp,
  disableTotp,
  exchangeSetupToken,
  getAuthState,
  listAudit,
  listSessions,
  revokeSession,
  signIn,
  signOut,
} from '../contract/api/auth.ts'
import type { SignedIn } from './accounts.ts'
import { type AdminContext, type AdminEnv, callerOf, sessionCookie } from './guard.ts'
import type { AdminDeps } from './mount.ts'
import { problem } from './problem.ts'
import { invalid, readJson } from './read-input.ts'

const DONE = { ok: true } as const

/** Signing in and out, password, second factor, sessions, audit trail. */
export function mountAuth(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  const { accounts } = deps
  app.get(base + getAuthState.path, (c) =>
    c.json({
      signed_in: c.get('actor') !== 'nobody',
      has_password: accounts.hasPassword,
      setup_open: accounts.setupToken !== null,
      totp: accounts.hasTotp,
      version: deps.version,
      demo: deps.isDemo(),
    }),
  )
  app.post(base + exchangeSetupToken.path, async (c) => {
    const input = exchangeSetupToken.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const { token, password } = input.data
    const answer = await accounts.setUp(token, password, callerOf(c))
    if (answer.kind === 'session') accounts.leave(c.get('session'))
    if (answer.kind !== 'wrong') return opened(c, answer)
    return problem(
      c,
      401,
      'invalid_setup_token',
      'This setup token is wrong, used or expired. Restart the gateway for a new one.',
    )
  })
  app.post(base + signIn.path, async (c) => {
    const input = signIn.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const { password, code } = input.data
    const answer = await accounts.signIn(password, code, callerOf(c))
    if (answer.kind === 'session') accounts.leave(c.get('session'))
    return opened(c, answer)
  })
  app.post(base + signOut.path, (c) => {
    accounts.endSession(hash('sha256', c.get('session')))
    note(c, deps, 'sign_out')
    c.header('set-cookie', sessionCookie(c, ''))
    return c.json(DONE)
  })
  mountPassword(app, base, deps)
  mountTotp(app, base, deps)
  mountSessions(app, base, deps)
}

/** Writes what an administrator did into the audit trail. */
export function note(
  c: AdminContext,
  { accounts }: Pick<AdminDeps, 'accounts'>,
  action: string,
  about: { readonly target?: string; readonly detail?: string } = {},
): void {
  const { address } = callerOf(c)
  const { target = '', detail = '' } = about
  accounts.audit({ actor: c.get('actor'), action, target, detail, address })
}

function mountPassword(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  const { accounts } = deps
  app.post(base + changePassword.path, async (c) => {
    const input = changePassword.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const { current, next, code } = input.data
    if (accounts.hasPassword) {
      const refused = await confirm(c, deps, current ?? '', code)
      if (refused !== null) return refused
    }
    const answer = await accounts.changePassword(next, c.get('session'))
    if (answer === 'changed') {
      note(c, deps, 'password.change')
      return c.json(DONE)
    }
    return opened(c, { kind: answer } as SignedIn)
  })
}

function mountTotp(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  const { accounts } = deps
  app.post(base + beginTotp.path, async (c) => {
    const input = beginTotp.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const refused = await confirm(c, deps, input.data.password, null)
    if (refused !== null) return refused
    if (accounts.hasTotp) return problem(c, 409, 'totp_active', 'Turn the second factor off first.')
    return c.json(await accounts.beginTotp())
  })
  app.post(base + confirmTotp.path, async (c) => {
    const input = confirmTotp.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const codes = await accounts.confirmTotp(input.data.code)
    if (codes === null) return wrong(c)
    note(c, deps, 'totp.on')
    return c.json({ recovery_codes: codes })
  })
  app.post(base + disableTotp.path, async (c) => {
    const input = disableTotp.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const refused = await confirm(c, deps, input.data.password, input.data.code)
    if (refused !== null) return refused
    accounts.disableTotp()
    note(c, deps, 'totp.off')
    return c.json(DONE)
  })
}

function mountSessions(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  const { accounts } = deps
  app.get(base + listSessions.path, (c) => {
    const own = hash('sha256', c.get('session'))
    return c.json({
      items: accounts.sessions().map((session) => ({
        id: session.id,
        created_at: session.createdAt,
        seen_at: session.seenAt,
        expires_at: session.expiresAt,
        address: session.address,
        user_agent: session.userAgent,
        current: session.id === own,
      })),
    })
  })
  app.post(base + revokeSession.path, async (c) => {
    const input = revokeSession.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const { id, others } = input.data
    if (others === true) accounts.endOtherSessions(c.get('session'))
    else if (id === undefined || !accounts.endSession(id)) {
      return problem(c, 404, 'not_found', 'There is no such session.')
    }
    note(c, deps, 'session.end', { target: others === true ? 'others' : (id ?? '').slice(0, 8) })
    return c.json(DONE)
  })
  app.get(base + listAudit.path, (c) => {
    const input = listAudit.input.safeParse(c.req.query())
    if (!input.success) return invalid(c, input.error)
    const { limit, cursor } = input.data
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
    if (!Number.isSafeInteger(before)) {
      return problem(c, 400, 'invalid_cursor', 'This cursor is not one of ours.')
    }
    const items = accounts.listAudit(before, limit + 1)
    const shown = items.slice(0, limit)
    const next = items.length > limit ? String(shown.at(-1)?.id) : null
    return c.json({ items: shown, next_cursor: next })
  })
}

/** What to answer where the proof is not good enough; null where it is. `null`: no code is needed. */
async function confirm(
  c: AdminContext,
  { accounts }: AdminDeps,
  password: string,
  code: string | null | undefined,
): Promise<Response | null> {
  const isAsked = code !== null && accounts.hasTotp
  const proof = { password, code: isAsked ? (code ?? '') : undefined }
  const confirmed = await accounts.confirm(proof, callerOf(c))
  switch (confirmed.kind) {
    case 'throttled':
      return throttled(c, confirmed.waitMs)
    case 'wrong':
      return wrong(c)
    case 'right':
      return null
  }
}

function opened(c: AdminContext, answer: SignedIn): Response {
  switch (answer.kind) {
    case 'session':
      c.header('set-cookie', sessionCookie(c, answer.id))
      return c.json(DONE)
    case 'throttled':
      return throttled(c, answer.waitMs)
    case 'wrong':
      return wrong(c)
    case 'totp_required':
      return problem(c, 401, 'totp_required', 'Send the code of the authenticator, too.')
    case 'password_too_short':
      return problem(c, 422, 'password_too_short', 'A password has 12 characters to 1,024 bytes.')
    case 'password_too_common':
      return problem(c, 422, 'password_too_common', 'This password is on every list.')
  }
}

/** One answer for every wrong guess: it must not tell which part was wrong. */
function wrong(c: AdminContext): Response {
  return problem(c, 401, 'wrong_password', 'The password or the code is wrong.')
}

function throttled(c: AdminContext, waitMs: number): Response {
  c.header('retry-after', String(Math.ceil(waitMs / 1_000)))
  return problem(c, 429, 'too_many_attempts', 'Too many wrong attempts. Wait a little.')
}
