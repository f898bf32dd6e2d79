import { stringify } from 'yaml'
import { asArray, asObject, asText, type JsonObject } from '../kit/json-value.ts'
import { importMessages } from '../contract/messages/import.ts'
import { type ImportedModels, importModels } from './import-models.ts'
import { type ImportNote, type Note, providerId } from './import-note.ts'
import { normalised } from './import-normalise.ts'

export type ImportResult =
  | { readonly kind: 'imported'; readonly yaml: string; readonly notes: readonly ImportNote[] }
  | { readonly kind: 'not_recognised' }

const TIERS = ['t1', 't2', 't3'] as const
const CONNECT_MS_MAX = 5_000

/**
 * The Python original's config.json, nested, flat or mixed, as our document. What it promised is
 * carried over by meaning, not by name; every difference becomes a note.
 */
export function importPython(value: unknown): ImportResult {
  const source = normalised(value)
  if (source === null) return { kind: 'not_recognised' }
  const notes: ImportNote[] = []
  const note: Note = (code, values = {}) => notes.push({ message: importMessages[code], values })
  const providers = importProviders(source, note)
  const models = importModels(source, Object.keys(providers), note)
  const document = {
    version: 1,
    gateway: importGateway(source, note),
    providers,
    default_provider: 'upstream',
    model_map: importMap(source, providers, note),
    tiers: Object.fromEntries(TIERS.map((tier) => [tier, importTier(source, tier, models)])),
    routing: importRouting(source, providers, note),
    params: importParams(source),
    retry: importRetry(source),
    logs: {
      retention_days: Math.max(1, count(object(source, 'general')['log_retention_days'], 7)),
    },
  }
  note('defaultHost')
  return { kind: 'imported', yaml: stringify(withoutEmpty(document), { lineWidth: 100 }), notes }
}

function importGateway(source: JsonObject, note: Note): object | undefined {
  const key = asText(object(source, 'general')['gateway_api_key']) ?? ''
  if (key === '') {
    note('noGatewayKey')
    return undefined
  }
  note('secretsLiteral')
  return { api_keys: [escaped(key)] }
}

function importProviders(source: JsonObject, note: Note): Record<string, object> {
  const providers = object(source, 'providers')
  const result: Record<string, object> = {}
  const all = [['upstream', providers['upstream']], ...Object.entries(object(providers, 'custom'))]
  for (const [name, item] of all) {
    const id = providerId(String(name))
    const provider = asObject(item) ?? {}
    if (id !== name) note('providerRenamed', { from: String(name), to: id })
    const protocol = asText(provider['protocol']) ?? 'openai'
    if (protocol !== 'openai') note('protocol', { id, protocol })
    if (provider['verify_ssl'] === false) note('verifySsl', { id })
    const baseUrl = asText(provider['base_url']) || 'https://api.openai.com/v1'
    result[id] = account(baseUrl, asText(provider['api_key']) ?? '')
  }
  return result
}

const LOCAL = /^https?:\/\/(?:localhost|127\.|10\.|192\.168\.|\[::1\])/

function account(baseUrl: string, apiKey: string): object {
  const isLocal = LOCAL.test(baseUrl)
  return {
    base_url: escaped(baseUrl),
    api_key: escaped(apiKey),
    ...(isLocal ? { allow_private: true } : {}),
  }
}

function importMap(source: JsonObject, providers: object, note: Note): object | undefined {
  const entries = Object.entries(object(object(source, 'providers'), 'map')).flatMap(
    ([model, id]) => {
      const target = providerId(String(id))
      if (Object.hasOwn(providers, target)) return [[model, target]]
      note('mapUnknown', { model, id: String(id) })
      return []
    },
  )
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function importTier(
  source: JsonObject,
  tier: (typeof TIERS)[number],
  models: ImportedModels,
): object {
  const timeouts = object(source, 'timeouts')
  const first = count(object(timeouts, 'connect')[tier], 0)
  const idle = count(object(timeouts, 'generation')[tier], 0)
  const strategy = asText(object(object(source, 'models'), 'strategies')[tier])
  const retries = object(source, 'retries')
  const rounds = count(
    object(retries, strategy === 'sequential' ? 'rounds' : 'max_retries')[tier],
    0,
  )
  const attempts = strategy === 'sequential' ? rounds * models[tier].length : rounds
  const rest = withoutEmpty({
    strategy: strategy === 'random' || strategy === 'adaptive' ? strategy : undefined,
    timeouts: withoutEmpty({
      connect_ms: first > 0 ? Math.min(first, CONNECT_MS_MAX) : undefined,
      first_token_ms: first > 0 ? first : undefined,
      idle_ms: idle > 0 ? idle : undefined,
    }),
    retry: attempts > 0 ? { max_attempts: Math.min(20, Math.max(1, attempts)) } : undefined,
  })
  return { models: models[tier], ...rest }
}

function importRouting(source: JsonObject, providers: Record<string, object>, note: Note): object {
  const router = object(source, 'router')
  if (router['enabled'] !== true) {
    note('routerOff')
    return { enabled: false }
  }
  const model = asText(router['model']) || 'gpt-3.5-turbo'
  const baseUrl = asText(router['base_url']) ?? ''
  const upstream = asText(asObject(providers['upstream'])?.['base_url'])
  const own = baseUrl !== '' && baseUrl !== upstream
  if (own) {
    providers['router'] = account(baseUrl, asText(router['api_key']) ?? '')
    note('routerProvider')
  }
  if (router['verify_ssl'] === false) note('verifySsl', { id: own ? 'router' : 'upstream' })
  const prompt = asText(router['prompt_template'])
  note('routerFailure')
  return {
    enabled: true,
    classifier: 'llm',
    fallback_tier: 't2',
    llm: withoutEmpty({
      model: `${own ? 'router' : 'upstream'}/${model}`,
      prompt: prompt?.includes('{history}') ? escaped(prompt) : undefined,
    }),
  }
}

function importParams(source: JsonObject): object | undefined {
  const params = object(source, 'params')
  return withoutEmpty({
    global: object(params, 'global_params'),
    models: object(params, 'model_params'),
  })
}

function importRetry(source: JsonObject): object | undefined {
  const conditions = object(object(source, 'retries'), 'conditions')
  const codes = asArray(conditions['status_codes']).filter(
    (code): code is number => Number.isInteger(code) && Number(code) >= 400 && Number(code) <= 599,
  )
  const keywords = asArray(conditions['error_keywords'])
    .map((keyword) => asText(keyword)?.toLowerCase() ?? '')
    .filter((keyword) => keyword !== '')
  return withoutEmpty({ status_codes: codes, error_keywords: keywords })
}

function object(parent: JsonObject, key: string): JsonObject {
  return asObject(parent[key]) ?? {}
}

function count(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? Math.round(value)
    : otherwise
}

/** `${` in a literal value would be taken for a variable. */
function escaped(text: string): string {
  return text.replaceAll('${', () => '$${')
}

function withoutEmpty<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(
    ([, item]) =>
      item !== undefined &&
      !(Array.isArray(item) && item.length === 0) &&
      !(asObject(item) !== null && Object.keys(item as object).length === 0),
  )
  return Object.fromEntries(entries) as T
}
