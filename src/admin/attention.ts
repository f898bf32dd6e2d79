import type { Overview } from '../contract/api/overview.ts'
import type { LogStats } from '../storage/log-store.ts'
import type { AdminDeps } from './mount.ts'

type Item = Overview['attention'][number]

const FREE_BYTES_MIN = 2_000_000_000

/** What somebody has to do, the most urgent first. */
export function attentionOf(deps: AdminDeps, stats: LogStats): Item[] {
  const health = deps.health()
  const { document, problems } = deps.config.view()
  const items: Item[] = []
  const add = (kind: Item['kind'], subject: string, detail = ''): void => {
    items.push({ kind, subject, detail })
  }
  if (health.log.fault !== null) add('log_fault', '', health.log.fault)
  if (health.log.rows_dropped > 0) add('log_dropped', String(health.log.rows_dropped))
  for (const { severity, line, message } of problems) {
    if (severity === 'error') add('config_problem', `${line}`, message)
  }
  for (const { scope, name, cause } of health.resting) {
    if (cause === 'auth' || cause === 'quota') add('provider_auth', name, `${scope}: ${cause}`)
  }
  for (const { endpoint, state, cause, cooldown_ms } of health.endpoints) {
    if (state !== 'open') continue
    const kind = cause === 'auth' || cause === 'quota' ? 'provider_auth' : 'endpoint_resting'
    add(kind, endpoint, `${cause ?? ''} ${Math.ceil(cooldown_ms / 1_000)} s`)
  }
  for (const tier of ['t1', 't2', 't3'] as const) {
    const models = (document as Tiers).tiers?.[tier]?.models ?? []
    if (models.length === 0) add('empty_tier', tier.toUpperCase())
  }
  const free = deps.storage().free_bytes
  if (free !== null && free < FREE_BYTES_MIN) add('disk_low', '', `${Math.round(free / 1e6)} MB`)
  for (const [model, { requests, costUsd }] of Object.entries(stats.byModel)) {
    if (requests > 0 && costUsd === 0 && !deps.hasPrice(model)) add('unpriced', model)
  }
  if (!deps.accounts.hasPassword) add('no_password', '')
  if (deps.isDemo()) add('demo', '')
  return items
}

interface Tiers {
  readonly tiers?: Readonly<Record<string, { readonly models?: readonly unknown[] } | undefined>>
}
