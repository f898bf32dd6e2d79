import { Readable } from 'node:stream'
import type { Hono } from 'hono'
import {
  exportLogs,
  getLog,
  getStorage,
  listLogs,
  pruneLogs,
  rateLog,
  summariseLogs,
  watchLive,
  type LogFilter as ContractFilter,
} from '../contract/api/logs.ts'
import type { LogFilter } from '../storage/log-store.ts'
import { note } from './auth-routes.ts'
import { csvLines, jsonLines } from './export-logs.ts'
import type { AdminEnv } from './guard.ts'
import { LiveFeed, streamLive } from './live.ts'
import { logDetail, logRow } from './log-view.ts'
import type { AdminDeps } from './mount.ts'
import { problem } from './problem.ts'
import { invalid, readJson } from './read-input.ts'

const BAD_TIME = 'from, to: ISO 8601 or epoch milliseconds'

/** The log: pages, counts, files, one request, what happens now. */
export function mountLogs(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  app.get(base + listLogs.path, async (c) => {
    const input = listLogs.input.safeParse(c.req.query())
    if (!input.success) return invalid(c, input.error)
    const filter = filterOf(input.data)
    if (filter === null) return problem(c, 400, 'invalid_input', BAD_TIME)
    const { limit, cursor = null } = input.data
    try {
      const { items, nextCursor } = await deps.logs.list({ ...filter, limit, cursor })
      const rows = items.map(({ exchange, preview }) => ({ ...logRow(exchange), preview }))
      return c.json({ items: rows, next_cursor: nextCursor })
    } catch (error) {
      if (error instanceof Error && error.message === 'cursor') {
        return problem(c, 400, 'invalid_cursor', 'This cursor is not one of ours.')
      }
      throw error
    }
  })
  app.get(base + summariseLogs.path, async (c) => {
    const input = summariseLogs.input.safeParse(c.req.query())
    if (!input.success) return invalid(c, input.error)
    const filter = filterOf(input.data)
    if (filter === null) return problem(c, 400, 'invalid_input', BAD_TIME)
    return c.json(await deps.logs.summary(filter, input.data.points))
  })
  app.get(base + exportLogs.path, (c) => {
    const input = exportLogs.input.safeParse(c.req.query())
    if (!input.success) return invalid(c, input.error)
    const filter = filterOf(input.data)
    if (filter === null) return problem(c, 400, 'invalid_input', BAD_TIME)
    const { format, limit, bodies } = input.data
    note(c, deps, 'log.export', { detail: new URL(c.req.url).search.slice(0, 300) })
    const lines =
      format === 'csv'
        ? csvLines(deps, filter, limit)
        : jsonLines(deps, filter, { limit, bodies: bodies === 'true' })
    c.header('content-type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
    c.header('content-disposition', `attachment; filename="requests.${format}"`)
    return c.body(Readable.toWeb(Readable.from(lines)) as ReadableStream<Uint8Array>)
  })
  mountOne(app, base, deps)
  mountStorage(app, base, deps)
  let feed: LiveFeed | null = null
  app.get(base + watchLive.path, (c) => {
    feed ??= new LiveFeed(deps.live)
    const [session, isToken] = [c.get('session'), c.get('actor') === 'token']
    const stillAllowed = (): boolean => isToken || deps.accounts.peek(session) !== null
    return streamLive(c, { feed, deps, stillAllowed })
  })
}

const READS_KEPT_MAX = 10_000

function mountOne(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  const reads = new Set<string>()
  app.get(base + getLog.path.replace('{id}', ':id'), async (c) => {
    const id = c.req.param('id') ?? ''
    const found = await deps.logs.get(id)
    if (found === null) return problem(c, 404, 'not_found', 'No such request is in the log.')
    // What people said is personal: who read it is written down.
    const read = `${c.get('session')} ${id}`
    if (c.get('actor') === 'admin' && !reads.has(read)) {
      // Once per session and request: a page that is looked at for an hour asks again and again.
      if (reads.size >= READS_KEPT_MAX) reads.clear()
      reads.add(read)
      note(c, deps, 'log.read', { target: id })
    }
    const detail = logDetail(found.exchange, found.bodies, deps.assembleStream)
    return c.json({ ...detail, feedback: deps.feedback.of(id) })
  })
  app.post(base + rateLog.path.replace('{id}', ':id'), async (c) => {
    const input = rateLog.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const id = c.req.param('id') ?? ''
    if ((await deps.logs.get(id)) === null) {
      return problem(c, 404, 'not_found', 'No such request is in the log.')
    }
    const { tier, note: text } = input.data
    const taught = await deps.feedback.rate(id, tier, text)
    return c.json({ ok: true, taught })
  })
}

function mountStorage(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  app.get(base + getStorage.path, async (c) => {
    const days = await deps.logs.days()
    const total = days.reduce((sum, { bytes }) => sum + bytes, 0)
    return c.json({ days, total_bytes: total, ...deps.storage() })
  })
  app.post(base + pruneLogs.path, async (c) => {
    const input = pruneLogs.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const gone = (await deps.logs.days()).filter(({ day }) => day < input.data.before)
    await deps.prune(input.data.before)
    note(c, deps, 'log.prune', { target: `before ${input.data.before}` })
    const bytes = gone.reduce((sum, day) => sum + day.bytes, 0)
    return c.json({ days: gone.length, bytes })
  })
}

/** Null where a time is none. */
function filterOf(input: ContractFilter): LogFilter | null {
  const fromMs = readTime(input.from)
  const toMs = readTime(input.to)
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) return null
  return {
    tier: input.tier ?? null,
    model: input.model ?? null,
    provider: input.provider ?? null,
    key: input.key ?? null,
    status: input.status ?? null,
    error: input.error ?? null,
    reason: input.reason ?? null,
    failover: input.failover === undefined ? null : input.failover === 'true',
    minMs: input.min_ms ?? null,
    q: input.q ?? null,
    fromMs,
    toMs,
  }
}

function readTime(text: string | undefined): number | null {
  if (text === undefined) return null
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text)
}
