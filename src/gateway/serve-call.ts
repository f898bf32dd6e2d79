import { costAt } from '../config/cost-at.ts'
import { priceOf } from '../config/price-of.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { Inbound } from '../transport/transport.ts'
import { ExchangeDraft } from './exchange-draft.ts'
import { readClientTerms } from './client-terms.ts'
import { shedError } from './failure.ts'
import type { GatewayDeps } from './gateway-deps.ts'
import { handleChat } from './handle-chat.ts'
import { handleFeedback } from './handle-feedback.ts'
import { listModels } from './list-models.ts'
import { clientError } from './render-error.ts'
import { reject } from './reject.ts'
import { routeHeaders } from './response-headers.ts'
import type { Turn } from './turn.ts'

/** More header fields than this are a flood (Node itself bounds their bytes). */
const HEADER_COUNT_MAX = 100
/** So many gateways of this kind in a row are a loop. */
const HOPS_MAX = 3

/** One call to the OpenAI-compatible surface: admit, dispatch, record. Never rejects. */
export async function serveCall(deps: GatewayDeps, inbound: Inbound): Promise<void> {
  const draft = new ExchangeDraft(deps.clock, inbound)
  const snapshot = deps.current()
  const terms = readClientTerms(inbound)
  const turn: Turn = { snapshot, inbound, draft, terms, keyLimits: snapshot.keyLimits }
  let recorded = true
  try {
    recorded = await serve(deps, turn)
  } catch (cause) {
    draft.error = clientError(
      'internal_error',
      'The gateway failed. The request id helps to find out why.',
    )
    reject(turn, draft.error)
    deps.onBug(cause, draft.id)
  }
  if (!recorded) return
  const { revision, secrets, logs } = turn.snapshot
  deps.recorder.record(draft.finish(revision, secrets, logs.bodyLimitBytes))
}

/** Resolves to whether the call belongs into the log: a successful look at the model list does not. */
async function serve(deps: GatewayDeps, turn: Turn): Promise<boolean> {
  const { inbound, snapshot, draft } = turn
  if (inbound.headerCount > HEADER_COUNT_MAX) {
    reject(turn, clientError('headers_too_large', `More than ${HEADER_COUNT_MAX} header fields.`))
    return true
  }
  const admission = deps.authenticator.admit(snapshot, inbound)
  if (admission.kind === 'refused') {
    reject(turn, clientError(admission.code, admission.message))
    return true
  }
  draft.keyName = admission.keyName
  const own = snapshot.keyLimitsOf.get(admission.keyName ?? '')
  const known = own === undefined ? turn : { ...turn, keyLimits: own }
  const path = apiPath(inbound.path)
  if (path === '/chat/completions') {
    if (inbound.method === 'POST') await serveChat(deps, known)
    else rejectMethod(turn, 'POST')
    return true
  }
  if (path === '/feedback') {
    if (inbound.method === 'POST') await handleFeedback(deps, turn)
    else rejectMethod(turn, 'POST')
    return true
  }
  if (path === '/models' || path.startsWith('/models/')) return serveModels(known, path)
  reject(
    turn,
    clientError('not_found', `There is no ${inbound.method} ${inbound.path.slice(0, 200)}.`),
  )
  return true
}

/** Within the limits of the gateway and of the key; refused before the body is read. */
async function serveChat(deps: GatewayDeps, turn: Turn): Promise<void> {
  const { draft, snapshot, keyLimits, terms } = turn
  if (terms.hop >= HOPS_MAX) {
    const message = 'This request has passed too many gateways: one of them is its own provider.'
    return reject(turn, clientError('loop_detected', message))
  }
  const { maxInflight } = snapshot.server
  const refusal = deps.admission.enter(draft.keyName, { maxInflight, limits: keyLimits })
  if (refusal !== null) {
    const { code, message, retryAfterMs } = refusal
    const shed = shedError(message)
    const wait = retryAfterMs ?? shed.retryAfterMs ?? null
    const error = { ...clientError(code, message), retryAfterMs: wait }
    // A budget that is used up does not come back in a moment.
    const isSpent = code === 'insufficient_quota'
    return reject(turn, isSpent ? { ...error, final: true } : { ...error, retryable: true })
  }
  try {
    await handleChat(deps, turn)
  } finally {
    deps.admission.leave(draft.keyName, usedBy(snapshot, draft))
  }
}

/** Every call that reported usage has its price: an attempt, whether it answered or not, and the judge. */
function usedBy(
  snapshot: Snapshot,
  { attempts, route: { classifier } }: ExchangeDraft,
): { tokens: number; usd: number } {
  const judge =
    classifier === null || classifier.usage === null
      ? []
      : [{ usage: classifier.usage, price: priceOf(snapshot, classifier.model) }]
  const calls = attempts.map(({ usage, endpoint }) => ({ usage, price: endpoint.price }))
  let tokens = 0
  let usd = 0
  for (const { usage, price } of [...judge, ...calls]) {
    if (usage === null) continue
    tokens += usage.totalTokens
    if (price !== null) usd += costAt(price, usage)
  }
  return { tokens, usd }
}

/** Clients get the suffix wrong all the time: `/v1/v1/…` and no `/v1` mean the same. */
function apiPath(path: string): string {
  return path.replace(/^(?:\/v1){0,2}/, '').replace(/\/$/, '')
}

function serveModels(turn: Turn, path: string): boolean {
  const { inbound, draft, snapshot } = turn
  if (inbound.method !== 'GET') {
    rejectMethod(turn, 'GET')
    return true
  }
  const allowed = turn.keyLimits.models
  const models = listModels(snapshot).filter(({ id }) => allowed === null || allowed.has(id))
  const wanted = path === '/models' ? null : decoded(path.slice('/models/'.length))
  const found = wanted === null ? null : models.find(({ id }) => id === wanted)
  if (found === undefined) {
    reject(
      turn,
      clientError('model_not_found', `The model "${wanted ?? ''}" does not exist.`, 'model'),
    )
    return true
  }
  const body = Buffer.from(JSON.stringify(found ?? { object: 'list', data: models }))
  inbound.respond(200, [...routeHeaders(draft), 'content-type', 'application/json'], body)
  return false
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function rejectMethod(turn: Turn, allowed: string): void {
  const message = `${turn.inbound.path} answers ${allowed} only.`
  reject(turn, clientError('method_not_allowed', message))
}
