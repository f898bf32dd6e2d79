import { type ChatRequest, parseChatRequest } from '../dialect/chat-request.ts'
import type { Plan } from '../routing/plan.ts'
import type { Inbound } from '../transport/transport.ts'
import type { AttemptControl, AttemptResult } from '../upstream/attempt-result.ts'
import { failureOf } from './failure.ts'
import type { GatewayDeps } from './gateway-deps.ts'
import { readChatBody } from './read-chat-body.ts'
import { Relay } from './relay.ts'
import { type ClientError, clientError } from './render-error.ts'
import { answerHeaders, routeHeaders } from './response-headers.ts'
import { reject } from './reject.ts'
import { type Route, routeChat } from './route-chat.ts'
import { type Attempts, runAttempts } from './run-attempts.ts'
import type { Turn } from './turn.ts'
import { refusedLesson } from './weak-lessons.ts'

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
  if (turn.keyLimits.models?.has(request.model) === false) {
    const message = `This key may not use the model "${request.model}".`
    return reject(turn, clientError('model_not_allowed', message, 'model'))
  }
  const gone = watchClient(turn.inbound)
  const route = await routeChat(deps, turn, request, () => signalOf(gone, judgeMs(turn)))
  draft.routedAt = deps.clock.now()
  if ('message' in route) return reject(turn, route)
  await answer(deps, turn, { request, route, gone })
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
function signalOf(gone: Gone, withinMs: number | null): AbortSignal {
  gone.classifying ??= new AbortController()
  const { signal } = gone.classifying
  return withinMs === null ? signal : AbortSignal.any([signal, AbortSignal.timeout(withinMs)])
}

/** Of the time that the client gives, what a judge may take: the answer needs the rest. */
const JUDGE_SHARE = 0.5

/** Null where the judge's own limit is as short. */
function judgeMs({ snapshot, terms, draft }: Turn): number | null {
  const { llm } = snapshot.routing
  if (llm === null || terms.deadlineMs === null) return null
  const leftMs = Math.max(0, terms.deadlineMs - draft.elapsed())
  const ms = Math.floor(leftMs * JUDGE_SHARE)
  return ms < llm.timeoutMs ? ms : null
}

async function answer(
  deps: GatewayDeps,
  turn: Turn,
  { request, route, gone }: { request: ChatRequest; route: Route; gone: Gone },
): Promise<void> {
  const { snapshot, inbound, draft } = turn
  const { plan } = route
  let headers: () => string[] = () => routeHeaders(draft)
  const { keepAliveAfterMs, slowClientMs } = snapshot.server
  const logBytesMax = snapshot.logs.bodyLimitBytes
  const relay = request.stream
    ? new Relay(inbound, {
        logBytesMax,
        keepAliveAfterMs,
        slowClientMs,
        head: () => headers(),
        elapsed: () => draft.elapsed(),
      })
    : null
  const attempts = await runAttempts(deps, {
    snapshot,
    request,
    plan,
    startedAt: draft.startedAt,
    terms: turn.terms,
    maxOutputTokens: turn.keyLimits.maxOutputTokens,
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
      headers = () =>
        relay?.committed === false || endpoint === null
          ? routeHeaders(draft)
          : answerHeaders(draft, endpoint, count, before + deps.clock.now() - startedAt)
    },
  })
  relay?.close()
  draft.attempts = attempts.results
  const served = draft.attempts.at(-1)
  if (served?.outcome === 'ok') route.onServed(served.endpoint.id)
  const lesson = refusedLesson(draft.id, (id) => deps.lessons.decidedTier(id), {
    attempts: draft.attempts,
    streamed: () => relay?.whole() ?? null,
    request,
  })
  if (lesson !== null) deps.lessons.teach(lesson)
  conclude(turn, { plan, attempts, relay })
}

interface Conclusion {
  readonly plan: Plan
  readonly attempts: Attempts
  readonly relay: Relay | null
}

/** The answer went out, or this says why it did not. */
function conclude(turn: Turn, { plan, attempts, relay }: Conclusion): void {
  const { inbound, draft, snapshot } = turn
  const last: AttemptResult | undefined = draft.attempts.at(-1)
  if (relay?.begun === true) {
    draft.response = relay.recorded()
    draft.pace = relay.pace()
  }
  if (last?.outcome === 'ok') {
    draft.status = 200
    if (last.body === null) return
    draft.response = { kind: 'json', pieces: [last.body], bytes: last.body.length }
    const headers = answerHeaders(draft, last.endpoint, draft.attempts.length, draft.upstreamMs())
    inbound.respond(200, [...headers, 'content-type', 'application/json'], last.body)
  } else if (inbound.gone) {
    draft.status = 499
    draft.error =
      relay?.wasSlow === true
        ? clientError('slow_client', 'The client did not read its answer.')
        : clientError('client_closed', 'The client closed the connection.')
  } else if (relay?.begun === true)
    interrupt(turn, relay, failureOf(plan, attempts, snapshot.secrets))
  else reject(turn, failureOf(plan, attempts, snapshot.secrets))
}

/** Headers are out, so the error goes into the stream. */
function interrupt({ draft }: Turn, relay: Relay, failure: ClientError): void {
  draft.status = 200
  draft.error = relay.committed ? clientError('stream_interrupted', failure.message) : failure
  relay.interrupt(draft.error, draft.attempts.at(-1)?.sent ?? null)
  draft.response = relay.recorded()
}
