import { asObject, type JsonObject } from '../kit/json-value.ts'

/**
 * The original wrote two forms: nested, and an older flat one. A file may also mix them. Gives
 * the nested form, flat keys filling what it lacks, or null where it is neither.
 */
export function normalised(value: unknown): JsonObject | null {
  const source = asObject(value)
  if (source === null) return null
  const known = [
    ...Object.keys(FLAT),
    'general',
    'models',
    'providers',
    'router',
    'params',
    'retries',
  ]
  if (!known.some((key) => key in source)) return null
  const result: Record<string, unknown> = structuredClone(source) as Record<string, unknown>
  for (const [key, path] of Object.entries(FLAT)) {
    if (key in source && !isNested(key, source)) setMissing(result, path, source[key])
  }
  return result
}

/** Flat key -> its place in the nested form. */
const FLAT: Readonly<Record<string, readonly string[]>> = {
  log_retention_days: ['general', 'log_retention_days'],
  gateway_api_key: ['general', 'gateway_api_key'],
  t1_models: ['models', 't1'],
  t2_models: ['models', 't2'],
  t3_models: ['models', 't3'],
  routing_strategies: ['models', 'strategies'],
  timeouts: ['timeouts', 'connect'],
  stream_timeouts: ['timeouts', 'generation'],
  retry_rounds: ['retries', 'rounds'],
  retry_config: ['retries', 'conditions'],
  upstream_base_url: ['providers', 'upstream', 'base_url'],
  upstream_api_key: ['providers', 'upstream', 'api_key'],
  providers: ['providers', 'custom'],
  model_provider_map: ['providers', 'map'],
  router_config: ['router'],
  health_check_config: ['health'],
  global_params: ['params', 'global_params'],
  model_params: ['params', 'model_params'],
}

/** `timeouts` and `providers` exist in both forms; their members tell which one this is. */
function isNested(key: string, source: JsonObject): boolean {
  const value = asObject(source[key]) ?? {}
  if (key === 'timeouts') return 'connect' in value || 'generation' in value
  if (key !== 'providers') return false
  const nested = 'upstream' in value || 'custom' in value || 'map' in value
  return nested && !('base_url' in (asObject(value['custom']) ?? {}))
}

function setMissing(root: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let parent = root
  for (const key of path.slice(0, -1)) {
    // A flat `timeouts` or `providers` stands where its nested form belongs.
    const isFlat = key in FLAT && parent === root && !isNested(key, root)
    if (asObject(parent[key]) === null || isFlat) parent[key] = {}
    parent = parent[key] as Record<string, unknown>
  }
  const last = path.at(-1) ?? ''
  parent[last] ??= structuredClone(value)
}
