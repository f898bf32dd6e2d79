import type { Hono } from 'hono'
import {
  createKey,
  createPlaygroundKey,
  type GatewayKey,
  listKeys,
  revokeKey,
  rotateKey,
} from '../contract/api/keys.ts'
import type { KeyRecord } from '../storage/control-store.ts'
import type { KeyUsage } from '../storage/log-store.ts'
import { note } from './auth-routes.ts'
import type { AdminContext, AdminEnv } from './guard.ts'
import type { AdminDeps } from './mount.ts'
import { problem } from './problem.ts'
import { invalid, readJson } from './read-input.ts'

/** What the control plane may do with gateway keys. */
export interface KeyDeps {
  readonly list: () => readonly KeyRecord[]
  /** Prefixes of the keys that stand in the file. */
  readonly inFile: () => readonly string[]
  /** Null where the name is taken. */
  readonly create: (name: string, expiresAt: number | null) => Made | null
  readonly rotate: (id: string, overlapMs: number) => Made | null
  readonly revoke: (id: string) => KeyRecord | null
  readonly playground: () => { readonly key: string; readonly expiresAt: number }
}

interface Made {
  readonly key: string
  readonly record: KeyRecord
}

const HOUR_MS = 3_600_000
const HOURS = 24

export function mountKeys(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  const { keys } = deps
  app.get(base + listKeys.path, async (c) => {
    const usage = await usageOf(deps)
    const stored = keys.list().map((record) => keyView(record, usage))
    const written = keys.inFile().map((prefix, index) => fileKeyView(prefix, index, usage))
    return c.json({ items: [...stored, ...written] })
  })
  app.post(base + createKey.path, async (c) => {
    const input = createKey.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const { name, expires_at: expiresAt } = input.data
    const made = keys.create(name, expiresAt)
    if (made === null) return problem(c, 409, 'name_taken', `A key named "${name}" exists.`)
    note(c, deps, 'key.create', { target: name })
    return c.json(madeView(made))
  })
  app.post(base + rotateKey.path.replace('{id}', ':id'), async (c) => {
    const input = rotateKey.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const made = keys.rotate(c.req.param('id') ?? '', input.data.overlap_ms)
    if (made === null) return unknown(c)
    note(c, deps, 'key.rotate', { target: made.record.name })
    return c.json(madeView(made))
  })
  app.post(base + revokeKey.path.replace('{id}', ':id'), (c) => {
    const revoked = keys.revoke(c.req.param('id') ?? '')
    if (revoked === null) return unknown(c)
    note(c, deps, 'key.revoke', { target: revoked.name })
    return c.json({ ok: true })
  })
  app.post(base + createPlaygroundKey.path, (c) => {
    const { key, expiresAt } = keys.playground()
    return c.json({ key, expires_at: expiresAt })
  })
}

function unknown(c: AdminContext): Response {
  return problem(c, 404, 'not_found', 'There is no such active key.')
}

interface Usage {
  readonly requests: number
  readonly costUsd: number
  readonly series: readonly number[]
}

async function usageOf({ logs, now }: AdminDeps): Promise<ReadonlyMap<string, Usage>> {
  const toMs = now()
  const first = Math.floor(toMs / HOUR_MS) - HOURS + 1
  const rows = await logs.keyUsage({ fromMs: first * HOUR_MS, toMs, points: HOURS })
  const usage = new Map<string, Usage>()
  for (const row of rows) usage.set(row.key, added(usage.get(row.key), row, first))
  return usage
}

function added(known: Usage | undefined, row: KeyUsage, first: number): Usage {
  const series = [...(known?.series ?? Array.from({ length: HOURS }, () => 0))]
  const at = row.hourMs / HOUR_MS - first
  series[at] = (series[at] ?? 0) + row.requests
  return {
    requests: (known?.requests ?? 0) + row.requests,
    costUsd: (known?.costUsd ?? 0) + row.costUsd,
    series,
  }
}

function usageView(
  name: string,
  usage: ReadonlyMap<string, Usage>,
): Pick<GatewayKey, 'requests_24h' | 'cost_usd_24h' | 'series'> {
  const own = usage.get(name)
  return {
    requests_24h: own?.requests ?? 0,
    cost_usd_24h: own?.costUsd ?? 0,
    series: [...(own?.series ?? [])],
  }
}

function keyView(record: KeyRecord, usage: ReadonlyMap<string, Usage>): GatewayKey {
  const { id, name, prefix, createdAt, revokedAt, expiresAt, lastUsedAt } = record
  return {
    id,
    name,
    prefix,
    source: 'store',
    created_at: createdAt,
    revoked_at: revokedAt,
    expires_at: expiresAt,
    last_used_at: lastUsedAt,
    ...usageView(name, usage),
  }
}

function fileKeyView(prefix: string, index: number, usage: ReadonlyMap<string, Usage>): GatewayKey {
  const name = `file:${index + 1}`
  return {
    id: name,
    name,
    prefix,
    source: 'file',
    created_at: null,
    revoked_at: null,
    expires_at: null,
    last_used_at: null,
    ...usageView(name, usage),
  }
}

function madeView({ key, record }: Made): { key: string; record: GatewayKey } {
  return { key, record: keyView(record, new Map()) }
}
