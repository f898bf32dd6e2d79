import type { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { exchangeSetupToken } from '../contract/api/auth.ts'
import { SESSION_COOKIE } from './guard.ts'
import type { AdminDeps } from './mount.ts'
import { problem } from './problem.ts'
import { invalid, readJson } from './read-input.ts'

/** Signing in and out. */
export function mountAuth(app: Hono, base: string, deps: AdminDeps): void {
  app.post(base + exchangeSetupToken.path, async (c) => {
    const input = exchangeSetupToken.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const answer = deps.setup.exchange(input.data.token)
    switch (answer.kind) {
      case 'throttled':
        return problem(c, 429, 'too_many_attempts', 'Too many wrong tokens. Wait a minute.')
      case 'wrong':
        return problem(
          c,
          401,
          'invalid_setup_token',
          'This setup token is wrong, used or expired. Restart the gateway for a new one.',
        )
      case 'session':
        setCookie(c, SESSION_COOKIE, answer.id, { httpOnly: true, sameSite: 'Strict', path: '/' })
        return c.json({ ok: true })
    }
  })
}
