import type { Overview } from '../contract/api/overview.ts'
import type { Health } from '../contract/api/shapes.ts'
import type { LogStats } from '../storage/log-store.ts'
import type { AdminDeps } from './mount.ts'

type Item = Overview['attention'][number]

const FREE_BYTES_MIN = 2_000_000_000

/** What somebody has to do, the most urgent first. */
export function attentionOf(deps: AdminDeps, stats: LogStats): Item[] {
  const health = deps.health()
  return [
    ...logItems(deps, health),
    ...configItems(deps),
    ...providerItems(health),
    ...unpriced(deps, stats),
    ...(deps.accounts.hasPassword ? [] : [item('no_password', '')]),
    ...(deps.isDemo() ? [item('demo', '')] : []),
  ]
}

function item(kind: Item['kind'], subject: string, detail = ''): Item {
  return { kind, subject, detail }
}

function logItems({ storage }: AdminDeps, { log }: Health): Item[] {
  const free = storage().free_bytes
  return [
    ...(log.fault === null ? [] : [item('log_fault', '', log.fault)]),
    ...(log.rows_dropped === 0 ? [] : [item('log_dropped', String(log.rows_dropped))]),
    ...(free === null || free >= FREE_BYTES_MIN
      ? []
      : [item('disk_low', '', `${Math.round(free / 1e6)} MB`)]),
  ]
}

function configItems({ config }: AdminDeps): Item[] {
  const { document, problems } = config.view()
  const empty = (['t1', 't2', 't3'] as const).filter(
    (tier) => ((document as Tiers).tiers?.[tier]?.models ?? []).length === 0,
  )
  return [
    ...problems
      .filter(({ severity }) => severity === 'error')
      .map(({ line, message }) => item('config_problem', String(line), message)),
    ...empty.map((tier) => item('empty_tier', tier.toUpperCase())),
  ]
}

function providerItems({ resting, endpoints }: Health): Item[] {
  const isAccount = (cause: string | null): boolean => cause === 'auth' || cause === 'quota'
  return [
    ...resting
      .filter(({ cause }) => isAccount(cause))
      .map(({ scope, name, cause }) => item('provider_auth', name, `${scope}: ${cause}`)),
    ...endpoints
      .filter(({ state }) => state === 'open')
      .map(({ endpoint, cause, cooldown_ms }) =>
        item(
          isAccount(cause) ? 'provider_auth' : 'endpoint_resting',
          endpoint,
          `${cause ?? ''} ${Math.ceil(cooldown_ms / 1_000)} s`,
        ),
      ),
  ]
}

function unpriced({ hasPrice }: AdminDeps, { byModel }: LogStats): Item[] {
  return Object.entries(byModel)
    .filter(([model, { requests, costUsd }]) => requests > 0 && costUsd === 0 && !hasPrice(model))
    .map(([model]) => item('unpriced', model))
}

interface Tiers {
  readonly tiers?: Readonly<Record<string, { readonly models?: readonly unknown[] } | undefined>>
}
