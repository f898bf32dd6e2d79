import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { RE2JS } from 're2js'
import type { ConfigDocument } from '../contract/config.ts'
import { type Tier, TIERS } from '../contract/tier.ts'
import { spellings } from '../kit/spellings.ts'
import { limitsOf, retryOf } from './compile-policy.ts'
import { deepFreeze } from './deep-freeze.ts'
import { EndpointTable, paramsOf } from './endpoint-table.ts'
import { providerOf } from './provider-of.ts'
import type { Endpoint, KeyLimits, Pool, Rule, Snapshot, Upstream } from './snapshot.ts'

type Providers = NonNullable<ConfigDocument['providers']>

/** A valid document as the data plane uses it. Only documents that passed the checks come here. */
export function compile(
  document: ConfigDocument,
  source: { readonly text: string; readonly path: string | null },
): Snapshot {
  const upstreams = new Map(
    Object.entries(document.providers ?? {}).map(([id, provider]) => [
      id,
      compileUpstream(id, provider, source.path),
    ]),
  )
  const endpoints = new EndpointTable(document)
  const endpointOf = (upstream: Upstream, model: string): Endpoint => endpoints.get(upstream, model)
  const find = (id: string): Endpoint | null => {
    const provided = providerOf(document, id)
    const upstream = provided === null ? undefined : upstreams.get(provided.provider)
    return provided === null || upstream === undefined ? null : endpointOf(upstream, provided.model)
  }
  const pools = compilePools(document, find)
  const gatewayKeys = (document.gateway?.api_keys ?? []).filter((key) => key !== '')
  return deepFreeze({
    revision: revisionOf(source.text),
    document,
    server: compileServer(document.server ?? {}),
    gatewayKeys,
    keyLimits: compileKeyLimits(document.gateway?.limits ?? {}),
    keyLimitsOf: new Map(
      Object.entries(document.gateway?.key_limits ?? {}).map(([name, own]) => [
        name,
        compileKeyLimits({ ...document.gateway?.limits, ...own }),
      ]),
    ),
    upstreams,
    defaultUpstream: upstreams.get(document.default_provider ?? '') ?? null,
    modelMap: new Map(
      Object.keys(document.model_map ?? {}).flatMap((model) => {
        const endpoint = find(model)
        return endpoint === null ? [] : [[model, endpoint] as const]
      }),
    ),
    pools,
    pinned: { limits: limitsOf(document, 't3'), retry: retryOf(document, null) },
    routing: compileRouting(document, pools, find),
    globalParams: paramsOf(document.params?.global),
    logs: compileLogs(document.logs ?? {}),
    secrets: secretsOf(gatewayKeys, upstreams),
    endpointOf,
  })
}

/** The name of a text: the start of its SHA-256. */
export function revisionOf(text: string): string {
  return sha256(text).slice(0, 16)
}

function sha256(text: string): string {
  return hash('sha256', text)
}

function compileServer(server: NonNullable<ConfigDocument['server']>): Snapshot['server'] {
  return {
    host: server.host ?? '127.0.0.1',
    port: server.port ?? 6688,
    drainMs: server.drain_ms ?? 30_000,
    bodyLimitBytes: server.body_limit_bytes ?? 32 * 1024 * 1024,
    maxInflight: server.max_inflight ?? 2_000,
    keepAliveAfterMs: server.keep_alive_after_ms ?? 20_000,
    slowClientMs: server.slow_client_ms ?? 60_000,
  }
}

type KeyLimitsDocument = NonNullable<NonNullable<ConfigDocument['gateway']>['key_limits']>[string]

function compileKeyLimits(limits: KeyLimitsDocument): KeyLimits {
  return {
    maxConcurrency: limits.max_concurrency ?? null,
    requestsPerMinute: limits.requests_per_minute ?? null,
    tokensPerMinute: limits.tokens_per_minute ?? null,
    usdPerDay: limits.usd_per_day ?? null,
    maxOutputTokens: limits.max_output_tokens ?? null,
    models: limits.models === undefined ? null : new Set(limits.models),
  }
}

function compileLogs(logs: NonNullable<ConfigDocument['logs']>): Snapshot['logs'] {
  return {
    retentionDays: logs.retention_days ?? 7,
    bodies: logs.bodies ?? 'full',
    bodyLimitBytes: logs.body_limit_bytes ?? 1024 * 1024,
  }
}

function compileUpstream(
  id: string,
  provider: Providers[string],
  configPath: string | null,
): Upstream {
  const url = new URL(provider.base_url)
  const path = url.pathname.replace(/\/+$/, '')
  const chat = path.endsWith('/chat/completions') ? path : `${path}/chat/completions`
  const keys = [provider.api_key ?? '', ...(provider.api_keys ?? [])]
  const apiKeys = [...new Set(keys)].filter((key) => key !== '')
  const caFile = provider.tls?.ca_file
  const ca =
    caFile === undefined ? null : readFileSync(resolve(dirname(configPath ?? '.'), caFile), 'utf8')
  return {
    id,
    origin: url.origin,
    chatPath: chat + url.search,
    apiKeys,
    keyIds: apiKeys.map((key) => sha256(key).slice(0, 12)),
    headers: Object.fromEntries(
      Object.entries(provider.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    profile: provider.profile ?? 'openai',
    allowPrivate: provider.allow_private ?? false,
    maxConcurrency: provider.max_concurrency ?? null,
    tls: { ca, verify: provider.tls?.insecure_skip_verify !== true },
  }
}

function compilePools(
  document: ConfigDocument,
  find: (id: string) => Endpoint | null,
): Record<Tier, Pool> {
  const t3 = compilePool(document, 't3', find, [])
  const t2 = compilePool(document, 't2', find, t3.endpoints)
  const t1 = compilePool(document, 't1', find, [...t2.endpoints, ...t3.endpoints])
  return { t1, t2, t3 }
}

function compilePool(
  document: ConfigDocument,
  tier: Tier,
  find: (id: string) => Endpoint | null,
  stronger: readonly Endpoint[],
): Pool {
  const settings = document.tiers?.[tier]
  const members = (settings?.models ?? []).flatMap((entry) => {
    const { id, weight } = typeof entry === 'string' ? { id: entry, weight: 1 } : entry
    const endpoint = find(id)
    return endpoint === null ? [] : [{ endpoint, weight: weight ?? 1 }]
  })
  return {
    members,
    endpoints: members.map(({ endpoint }) => endpoint),
    stronger,
    strategy: settings?.strategy ?? 'sequential',
    limits: limitsOf(document, tier),
    retry: retryOf(document, tier),
  }
}

function compileRouting(
  document: ConfigDocument,
  pools: Record<Tier, Pool>,
  find: (id: string) => Endpoint | null,
): Snapshot['routing'] {
  const { routing = {} } = document
  const llm = compileLlm(routing, find)
  const filled = TIERS.find((tier) => pools[tier].members.length > 0)
  const fallback = pools.t2.members.length > 0 ? 't2' : (filled ?? 't2')
  return {
    enabled: routing.enabled ?? true,
    unknownModel: routing.unknown_model ?? 'route',
    rules: (routing.rules ?? []).map(compileRule),
    classifier: routing.classifier ?? (llm === null ? 'local' : 'llm'),
    ...compileLocal(routing),
    fallbackTier: routing.fallback_tier ?? fallback,
    llm,
  }
}

function compileLocal({
  local = {},
  learning = {},
}: NonNullable<ConfigDocument['routing']>): Pick<Snapshot['routing'], 'local' | 'learning'> {
  return {
    local: { preference: local.preference ?? 'balanced', askBelow: local.ask_below ?? 0.8 },
    learning: { enabled: learning.enabled ?? false, holdOut: learning.hold_out ?? 0.1 },
  }
}

function compileLlm(
  { llm }: NonNullable<ConfigDocument['routing']>,
  find: (id: string) => Endpoint | null,
): Snapshot['routing']['llm'] {
  const endpoint = llm === undefined ? null : find(llm.model)
  if (llm === undefined || endpoint === null) return null
  return {
    endpoint,
    timeoutMs: llm.timeout_ms ?? 5_000,
    history: llm.history ?? 3,
    prompt: llm.prompt ?? null,
  }
}

type RuleDocument = NonNullable<NonNullable<ConfigDocument['routing']>['rules']>[number]

function compileRule(rule: RuleDocument, index: number): Rule {
  return {
    index,
    tier: rule.tier,
    keywords: (rule.keywords ?? []).map((keyword) => keyword.normalize('NFKC').toLowerCase()),
    patterns: (rule.patterns ?? []).map((pattern) => RE2JS.compile(pattern)),
    whole: rule.whole ?? false,
  }
}

const SECRET_HEADER = /authorization|key|token|secret|cookie|password/
/** Shorter values are no secrets, and scrubbing them would tear texts apart. */
const SECRET_CHARS_MIN = 6

function secretsOf(
  gatewayKeys: readonly string[],
  upstreams: ReadonlyMap<string, Upstream>,
): readonly string[] {
  const secrets = new Set(gatewayKeys)
  for (const { apiKeys, headers } of upstreams.values()) {
    for (const key of apiKeys) secrets.add(key)
    for (const [name, value] of Object.entries(headers)) {
      if (SECRET_HEADER.test(name)) secrets.add(value.replace(/^bearer\s+/i, ''))
    }
  }
  return [...secrets].filter((secret) => secret.length >= SECRET_CHARS_MIN).flatMap(spellings)
}
