import type { Outcome } from '../contract/exchange.ts'
import type { ProviderError } from '../dialect/error-body.ts'

/**
 * Names a failed answer: by the provider's own code, type and detail, then by status. Text decides
 * only where vendors give nothing else, and by phrases, never by a number found somewhere in it.
 */
export function classifyFailure(status: number, error: ProviderError): Outcome {
  const byName = nameOutcome(error)
  if (byName !== null) return byName
  // Inside a 200 some vendors repeat the status as the code (OpenRouter, Gemini, vLLM).
  const inner = status === 200 ? Number(error.code ?? '') : NaN
  return statusOutcome(
    Number.isInteger(inner) && inner >= 400 && inner < 600 ? inner : status,
    error,
  )
}

/** The parameter a provider refuses, where it names one that can be left out; else null. */
export function refusedParam({ param, message, code, type }: ProviderError): string | null {
  const isRefusal = PARAM_CODES.has((code ?? '').toLowerCase()) || PARAM_TEXT.test(message)
  if (!isRefusal && type !== 'unsupported_parameter') return null
  const name = param ?? nameIn(message)
  return name !== null && /^[a-z_]{2,40}$/.test(name) && !ESSENTIAL.has(name) ? name : null
}

function nameIn(message: string): string | null {
  // A list of validation errors as JSON names all kinds of things.
  const match = /^[[{]/.test(message) ? null : PARAM_NAME.exec(message)
  return match?.[1] ?? match?.[2] ?? null
}

const PARAM_CODES = new Set(['unsupported_parameter', 'unsupported_value', 'unknown_parameter'])
const PARAM_TEXT =
  /unsupported (?:parameter|value)|unrecognized request argument|unknown (?:parameter|field|argument)|unexpected keyword argument|extra inputs are not permitted|(?:is|are) not supported (?:with|by|for) this model/i
const PARAM_NAME =
  /(?:parameter|value|argument supplied|argument|field):\s*['"`]?([a-z_]{2,40})\b|['"`]([a-z_]{2,40})['"`]/i
/** Without these the request would be another one. */
const ESSENTIAL = new Set([
  'model',
  'messages',
  'tools',
  'stream',
  'response_format',
  'functions',
  'n',
])

function statusOutcome(status: number, error: ProviderError): Outcome {
  if (status === 400 || status === 422) return mistake(error)
  if ((status === 403 || status === 429) && QUOTA_TEXT.test(error.message)) return 'quota'
  return BY_STATUS.get(status) ?? 'server'
}

const BY_STATUS: ReadonlyMap<number, Outcome> = new Map([
  [401, 'auth'],
  [402, 'quota'],
  [403, 'auth'],
  [404, 'model_missing'],
  [410, 'model_missing'],
  [413, 'context'],
  [429, 'rate'],
  [503, 'overload'],
  [529, 'overload'],
])

function mistake(error: ProviderError): Outcome {
  if (QUOTA_TEXT.test(error.message)) return 'quota'
  if (CONTEXT_TEXT.test(error.message)) return 'context'
  if (CONTENT_TEXT.test(error.message)) return 'content'
  return refusedParam(error) === null ? 'client_fault' : 'param'
}

const CONTEXT_TEXT =
  /maximum context length|context window|context length|prompt is too long|input is too long|input length .{0,40}exceed|range of input length|exceeds the (?:maximum|model's)|too many tokens|请求.{0,6}过长|超过.{0,10}(?:上下文|最大长度)/i
const CONTENT_TEXT =
  /content management policy|content policy|safety system|inappropriate content|内容安全|敏感/i
const QUOTA_TEXT =
  /insufficient balance|insufficient_quota|exceeded your current quota|check your plan and billing|credit balance is too low|余额不足|欠费|账户.{0,4}余额|额度.{0,4}用/i

const BY_NAME: ReadonlyMap<string, Outcome> = new Map([
  ...each('quota', [
    'insufficient_quota',
    'insufficient_balance',
    'insufficientbalance',
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
    'enforced_spend_limit_reached',
    'billing_hard_limit_reached',
    'billing_not_active',
    'billing_error',
    'exceeded_current_quota_error',
    'arrearage',
    'commoditynotpurchased',
    'prepaidbilloverdue',
    'postpaidbilloverdue',
    'budgetlimitexceeded',
    'accountoverdueerror',
    'quotaexceeded.monthly',
    'payment_required',
    // GLM, SiliconFlow, MiniMax
    '1113',
    '30001',
    '1008',
  ]),
  ...each('rate', [
    'rate_limit_exceeded',
    'rate_limit_error',
    'rate_limit_reached_error',
    'ratelimitexceeded',
    'ratelimitreached',
    'too_many_requests',
    'toomanyrequests',
    'slow_down',
    'throttling',
    'throttling.ratequota',
    'throttling.allocationquota',
    'throttling.burstrate',
    'limit_requests',
    'limit_burst_rate',
    'resource_exhausted',
    'accountratelimitexceeded',
    'modelaccountrpmratelimitexceeded',
    'modelaccounttpmratelimitexceeded',
    'modelaccountiprateratelimitexceeded',
    'requestbursttoofast',
    'quotaexceeded',
    // GLM, SiliconFlow, MiniMax
    '1302',
    '1303',
    '50604',
    '1002',
    '1039',
  ]),
  ...each('overload', [
    'overloaded_error',
    'engine_overloaded_error',
    'overloaded',
    'server_overloaded',
    'serveroverloaded',
    'unavailable',
    'serviceunavailable',
    'modelloadingerror',
    '1305',
    '50505',
  ]),
  ...each('context', [
    'context_length_exceeded',
    'model_context_window_exceeded',
    'string_above_max_length',
    'request_too_large',
    'contextlengthexceeded',
    '1261',
    '20015_context',
  ]),
  ...each('content', [
    'content_policy_violation',
    'content_filter',
    'contentfilter',
    'responsibleaipolicyviolation',
    'data_inspection_failed',
    'datainspectionfailed',
    'sensitivecontentdetected',
    'inputtextsensitivecontentdetected',
    'outputtextsensitivecontentdetected',
    'contentsecuritydetectionerror',
    'moderation',
    '1301',
    '1026',
    '1027',
  ]),
  ...each('auth', [
    'invalid_api_key',
    'authentication_error',
    'invalid_authentication_error',
    'permission_error',
    'permission_denied',
    'invalidapikey',
    'api_key_invalid',
    'unauthenticated',
    'access_denied',
    'accessdenied',
    'accessdenied.unpurchased',
    'invalidaccountstatus',
    'unsupported_country_region_territory',
    '1000',
    '1001_auth',
    '1004',
    '2049',
  ]),
  ...each('model_missing', [
    'model_not_found',
    'modelnotfound',
    'model_not_available',
    'model_not_exist',
    'deploymentnotfound',
    'invalidendpointormodel.notfound',
    'modelnotopen',
    'resource_not_found_error',
    '1211',
    '20012',
  ]),
])

function each(outcome: Outcome, names: readonly string[]): [string, Outcome][] {
  return names.map((name) => [name, outcome])
}

/** The most telling name first: what is hidden deepest is the most precise. */
function nameOutcome({ code, type, detail }: ProviderError): Outcome | null {
  for (const name of [detail, code, type]) {
    const outcome =
      name === null || name === undefined ? undefined : BY_NAME.get(name.toLowerCase())
    if (outcome !== undefined) return outcome
  }
  return null
}
