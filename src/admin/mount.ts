import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { setCookie } from 'hono/cookie'
import type { Health, RouteExplanation, RouteInput } from '../contract/admin.ts'
import {
  exchangeSetupToken,
  explainRoute,
  getHealth,
  getLog,
  getStats,
  listLogs,
  steerEndpoint,
  watchLive,
} from '../contract/operations.ts'
import type { LogReader } from '../storage/log-store.ts'
import type { LiveBus } from '../telemetry/live-bus.ts'
import { type ConfigDeps, mountConfig } from './config-routes.ts'
import { guard, SESSION_COOKIE } from './guard.ts'
import { streamLive } from './live.ts'
import { logDetail, logRow } from './log-view.ts'
import { openApiDocument } from './openapi.ts'
import { problem } from './problem.ts'
import { invalid, readJson } from './read-input.ts'
import type { Setup } from './setup.ts'
import { statsQuery, statsView } from './stats-view.ts'

export interface AdminDeps {
  readonly version: string
  /** Bearer token for automation; null where none is set. */
  readonly adminToken: string | null
  readonly setup: Setup
  /** The listener is bound to the loopback address: other names in Host are an attack. */
  readonly loopbackOnly: boolean
  readonly logs: LogReader
  readonly live: LiveBus
  readonly qps: () => number
  readonly health: () => Health
  /** False where no such endpoint is configured. */
  readonly steer: (endpoint: string, action: 'open' | 'close' | 'drain') => boolean
  readonly config: ConfigDeps
  readonly explain: (input: RouteInput) => Promise<RouteExplanation>
  readonly assembleStream: (pieces: readonly Uint8Array[]) => unknown
  readonly now: () => number
}

const BASE = '/api/v1'
const BODY_BYTES_MAX = 1024 * 1024

/** The admin API as a node:http listener. */
export function createAdminListener(
  deps: AdminDeps,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const app = new Hono()
  app.use(guard(deps))
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError: (c) => problem(c, 413, 'request_too_large', 'The body is too large.'),
    }),
  )
  mountLogs(app, deps)
  mountState(app, deps)
  mountSetup(app, deps)
  app.get(`${BASE}/openapi.json`, (c) => c.json(openApiDocument(deps.version)))
  app.notFound((c) => problem(c, 404, 'not_found', `There is no ${c.req.method} ${c.req.path}.`))
  app.onError((error, c) => problem(c, 500, 'internal_error', error.message))
  return getRequestListener(app.fetch)
}

function mountLogs(app: Hono, deps: AdminDeps): void {
  app.get(BASE + listLogs.path, async (c) => {
    const input = listLogs.input.safeParse(c.req.query())
    if (!input.success) return invalid(c, input.error)
    const { limit, cursor, tier, model, status, q, from, to } = input.data
    const fromMs = readTime(from)
    const toMs = readTime(to)
    if (Number.isNaN(fromMs) || Number.isNaN(toMs)) {
      return problem(c, 400, 'invalid_input', 'from, to: ISO 8601 or epoch milliseconds')
    }
    try {
      const page = await deps.logs.list({
        limit,
        cursor: cursor ?? null,
        tier: tier ?? null,
        model: model ?? null,
        status: status ?? null,
        q: q ?? null,
        fromMs,
        toMs,
      })
      return c.json({ items: page.items.map(logRow), next_cursor: page.nextCursor })
    } catch (error) {
      if (error instanceof Error && error.message === 'cursor') {
        return problem(c, 400, 'invalid_cursor', 'This cursor is not one of ours.')
      }
      throw error
    }
  })
  app.get(BASE + getLog.path.replace('{id}', ':id'), async (c) => {
    const found = await deps.logs.get(c.req.param('id') ?? '')
    if (found === null) return problem(c, 404, 'not_found', `No such request is in the log.`)
    return c.json(logDetail(found.exchange, found.bodies, deps.assembleStream))
  })
  app.get(BASE + getStats.path, async (c) => {
    const input = getStats.input.safeParse(c.req.query())
    if (!input.success) return invalid(c, input.error)
    const { range } = input.data
    const stats = await deps.logs.stats(statsQuery(range, deps.now()))
    return c.json(statsView(range, stats, deps.qps()))
  })
}

function mountState(app: Hono, deps: AdminDeps): void {
  app.get(BASE + getHealth.path, (c) => c.json(deps.health()))
  app.post(BASE + steerEndpoint.path, async (c) => {
    const input = steerEndpoint.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const { endpoint, action } = input.data
    if (deps.steer(endpoint, action)) return c.json(deps.health())
    return problem(c, 404, 'not_found', `No tier and no alias names the model "${endpoint}".`)
  })
  mountConfig(app, BASE, deps.config)
  app.get(BASE + watchLive.path, (c) => streamLive(c, deps))
  app.post(BASE + explainRoute.path, async (c) => {
    const input = explainRoute.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    return c.json(await deps.explain(input.data))
  })
}

function mountSetup(app: Hono, deps: AdminDeps): void {
  app.post(BASE + exchangeSetupToken.path, async (c) => {
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

function readTime(text: string | undefined): number | null {
  if (text === undefined) return null
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text)
}
