import type { Hono } from 'hono'
import type { AdminEnv } from './guard.ts'
import { getLog, listLogs, watchLive } from '../contract/api/logs.ts'
import { streamLive } from './live.ts'
import { logDetail, logRow } from './log-view.ts'
import type { AdminDeps } from './mount.ts'
import { problem } from './problem.ts'
import { invalid } from './read-input.ts'

/** The log: pages, one request, what happens now. */
export function mountLogs(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  app.get(base + listLogs.path, async (c) => {
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
  app.get(base + getLog.path.replace('{id}', ':id'), async (c) => {
    const found = await deps.logs.get(c.req.param('id') ?? '')
    if (found === null) return problem(c, 404, 'not_found', `No such request is in the log.`)
    return c.json(logDetail(found.exchange, found.bodies, deps.assembleStream))
  })
  app.get(base + watchLive.path, (c) => streamLive(c, deps))
}

function readTime(text: string | undefined): number | null {
  if (text === undefined) return null
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text)
}
