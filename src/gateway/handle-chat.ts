import { classify, intentOf, type Verdict } from '../classify/classifier.ts'
import { randomVerdict } from '../classify/random.ts'
import type { RouteRecord } from '../contract/exchange.ts'
import { type ChatRequest, parseChatRequest } from '../dialect/chat-request.ts'
import { filledTiers, type Plan, planPinned, planTier } from '../routing/plan.ts'
import { resolveModel } from '../routing/requested-model.ts'
import type { Inbound } from '../transport/transport.ts'
import type { AttemptControl, AttemptResult } from '../upstream/attempt-result.ts'
import { failureOf } from './failure.ts'
import type { GatewayDeps } from './gateway-deps.ts'
import { readChatBody } from './read-chat-body.ts'
import { Relay } from './relay.ts'
import { type ClientError, clientError } from './render-error.ts'
import { answerHeaders } from './response-headers.ts'
import { reject } from './reject.ts'
import { runAttempts } from './run-attempts.ts'
import type { Turn } from './turn.ts'

/**
 * POST /v1/chat/completions: read, resolve and classify, plan, try, answer. Every way out leaves
 * the draft complete; the caller records it.
 */
export async function handleChat(deps: GatewayDeps, turn: Turn): Promise<void> {
  const { draft } = turn
  const bytes = await readChatBody(turn)
  if (bytes === null) return
  const parsed = parseChatRequest(bytes)
  draft.readAt = deps.clock.now()
  if (parsed.kind === 'invalid') {
    return reject(turn, clientError('invalid_request_error', parsed.message, parsed.param))
  }
  const { request } = parsed
  draft.asked = request.model
  draft.stream = request.stream
  const gone = watchClient(turn.inbound)
  const plan = await route(deps, turn, request, gone)
  draft.routedAt = deps.clock.now()
  if ('message' in plan) return reject(turn, plan)
  await answer(deps, turn, { request, plan, gone })
}

/** What ends when the client leaves: a classifier that waits, then the running attempt. */
interface Gone {
  classifying: AbortController | null
  control: AttemptControl | null
}

function watchClient(inbound: Inbound): Gone {
  const gone: Gone = { classifying: null, control: null }
  inbound.onGone(() => {
    gone.classifying?.abort()
    gone.control?.cancel()
  })
  return gone
}

/** Made only where a classifier will wait: a controller per request is not free. */
function signalOf(gone: Gone): AbortSignal {
  gone.classifying ??= new AbortController()
  return gone.classifying.signal
}

async function route(
  deps: GatewayDeps,
  { snapshot, draft }: Turn,
  request: ChatRequest,
  gone: Gone,
): Promise<Plan | ClientError> {
  const wanted = resolveModel(snapshot, request.model)
  let classifier: RouteRecord['classifier'] = null
  let plan: Plan
  switch (wanted.kind) {
    case 'unknown':
      return clientError('model_not_found', `The model "${request.model}" does not exist.`, 'model')
    case 'endpoint':
      plan = planPinned(snapshot, wanted.endpoint)
      break
    case 'tier':
      plan = planTier(snapshot, { tier: wanted.tier, reason: 'pinned' }, deps.health, deps.random)
      break
    case 'auto': {
      const classified = snapshot.routing.enabled
        ? await classify(snapshot, deps.classifiers, intentOf(request), () => signalOf(gone))
        : { verdict: randomVerdict(filledTiers(snapshot), deps.random), record: null }
      classifier = classified.record
      plan = planTier(snapshot, reasoned(classified.verdict), deps.health, deps.random)
    }
  }
  draft.route = { tier: plan.tier, reason: plan.reason, classifier }
  return plan
}

function reasoned({ tier, by, detail }: Verdict): { tier: Verdict['tier']; reason: string } {
  return { tier, reason: detail === null ? by : `${by}; ${detail}` }
}

async function answer(
  deps: GatewayDeps,
  turn: Turn,
  { request, plan, gone }: { request: ChatRequest; plan: Plan; gone: Gone },
): Promise<void> {
  const { snapshot, inbound, draft } = turn
  let headers: () => string[] = () => []
  const relay = request.stream
    ? new Relay(inbound, snapshot.logs.bodyLimitBytes, () => headers())
    : null
  const attempts = await runAttempts(deps, {
    snapshot,
    request,
    plan,
    startedAt: draft.startedAt,
    relay,
    isGone: () => inbound.gone,
    onPaused: (ms) => {
      draft.pausedMs += ms
    },
    onStart: (control, tried, endpoint) => {
      gone.control = control
      relay?.attach(control)
      const startedAt = deps.clock.now()
      const count = tried.length + 1
      const before = tried.reduce((sum, attempt) => sum + attempt.totalMs, 0)
      headers = () => answerHeaders(draft, endpoint, count, before + deps.clock.now() - startedAt)
    },
  })
  draft.attempts = attempts
  conclude(turn, plan, relay, headers)
}

/** The answer went out, or this says why it did not. */
function conclude(turn: Turn, plan: Plan, relay: Relay | null, headers: () => string[]): void {
  const { inbound, draft, snapshot } = turn
  const last: AttemptResult | undefined = draft.attempts.at(-1)
  if (relay?.committed === true) draft.response = relay.recorded()
  if (last?.outcome === 'ok') {
    draft.status = 200
    if (last.body === null) return
    draft.response = { kind: 'json', pieces: [last.body], bytes: last.body.length }
    inbound.respond(200, [...headers(), 'content-type', 'application/json'], last.body)
  } else if (inbound.gone) {
    draft.status = 499
    draft.error = clientError('client_closed', 'The client closed the connection.')
  } else if (relay?.committed === true) {
    draft.status = 200
    draft.error = clientError(
      'stream_interrupted',
      failureOf(plan, draft.attempts, snapshot.secrets).message,
    )
    relay.interrupt(draft.error)
    draft.response = relay.recorded()
  } else reject(turn, failureOf(plan, draft.attempts, snapshot.secrets))
}
