import type { Hono } from 'hono'
import type { AdminEnv } from './guard.ts'
import { getHealth, getStats, steerEndpoint } from '../contract/api/overview.ts'
import type { AdminDeps } from './mount.ts'
import { problem } from './problem.ts'
import { invalid, readJson } from './read-input.ts'
import { statsQuery, statsView } from './stats-view.ts'

/** Numbers over a range, and how the models are. */
export function mountOverview(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  app.get(base + getStats.path, async (c) => {
    const input = getStats.input.safeParse(c.req.query())
    if (!input.success) return invalid(c, input.error)
    const { range } = input.data
    const stats = await deps.logs.stats(statsQuery(range, deps.now()))
    return c.json(statsView(range, stats, deps.qps()))
  })
  app.get(base + getHealth.path, (c) => c.json(deps.health()))
  app.post(base + steerEndpoint.path, async (c) => {
    const input = steerEndpoint.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const { endpoint, action } = input.data
    if (deps.steer(endpoint, action)) return c.json(deps.health())
    return problem(c, 404, 'not_found', `No tier and no alias names the model "${endpoint}".`)
  })
}
