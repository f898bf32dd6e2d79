import { z } from 'zod'
import { defineOperation } from './operation.ts'

/** Who may use the panel. One administrator; sessions, second factor and an audit trail. */

const nothing = z.object({})
const done = z.object({ ok: z.literal(true) })
const password = z.string().min(1).max(1024)
const code = z.string().min(6).max(32).describe('from the authenticator, or a recovery code')

export const getAuthState = defineOperation({
  id: 'getAuthState',
  method: 'get',
  path: '/auth',
  summary: 'Whether somebody is signed in, and what signing in needs',
  input: nothing,
  output: z.object({
    signed_in: z.boolean(),
    has_password: z.boolean().describe('false: the first visit needs the setup token'),
    setup_open: z.boolean().describe('the setup token has neither been used nor expired'),
    totp: z.boolean().describe('signing in needs a code too'),
    version: z.string(),
    demo: z.boolean().describe('runs without a configuration file, with simulated models'),
  }),
  open: true,
})

export const exchangeSetupToken = defineOperation({
  id: 'exchangeSetupToken',
  method: 'post',
  path: '/setup',
  summary: 'Exchanges the one-time setup token for a session cookie and sets the first password',
  input: z.object({ token: z.string().max(200), password: password.optional() }),
  output: done,
  open: true,
})

export const signIn = defineOperation({
  id: 'signIn',
  method: 'post',
  path: '/auth/sign-in',
  summary: 'Opens a session; 401 `totp_required` asks for a code, 429 for patience',
  input: z.object({ password, code: code.optional() }),
  output: done,
  open: true,
})

export const signOut = defineOperation({
  id: 'signOut',
  method: 'post',
  path: '/auth/sign-out',
  summary: 'Ends this session',
  input: nothing,
  output: done,
})

export const changePassword = defineOperation({
  id: 'changePassword',
  method: 'post',
  path: '/auth/password',
  summary: 'Sets another password; every other session ends',
  input: z.object({ current: password.optional(), next: password, code: code.optional() }),
  output: done,
})

export const listSessions = defineOperation({
  id: 'listSessions',
  method: 'get',
  path: '/auth/sessions',
  summary: 'Who is signed in, and from where',
  input: nothing,
  output: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        created_at: z.number(),
        seen_at: z.number(),
        expires_at: z.number(),
        address: z.string(),
        user_agent: z.string(),
        current: z.boolean(),
      }),
    ),
  }),
})

export const revokeSession = defineOperation({
  id: 'revokeSession',
  method: 'post',
  path: '/auth/sessions/revoke',
  summary: 'Ends a session, or with `others` every one but this',
  input: z.object({ id: z.string().max(100).optional(), others: z.boolean().optional() }),
  output: done,
})

export const beginTotp = defineOperation({
  id: 'beginTotp',
  method: 'post',
  path: '/auth/totp/begin',
  summary: 'A new secret for an authenticator; in force once a code confirms it',
  input: z.object({ password }),
  output: z.object({ secret: z.string(), uri: z.string() }),
})

export const confirmTotp = defineOperation({
  id: 'confirmTotp',
  method: 'post',
  path: '/auth/totp/confirm',
  summary: 'Turns the second factor on; the recovery codes are shown this once',
  input: z.object({ code }),
  output: z.object({ recovery_codes: z.array(z.string()) }),
})

export const disableTotp = defineOperation({
  id: 'disableTotp',
  method: 'post',
  path: '/auth/totp/disable',
  summary: 'Turns the second factor off',
  input: z.object({ password, code }),
  output: done,
})

export const listAudit = defineOperation({
  id: 'listAudit',
  method: 'get',
  path: '/audit',
  summary: 'What administrators did, newest first',
  input: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().optional(),
  }),
  output: z.object({
    items: z.array(
      z.object({
        id: z.number(),
        at: z.number(),
        actor: z.string().describe('admin, token or setup'),
        action: z.string().describe('sign_in, config.change, key.create, …'),
        target: z.string(),
        detail: z.string(),
        address: z.string(),
      }),
    ),
    next_cursor: z.string().nullable(),
  }),
})

export const AUTH_OPERATIONS = [
  getAuthState,
  exchangeSetupToken,
  signIn,
  signOut,
  changePassword,
  listSessions,
  revokeSession,
  beginTotp,
  confirmTotp,
  disableTotp,
  listAudit,
] as const
