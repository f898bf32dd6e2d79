import type { Endpoint } from '../config/snapshot.ts'
import type { Outcome } from '../contract/exchange.ts'
import { DECISIONS, isPassing } from '../resilience/decision.ts'
import type { EndpointState, HealthView } from '../resilience/endpoint-state.ts'
import type { Plan } from './plan.ts'
import type { Random } from './selection/selection.ts'

/** An attempt that is over, as far as the choice of the next one needs it. */
export interface Tried {
  readonly endpoint: Endpoint
  readonly key: number
  readonly outcome: Outcome
  readonly status: number | null
  readonly retryAfterMs: number | null
  readonly totalMs: number
  readonly committed: boolean
  /** What the client already has can be continued by another attempt. */
  readonly resumable: boolean
}

/** What the choice may know beside the plan. */
export interface Conditions {
  readonly health: HealthView
  /** The retry budget still bears a retry after such an outcome. */
  readonly mayRepeat: (outcome: Outcome) => boolean
  /** The endpoint may still take traffic that others failed to serve. */
  readonly mayReceive: (endpoint: Endpoint) => boolean
  /** A parameter was refused that can be left out. */
  readonly canAdapt: boolean
  readonly random: Random
  readonly leftMs: number
  /** The client repeats on its own: half of our attempts do. */
  readonly isClientRetry: boolean
}

export type Step =
  | {
      readonly kind: 'send'
      readonly endpoint: Endpoint
      readonly key: number
      readonly waitMs: number
      /** On the endpoint of the attempt before: costs of the retry budget. */
      readonly again: boolean
    }
  /** Every candidate is at its limit: wait for room at this one. */
  | { readonly kind: 'queue'; readonly endpoint: Endpoint }
  | { readonly kind: 'stop'; readonly shed: boolean }

const STOP: Step = { kind: 'stop', shed: false }
const PER_ENDPOINT_MAX = 2
const SPARES_MAX = 2
const WAIT_MS_MIN = 100
const WAIT_MS_SPREAD = 300
/** How long a request waits for the first endpoint to recover when all of them rest. */
const PANIC_WAIT_MS_MAX = 2_000
const PANIC_WAIT_SHARE = 0.25
/** A 500 that took longer than this is not asked for again while there are others. */
const QUICK_MS = 1_000

/**
 * What happens next, from the first attempt to the last. The same endpoint again where the table
 * says so (another key, a short rate limit, a passing 500), then the others of the plan at once,
 * then a second try of the only one there is.
 */
export function nextStep(plan: Plan, tried: readonly Tried[], at: Conditions): Step {
  const last = tried.at(-1)
  if (last !== undefined) {
    if (isOver(plan, tried, last, at)) return STOP
    const again = sameEndpoint(plan, tried, last, at)
    if (again !== null) return again
  }
  return anotherEndpoint(plan, tried, at) ?? lastResort(plan, tried, at)
}

function isOver(plan: Plan, tried: readonly Tried[], last: Tried, at: Conditions): boolean {
  if (last.committed && !last.resumable) return true
  if (isFinal(plan, last, at)) return true
  const counted = tried.filter(({ outcome }) => !UNCOUNTED.has(outcome)).length
  const { maxAttempts } = plan.retry
  if (counted >= (at.isClientRetry ? Math.ceil(maxAttempts / 2) : maxAttempts)) return true
  return at.leftMs < plan.limits.connectMs / 4 + plan.limits.firstTokenMs / 4
}

/** A connection that had died in the pool and a parameter under another name cost no attempt. */
const UNCOUNTED: ReadonlySet<Outcome> = new Set(['stale_socket', 'param', 'shed'])

function isFinal(plan: Plan, { outcome }: Tried, at: Conditions): boolean {
  if (outcome === 'content') return !plan.retry.failoverOnContentFilter
  if (outcome === 'param') return !at.canAdapt
  const { same, key, next } = DECISIONS[outcome]
  return !next && !key && same === 'no'
}

function sameEndpoint(
  plan: Plan,
  tried: readonly Tried[],
  last: Tried,
  at: Conditions,
): Step | null {
  const { endpoint, outcome } = last
  const own = tried.filter((attempt) => attempt.endpoint === endpoint)
  const again = (waitMs: number, key = last.key): Step => ({
    kind: 'send',
    endpoint,
    key,
    waitMs,
    again: true,
  })
  if (DECISIONS[outcome].key) {
    const key = at.health.chooseKey(
      endpoint,
      own.map((attempt) => attempt.key),
      at.random,
    )
    if (key !== null) return again(0, key)
  }
  if (own.length >= PER_ENDPOINT_MAX + own.filter(isUncounted).length) return null
  if (DECISIONS[outcome].same === 'first') return again(0)
  if (outcome === 'rate') {
    const wait = last.retryAfterMs
    const isShort = wait !== null && wait <= plan.retry.waitInlineMs && wait < at.leftMs / 2
    return isShort && own.length === 1 ? again(wait) : null
  }
  const isWorth = isPassing(outcome, last.status) && last.totalMs < QUICK_MS
  return isWorth && own.length === 1 && at.mayRepeat(outcome) ? again(0) : null
}

function isUncounted({ outcome }: Tried): boolean {
  return UNCOUNTED.has(outcome)
}

interface Candidate {
  readonly endpoint: Endpoint
  readonly state: EndpointState
}

function anotherEndpoint(plan: Plan, tried: readonly Tried[], at: Conditions): Step | null {
  const fresh = candidates(plan, tried, at)
  const ready = fresh.filter(({ state }) => state.cooldownMs === 0)
  const isFailover = tried.length > 0
  const open = isFailover ? ready.filter(({ endpoint }) => at.mayReceive(endpoint)) : ready
  const free = open.find(({ state }) => !state.isFull)
  if (free !== undefined) return sendTo(free.endpoint, 0, at)
  const [full] = open
  if (full !== undefined) return { kind: 'queue', endpoint: full.endpoint }
  if (ready.length > 0) return { kind: 'stop', shed: true }
  return isFailover ? null : panic(fresh, at)
}

function sendTo(endpoint: Endpoint, waitMs: number, at: Conditions): Step {
  const key = at.health.chooseKey(endpoint, [], at.random) ?? 0
  return { kind: 'send', endpoint, key, waitMs, again: false }
}

/** Endpoints of the plan that were not tried yet and could take this request. */
function candidates(plan: Plan, tried: readonly Tried[], at: Conditions): readonly Candidate[] {
  if (tried.length === 0) return inService(plan.endpoints, at)
  const used = new Set(tried.map(({ endpoint }) => endpoint))
  // As many endpoints as attempts less one: the last attempt may repeat one of them.
  if (used.size >= Math.max(3, plan.retry.maxAttempts - 1)) return []
  const tooSmall = tried.findLast(({ outcome }) => outcome === 'context')?.endpoint
  const pool = tooSmall === undefined ? plan.endpoints : [...plan.endpoints, ...plan.larger]
  const fresh = pool.filter(
    (endpoint) => !used.has(endpoint) && (!tooSmall || isLarger(endpoint, tooSmall)),
  )
  return inService(fresh, at)
}

/** Not taken out by hand. */
function inService(endpoints: readonly Endpoint[], at: Conditions): readonly Candidate[] {
  return endpoints
    .map((endpoint) => ({ endpoint, state: at.health.read(endpoint) }))
    .filter(({ state }) => !state.drained)
}

/** An endpoint of unknown window may be larger; a known one must be. */
function isLarger({ traits }: Endpoint, than: Endpoint): boolean {
  if (traits.contextTokens === null || than.traits.contextTokens === null) return true
  return traits.contextTokens > than.traits.contextTokens
}

/**
 * Everything rests. Waits for the first to recover if that is soon, otherwise tries the best one
 * all the same: a request is never refused without an attempt.
 */
function panic(resting: readonly Candidate[], at: Conditions): Step | null {
  const [soonest] = resting.toSorted((a, b) => a.state.cooldownMs - b.state.cooldownMs)
  if (soonest === undefined) return null
  const patience = Math.min(PANIC_WAIT_MS_MAX, at.leftMs * PANIC_WAIT_SHARE)
  if (soonest.state.cooldownMs <= patience) {
    return sendTo(soonest.endpoint, soonest.state.cooldownMs, at)
  }
  const [best] = resting.toSorted((a, b) => b.state.score - a.state.score)
  return best === undefined ? null : sendTo(best.endpoint, 0, at)
}

/** No other endpoint is left: the one there is once more, or one that rests, after a pause. */
function lastResort(plan: Plan, tried: readonly Tried[], at: Conditions): Step {
  const again = plan.endpoints.find((endpoint) => isWorthAgain(tried, endpoint, at))
  const last = tried.at(-1)
  if (last === undefined) return STOP
  if (again !== undefined && at.mayRepeat(last.outcome)) {
    const waitMs = WAIT_MS_MIN + at.random() * WAIT_MS_SPREAD
    const key = at.health.chooseKey(again, [], at.random) ?? 0
    return { kind: 'send', endpoint: again, key, waitMs, again: true }
  }
  // Half-dead beats dead: one failing endpoint may still have the answer, unless the last was one
  // already, and two that rest for another reason, a wrong key or an empty account.
  const resting = tried.length <= SPARES_MAX ? candidates(plan, tried, at) : []
  const isFailing = ({ state }: Candidate): boolean => state.cause === 'breaker'
  const mayFail = tried.length === 1 && at.health.read(last.endpoint).cooldownMs === 0
  const failing = mayFail ? resting.find(isFailing) : undefined
  const spare = failing ?? resting.find((one) => !isFailing(one))
  return spare === undefined ? STOP : sendTo(spare.endpoint, 0, at)
}

function isWorthAgain(tried: readonly Tried[], endpoint: Endpoint, at: Conditions): boolean {
  const own = tried.filter((attempt) => attempt.endpoint === endpoint)
  const last = own.at(-1)
  if (last === undefined || own.length >= PER_ENDPOINT_MAX) return false
  // While its breaker is open it gets one attempt per request, not two.
  return DECISIONS[last.outcome].same === 'alone' && at.health.read(endpoint).state === 'closed'
}
