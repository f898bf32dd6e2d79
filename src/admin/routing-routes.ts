import type { Hono } from 'hono'
import { type Backtest, backtest, explainRoute, listRuleHits } from '../contract/api/routing.ts'
import type { RouteExplanation, RouteInput } from '../contract/api/shapes.ts'
import type { Problem } from '../config/problem.ts'
import type { AdminContext, AdminEnv } from './guard.ts'
import type { AdminDeps } from './mount.ts'
import { problem } from './problem.ts'
import { invalid, readJson } from './read-input.ts'

/** Dry runs of the decision, on what runs or on a draft. */
export interface RoutingDeps {
  readonly explain: (input: RouteInput) => Promise<RouteExplanation | Invalid>
  readonly backtest: (input: {
    readonly draft: unknown
    readonly limit: number
    readonly signal: AbortSignal
  }) => Promise<Backtest | Invalid | RoutingDisabled>
}

/** The draft draws tiers at random: there is no decision to try. */
export interface RoutingDisabled {
  readonly routing: 'disabled'
}

/** The draft is no configuration. */
export interface Invalid {
  readonly problems: readonly Problem[]
}

export function mountRouting(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  let running = false
  app.post(base + explainRoute.path, async (c) => {
    const input = explainRoute.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    return answer(c, await deps.routing.explain(input.data))
  })
  app.post(base + backtest.path, async (c) => {
    const input = backtest.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    // It reads and classifies for seconds: one at a time leaves the machine to the requests.
    if (running) return problem(c, 429, 'busy', 'Another backtest is under way.')
    running = true
    try {
      return answer(c, await deps.routing.backtest({ ...input.data, signal: c.req.raw.signal }))
    } finally {
      running = false
    }
  })
  app.get(base + listRuleHits.path, async (c) => {
    const hits = await deps.logs.ruleHits({ fromMs: 0, toMs: deps.now(), points: 1 })
    return c.json({ items: hits.map(({ lastAt, ...hit }) => ({ ...hit, last_at: lastAt })) })
  })
}

function answer(c: AdminContext, result: object): Response {
  if ('routing' in result) {
    const text = 'routing.enabled is false: tiers are drawn at random, so nothing can be replayed.'
    return problem(c, 422, 'routing_disabled', text)
  }
  if (!('problems' in result)) return c.json(result)
  const { problems } = result
  return problem(c, 422, 'invalid_config', { text: 'The draft is not valid.', more: { problems } })
}
