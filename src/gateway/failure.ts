import { ERROR_CODES, type ErrorCode } from '../contract/error-code.ts'
import type { Outcome } from '../contract/exchange.ts'
import { redact } from '../kit/redact.ts'
import { DECISIONS } from '../resilience/decision.ts'
import type { Plan } from '../routing/plan.ts'
import type { AttemptResult } from '../upstream/attempt-result.ts'
import { type ClientError, clientError } from './render-error.ts'
import type { Attempts } from './run-attempts.ts'

const MESSAGE_CHARS_MAX = 1_000

/** What the client hears when no attempt gave an answer. */
export function failureOf(
  plan: Plan,
  { results: attempts, shed }: Attempts,
  secrets: readonly string[],
): ClientError {
  const told = lastWord(attempts)
  if (shed) return shedError(BUSY)
  if (told === undefined) {
    const isEmpty = plan.endpoints.length === 0
    return clientError('no_healthy_upstream', isEmpty ? NO_MODEL : DRAINED)
  }
  const own = ownMistake(told, secrets)
  if (own !== null) return own
  const code = codeOf(told, plan)
  const said = told.error?.message ?? told.outcome
  const message = `${redact(said, secrets).slice(0, MESSAGE_CHARS_MAX)} (${chain(attempts)})`
  const waits = attempts.flatMap(({ retryAfterMs }) =>
    retryAfterMs === null ? [] : [retryAfterMs],
  )
  const retryAfterMs = waits.length > 0 ? Math.min(...waits) : defaultWait(code)
  return { ...clientError(code, message), retryAfterMs, final: true }
}

const NO_MODEL =
  'No model can answer: no tier has a model and the request names no configured provider. Add models under "tiers" in the configuration.'

const DRAINED =
  'No model can answer: every model of this tier has been drained by hand. Close them again in the health view.'
const BUSY = 'Every model that could answer is at its limit. Try again in a moment.'

/** Refused for load: the client should come back, and not all of them at once. */
export function shedError(message: string): ClientError {
  return {
    ...clientError('overloaded', message),
    retryAfterMs: 1_000 + Math.random() * 4_000,
    retryable: true,
  }
}

/** A rate limit is the last word only where every attempt met one: otherwise waiting is no cure. */
function lastWord(attempts: readonly AttemptResult[]): AttemptResult | undefined {
  const others = attempts.filter(({ outcome }) => outcome !== 'rate' && outcome !== 'quota')
  return others.at(-1) ?? attempts.at(-1)
}

const OWN_MISTAKES: ReadonlySet<Outcome> = new Set(['client_fault', 'param', 'context', 'content'])

/** The provider refused what the client wrote: its own words, in the usual shape. */
function ownMistake(told: AttemptResult, secrets: readonly string[]): ClientError | null {
  const { outcome, error, status } = told
  if (!OWN_MISTAKES.has(outcome)) return null
  const { code } = DECISIONS[outcome]
  const clean = (text: string): string => redact(text, secrets)
  return {
    status: status !== null && status >= 400 ? status : ERROR_CODES[code].status,
    message: clean(error?.message ?? outcome),
    type: clean(error?.type ?? 'invalid_request_error'),
    param: error?.param === null || error === null ? null : clean(error.param),
    code: clean(error?.code ?? code),
    final: true,
  }
}

function codeOf({ outcome, status }: AttemptResult, plan: Plan): ErrorCode {
  if (outcome === 'model_missing' && plan.tier === 'pinned') return 'model_not_found'
  if (outcome === 'server' && status !== null && status > 500) return 'overloaded'
  return DECISIONS[outcome].code
}

function chain(attempts: readonly AttemptResult[]): string {
  return attempts
    .map(
      ({ endpoint, outcome, status }) =>
        `${endpoint.id}: ${outcome}${status === null ? '' : ` ${status}`}`,
    )
    .join('; ')
}

function defaultWait(code: ErrorCode): number | null {
  return code === 'overloaded' || code === 'rate_limit_exceeded' ? 5_000 : null
}
