import { parseDocument } from 'yaml'
import { type Path, showPath } from './problem.ts'
import { scalarsOf } from './scalars.ts'
import { maskSecrets } from './secret-path.ts'
import type { Snapshot } from './snapshot.ts'

/** One setting in force. */
export interface EffectiveEntry {
  readonly path: string
  readonly value: unknown
  readonly origin: 'file' | 'default' | 'environment'
  /** Name of the variable, or empty. */
  readonly detail: string
}

/** Settings that hold although no file names them, as the snapshot has them. */
export function effectiveEntries(snapshot: Snapshot, text: string): readonly EffectiveEntry[] {
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
  return [...fromFile, ...defaults].sort((left, right) => left.path.localeCompare(right.path))
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

function defaultsOf({ server, routing, logs, pools }: Snapshot): Readonly<Record<string, unknown>> {
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
    'logs.retention_days': logs.retentionDays,
    'logs.bodies': logs.bodies,
    'logs.body_limit_bytes': logs.bodyLimitBytes,
    ...namedLike('retry', pools.t2.retry),
    ...namedLike('timeouts', pools.t2.limits),
  }
}

/** Settings of a policy under the names that the file gives them. */
function namedLike(group: string, policy: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(policy).map(([name, value]) => [
      `${group}.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
      value instanceof Set ? [...(value as ReadonlySet<unknown>)] : (value as unknown),
    ]),
  )
}
