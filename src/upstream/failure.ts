import type { Outcome } from '../contract/exchange.ts'
import type { ProviderError } from '../dialect/error-body.ts'

/**
 * Names a failed answer by status and by the provider's own code and type. Text decides only
 * where vendors give nothing else, and by phrases, never by a number found somewhere in it.
 */
export function classifyFailure(status: number, error: ProviderError): Outcome {
  const byCode = codeOutcome(error)
  if (byCode !== null) return byCode
  switch (status) {
    case 400:
    case 422:
      return CONTEXT_TEXT.test(error.message) ? 'context' : 'client_fault'
    case 413:
      return 'client_fault'
    case 401:
    case 403:
      return 'auth'
    case 402:
      return 'quota'
    case 404:
    case 410:
      return 'model_missing'
    case 429:
      return 'rate'
    case 503:
    case 529:
      return 'overload'
    default:
      return 'server'
  }
}

const CONTEXT_TEXT = /maximum context length|context window|prompt is too long|input is too long/i

const BY_CODE: ReadonlyMap<string, Outcome> = new Map([
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
    'exceeded_current_quota_error',
    'arrearage',
    'commoditynotpurchased',
    'prepaidbilloverdue',
    'postpaidbilloverdue',
    'budgetlimitexceeded',
    'accountoverdueerror',
    '1113',
  ]),
  ...each('rate', [
    'rate_limit_exceeded',
    'rate_limit_error',
    'rate_limit_reached_error',
    'ratelimitexceeded',
    'too_many_requests',
    'slow_down',
    'throttling',
    'throttling.ratequota',
    'throttling.allocationquota',
    '429',
    '1302',
    '1303',
  ]),
  ...each('overload', ['overloaded_error', 'engine_overloaded_error', 'overloaded', '529', '1305']),
  ...each('context', ['context_length_exceeded', 'model_context_window_exceeded']),
  ...each('content', [
    'content_policy_violation',
    'content_filter',
    'data_inspection_failed',
    'datainspectionfailed',
    'sensitivecontentdetected',
    '1301',
  ]),
  ...each('auth', ['invalid_api_key', 'authentication_error', 'invalidapikey', '401', '403']),
  ...each('model_missing', ['model_not_found', 'modelnotfound', 'model_not_available']),
])

function each(outcome: Outcome, codes: readonly string[]): [string, Outcome][] {
  return codes.map((code) => [code, outcome])
}

function codeOutcome({ code, type }: ProviderError): Outcome | null {
  return (
    (code === null ? undefined : BY_CODE.get(code.toLowerCase())) ??
    (type === null ? undefined : BY_CODE.get(type.toLowerCase())) ??
    null
  )
}
