import type { Hono } from 'hono'
import {
  listModels,
  listProviderModels,
  type ModelRow,
  type ModelTest,
  type ProviderModels,
  testModel,
} from '../contract/api/providers.ts'
import { note } from './auth-routes.ts'
import { maskValue } from '../config/secret-path.ts'
import type { AdminEnv } from './guard.ts'
import type { AdminDeps } from './mount.ts'
import { invalid, readJson } from './read-input.ts'

type Account = Omit<ReturnType<typeof testModel.input.parse>, 'model'>

/** What the control plane may ask of providers. */
export interface ProviderDeps {
  readonly models: (account: Account) => Promise<ProviderModels>
  readonly test: (account: Account, model: string) => Promise<ModelTest>
  /** Every model that the configuration names, without its usage. */
  readonly known: (used: readonly string[]) => readonly Omit<ModelRow, UsageField>[]
}

type UsageField = 'requests_7d' | 'errors_7d' | 'cost_usd_7d' | 'first_token_ms'

const WEEK_MS = 7 * 86_400_000
const TARGET_CHARS_MAX = 200

export function mountProviders(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  const { providers } = deps
  app.post(base + listProviderModels.path, async (c) => {
    const input = listProviderModels.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    note(c, deps, 'provider.models', { target: nameOf(input.data) })
    return c.json(await providers.models(input.data))
  })
  app.post(base + testModel.path, async (c) => {
    const input = testModel.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const { model, ...account } = input.data
    note(c, deps, 'provider.test', {
      target: nameOf(account),
      detail: model,
    })
    return c.json(await providers.test(account, model))
  })
  app.get(base + listModels.path, async (c) => {
    const now = deps.now()
    const stats = await deps.logs.stats({ fromMs: now - WEEK_MS, toMs: now, points: 1 })
    const items = providers.known(Object.keys(stats.byModel)).map((model): ModelRow => {
      const used = stats.byModel[model.endpoint]
      return {
        ...model,
        requests_7d: used?.requests ?? 0,
        errors_7d: used?.errors ?? 0,
        cost_usd_7d: used?.costUsd ?? 0,
        first_token_ms: used?.firstTokenMs.p50 ?? null,
      }
    })
    return c.json({ items })
  })
}

/** Some providers take their key in the address. */
function nameOf({ provider, base_url: url = '' }: Account): string {
  return (provider ?? maskValue(url, ['base_url'])).slice(0, TARGET_CHARS_MAX)
}
