import type { Hono } from 'hono'
import type { AdminEnv } from './guard.ts'
import { explainRoute } from '../contract/api/routing.ts'
import type { AdminDeps } from './mount.ts'
import { invalid, readJson } from './read-input.ts'

/** Dry runs of the decision. */
export function mountRouting(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  app.post(base + explainRoute.path, async (c) => {
    const input = explainRoute.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    return c.json(await deps.explain(input.data))
  })
}
