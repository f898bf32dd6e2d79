import type { Endpoint, Snapshot } from '../config/snapshot.ts'
import type { ChatRequest } from '../dialect/chat-request.ts'
import type { Plan } from '../routing/plan.ts'
import { nextAttempt } from '../routing/next-attempt.ts'
import type { AttemptControl, AttemptResult } from '../upstream/attempt-result.ts'
import { KeywordJudge } from '../upstream/keyword-judge.ts'
import { send } from '../upstream/send.ts'
import type { GatewayDeps } from './gateway-deps.ts'
import type { Relay } from './relay.ts'

/** What the attempts of one request share. */
export interface ChatCall {
  readonly snapshot: Snapshot
  readonly request: ChatRequest
  readonly plan: Plan
  readonly startedAt: number
  /** Present where the client streams. */
  readonly relay: Relay | null
  readonly isGone: () => boolean
  readonly onPaused: (ms: number) => void
  readonly onStart: (
    control: AttemptControl,
    tried: readonly AttemptResult[],
    endpoint: Endpoint,
  ) => void
}

/** Tries the plan in order. The first attempt and the last go through the same code. */
export async function runAttempts(
  deps: GatewayDeps,
  call: ChatCall,
): Promise<readonly AttemptResult[]> {
  const { plan, request, snapshot, relay } = call
  const tried: AttemptResult[] = []
  const judge = new KeywordJudge(plan.retry.errorKeywords, () => request.humanTurns(1)[0] ?? '')
  const deadlineAt = call.startedAt + plan.limits.totalMs
  for (;;) {
    const next = nextAttempt(plan, tried, deps.random)
    if (next === null || call.isGone()) return tried
    if (next.waitMs > 0) {
      await pause(next.waitMs)
      call.onPaused(next.waitMs)
      if (call.isGone()) return tried
    }
    const { endpoint } = next
    deps.health.begin(endpoint.id)
    const result = await send(deps, {
      endpoint,
      request,
      globalParams: snapshot.globalParams,
      limits: plan.limits,
      deadlineAt,
      judge,
      retryStatus: plan.retry.statusCodes,
      sink: relay,
      apiKey: rotatedKey(endpoint, tried.length, deps.random),
      onStart: (control) => call.onStart(control, tried, endpoint),
      isPaused: () => relay?.isPaused() ?? false,
    })
    tried.push(result)
    deps.health.observe(endpoint.id, result)
  }
}

/** Several keys of one account share the load; a second try on an endpoint takes another key. */
function rotatedKey({ upstream }: Endpoint, tries: number, random: () => number): string | null {
  const { apiKeys } = upstream
  if (apiKeys.length < 2) return apiKeys[0] ?? null
  const start = tries === 0 ? Math.floor(random() * apiKeys.length) : tries
  return apiKeys[start % apiKeys.length] ?? null
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
