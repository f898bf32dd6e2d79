import { parseDocument } from 'yaml'
import type { Timeouts } from '../contract/config.ts'
import { type Tier, TIERS } from '../contract/tier.ts'
import { type Path, showPath } from './problem.ts'
import { scalarsOf } from './scalars.ts'
import { maskSecrets } from './secret-path.ts'
import type { RetryPolicy, Snapshot } from './snapshot.ts'

/** One setting in force. */
export interface EffectiveEntry {
  readonly path: string
  readonly value: unknown
  readonly origin: 'file' | 'default' | 'environment'
  /** Name of the variable, or empty. */
  readonly detail: string
}

interface Flags {
  readonly host: string | null
  readonly port: number | null
}

/** Settings that hold although no file names them, as the snapshot has them. */
export function effectiveEntries(
  snapshot: Snapshot,
  text: string,
  flags: Flags,
): readonly EffectiveEntry[] {
  const variables = variablesIn(text)
  const written = leaves(snapshot.document, [])
  const known = new Set(written.map(({ path }) => showPath(path)))
  const fromFile = written.map(({ path, value }): EffectiveEntry => {
    const name = showPath(path)
    const named = variables.get(name) ?? new Set()
    const origin = named.size === 0 ? 'file' : 'environment'
    return { path: name, value: maskSecrets(value, path), origin, detail: [...named].join(', ') }
  })
  const defaults = Object.entries(defaultsOf(snapshot))
    .filter(([path]) => !known.has(path))
    .map(([path, value]): EffectiveEntry => ({ path, value, origin: 'default', detail: '' }))
  return [...fromFile, ...defaults]
    .map((entry) => withFlag(entry, flags))
    .sort((left, right) => left.path.localeCompare(right.path))
}

/** Given at the start by a flag or its variable; such a setting wins over the file. */
function withFlag(entry: EffectiveEntry, flags: Flags): EffectiveEntry {
  for (const name of ['host', 'port'] as const) {
    if (entry.path !== `server.${name}` || flags[name] === null) continue
    const detail = `--${name}, SMARTROUTE_${name.toUpperCase()}`
    return { ...entry, value: flags[name], origin: 'environment', detail }
  }
  return entry
}

function leaves(
  value: unknown,
  path: Path,
): readonly { readonly path: Path; readonly value: unknown }[] {
  if (Array.isArray(value) && value.some((item) => typeof item === 'object')) {
    return value.flatMap((item, index) => leaves(item, [...path, index]))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path, value }]
  return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))
}

/** Which variables each value of the file names; those of a list stand under the list, too. */
function variablesIn(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const { path, value } of scalarsOf(parseDocument(text)).texts) {
    const names = [...value.matchAll(/\$\{([A-Za-z_]\w*)/g)].map((match) => match[1] ?? '')
    const list = typeof path.at(-1) === 'number' ? [path.slice(0, -1)] : []
    for (const place of names.length === 0 ? [] : [path, ...list]) {
      const known = found.get(showPath(place)) ?? new Set()
      found.set(showPath(place), new Set([...known, ...names]))
    }
  }
  return found
}

type Values = Readonly<Record<string, unknown>>

function defaultsOf(snapshot: Snapshot): Values {
  const { server, routing, logs } = snapshot
  return {
    'server.host': server.host,
    'server.port': server.port,
    'server.drain_ms': server.drainMs,
    'server.body_limit_bytes': server.bodyLimitBytes,
    'server.max_inflight': server.maxInflight,
    'server.keep_alive_after_ms': server.keepAliveAfterMs,
    'server.slow_client_ms': server.slowClientMs,
    'routing.enabled': routing.enabled,
    'routing.unknown_model': routing.unknownModel,
    'routing.classifier': routing.classifier,
    'routing.fallback_tier': routing.fallbackTier,
    'routing.local.preference': routing.local.preference,
    'routing.local.ask_below': routing.local.askBelow,
    'routing.learning.enabled': routing.learning.enabled,
    'routing.learning.hold_out': routing.learning.holdOut,
    ...(routing.llm === null
      ? {}
      : {
          'routing.llm.timeout_ms': routing.llm.timeoutMs,
          'routing.llm.history': routing.llm.history,
        }),
    'logs.retention_days': logs.retentionDays,
    'logs.bodies': logs.bodies,
    'logs.body_limit_bytes': logs.bodyLimitBytes,
    ...retryDefaults(snapshot.pinned.retry),
    ...Object.assign({}, ...TIERS.map((tier) => tierDefaults(snapshot, tier))),
  }
}

function retryDefaults(retry: RetryPolicy): Values {
  return {
    'retry.status_codes': [...retry.statusCodes],
    'retry.error_keywords': retry.errorKeywords,
    'retry.max_attempts': retry.maxAttempts,
    'retry.wait_inline_ms': retry.waitInlineMs,
    'retry.on_content_filter': retry.failoverOnContentFilter ? 'failover' : 'stop',
    'retry.tier_fallback': retry.tierFallback,
    'retry.resume': retry.resume,
    'retry.failover_per_s': retry.failoverPerS,
  }
}

/** Each tier has limits of its own where neither it nor `timeouts` says otherwise. */
function tierDefaults({ document, pools }: Snapshot, tier: Tier): Values {
  const { limits, strategy } = pools[tier]
  const all: Readonly<Record<keyof Timeouts, number | null>> = {
    connect_ms: limits.connectMs,
    headers_ms: limits.headersMs,
    first_token_ms: limits.firstTokenMs,
    idle_ms: limits.idleMs,
    content_idle_ms: limits.contentIdleMs,
    total_ms: limits.totalMs,
    hedge_after_ms: limits.hedgeAfterMs,
  }
  const own = Object.entries(all).filter(
    ([name]) => document.timeouts?.[name as keyof Timeouts] === undefined,
  )
  return {
    [`tiers.${tier}.strategy`]: strategy,
    ...Object.fromEntries(own.map(([name, ms]) => [`tiers.${tier}.timeouts.${name}`, ms])),
  }
}
