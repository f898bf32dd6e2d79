import type { Hono } from 'hono'
import type { AdminEnv } from './guard.ts'
import {
  type Overview,
  getHealth,
  getOverview,
  getStats,
  steerEndpoint,
} from '../contract/api/overview.ts'
import type { AdminDeps } from './mount.ts'
import { problem } from './problem.ts'
import { invalid, readJson } from './read-input.ts'
import { note } from './auth-routes.ts'
import { attentionOf } from './attention.ts'
import { sliceView, statsQuery, statsView } from './stats-view.ts'

/** Numbers over a range, and how the models are. */
export function mountOverview(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  app.get(base + getStats.path, async (c) => {
    const input = getStats.input.safeParse(c.req.query())
    if (!input.success) return invalid(c, input.error)
    const { range } = input.data
    const stats = await deps.logs.stats(statsQuery(range, deps.now()))
    return c.json(statsView(range, stats, deps.qps()))
  })
  app.get(base + getOverview.path, async (c) => {
    const input = getOverview.input.safeParse(c.req.query())
    if (!input.success) return invalid(c, input.error)
    return c.json(await overviewOf(deps, input.data.range))
  })
  app.get(base + getHealth.path, (c) => c.json(deps.health()))
  app.post(base + steerEndpoint.path, async (c) => {
    const input = steerEndpoint.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const { endpoint, action } = input.data
    if (deps.steer(endpoint, action)) {
      note(c, deps, `endpoint.${action}`, { target: endpoint })
      return c.json(deps.health())
    }
    return problem(c, 404, 'not_found', `No tier and no alias names the model "${endpoint}".`)
  })
}

async function overviewOf(deps: AdminDeps, range: string): Promise<Overview> {
  const now = deps.now()
  const query = statsQuery(range, now)
  const before = { ...query, fromMs: 2 * query.fromMs - now, toMs: query.fromMs }
  const [stats, previous, overview] = await Promise.all([
    deps.logs.stats(query),
    query.fromMs === 0 ? null : deps.logs.stats(before),
    deps.logs.overview(query),
  ])
  const { requests, errors, failovers } = stats.total
  return {
    stats: statsView(range, stats, deps.qps()),
    previous: previous === null ? null : sliceView(previous.total),
    success: {
      after: requests === 0 ? null : 1 - errors / requests,
      before: requests === 0 ? null : Math.max(0, requests - errors - failovers) / requests,
    },
    from: query.fromMs,
    to: query.toMs,
    step_ms: overview.stepMs,
    flow: overview.flow.map(({ costUsd, ...row }) => ({ ...row, cost_usd: costUsd })),
    heatmap: {
      bounds_ms: [...overview.heatmap.boundsMs],
      columns: overview.heatmap.columns.map(({ at, counts }) => ({ at, counts: [...counts] })),
    },
    ribbons: overview.ribbons.map(({ endpoint, cells }) => ({ endpoint, cells: [...cells] })),
    errors: [...overview.errors],
    attention: attentionOf(deps, stats),
  }
}
