import { classify, classifyByRules, intentOf, type Verdict } from '../classify/classifier.ts'
import { randomVerdict } from '../classify/random.ts'
import type { RouteRecord } from '../contract/exchange.ts'
import { type Tier, tierIndex } from '../contract/tier.ts'
import type { ChatRequest } from '../dialect/chat-request.ts'
import { type Needs, needsOf } from '../routing/needs.ts'
import {
  endpointById,
  filledTiers,
  type Plan,
  planPinned,
  planTier,
  preferEndpoint,
  tierOf,
} from '../routing/plan.ts'
import { resolveModel } from '../routing/requested-model.ts'
import { askedBefore, type Asking, askingOf } from './asking.ts'
import type { GatewayDeps } from './gateway-deps.ts'
import { type ClientError, clientError } from './render-error.ts'
import { heldVerdict, type Session, sessionKeys, softened } from './sessions.ts'
import { shownAsk, shownRecord } from './shown-decision.ts'
import type { Turn } from './turn.ts'
import { judgedLesson } from './weak-lessons.ts'

export interface Route {
  readonly plan: Plan
  /** Remembers who answered, where the conversation may go on. */
  readonly onServed: (endpointId: string) => void
}

/** Which models answer a request, by its own word or by a classifier's. */
export async function routeChat(
  deps: GatewayDeps,
  turn: Turn,
  request: ChatRequest,
  signal: () => AbortSignal,
): Promise<Route | ClientError> {
  const { snapshot } = turn
  const wanted = resolveModel(snapshot, request.model)
  switch (wanted.kind) {
    case 'unknown':
      return clientError('model_not_found', `The model "${request.model}" does not exist.`, 'model')
    case 'endpoint': {
      const tier = tierOf(snapshot, wanted.endpoint)
      if (tier !== null) notice(deps, turn, request, tier)
      return routed(turn, planPinned(snapshot, wanted.endpoint), null)
    }
    case 'tier': {
      notice(deps, turn, request, wanted.tier)
      return steady(deps, turn, request, { tier: wanted.tier, reason: 'pinned', record: null })
    }
    case 'auto':
      return snapshot.routing.enabled
        ? routeByMeaning(deps, turn, request, signal)
        : routed(
            turn,
            planTier(
              snapshot,
              reasoned(randomVerdict(filledTiers(snapshot), deps.random), request),
              deps.guards.health,
              deps.random,
            ),
            null,
          )
  }
}

/** Once per turn of the human: what only goes on keeps the decision it goes on with. */
async function routeByMeaning(
  deps: GatewayDeps,
  turn: Turn,
  request: ChatRequest,
  signal: () => AbortSignal,
): Promise<Route> {
  const { snapshot, draft } = turn
  const intent = intentOf(request)
  // Rules alone decide each message by itself and for nothing: there is no decision to keep.
  if (snapshot.routing.classifier === 'none') {
    const { verdict, record } = await classify(snapshot, deps.classifiers, intent, signal)
    const ask = shownAsk(snapshot, intent)
    return steady(deps, turn, request, { ...reasoned(verdict, request), record, ask })
  }
  const hint = request.sessionHint()
  const keys = sessionKeys(hint, intent.ask(), speakerOf(turn))
  const session = deps.sessions.recall(keys, deps.clock.now())
  const kept = heldVerdict(intent.ask(), session)
  // Words that an operator's rule knows are never a mere "go on".
  const isRuled =
    intent.ask().phase === 'continuation' && classifyByRules(snapshot, intent) !== null
  const held = isRuled ? null : kept
  const { verdict, record, hashed, judged } =
    held === null
      ? await classify(snapshot, deps.classifiers, intent, signal)
      : { verdict: held, record: null, hashed: null, judged: null }
  const decided = softened(verdict, session)
  const { phase } = intent.ask()
  const asked = held !== null && phase === 'tool_loop' ? null : notice(deps, turn, request, null)
  const plan = planTier(snapshot, reasoned(decided, request), deps.guards.health, deps.random)
  const tier = plan.tier === 'pinned' ? decided.tier : plan.tier
  if (hashed !== null) {
    const named = tierIndex(verdict.tier)
    const course = { named, answered: tierIndex(tier), keyName: draft.keyName }
    deps.lessons.note(draft.id, hashed, course)
    // What the judge said, not what a session made of it: softening is no judgement of the ask.
    if (judged !== null) deps.lessons.teach(judgedLesson(draft.id, judged))
  }
  const isLoop = held !== null && phase === 'tool_loop'
  const settled = isLoop ? preferring(deps, turn, request, session)(plan) : plan
  const remember = (endpointId: string): void => {
    const next: Session = { tier: decided.tier, by: decided.by, endpointId }
    deps.sessions.remember(keys, next, deps.clock.now())
    if (asked !== null && hashed !== null) {
      const answered = { requestId: draft.id, tier, at: deps.clock.now() }
      deps.answeredAsks.remember(asked, answered)
    }
  }
  return { ...routed(turn, settled, record, shownAsk(snapshot, intent)), onServed: remember }
}

/** A tier that needs no decision of a classifier. */
interface Named {
  readonly tier: Tier
  readonly reason: string
  readonly needs?: Needs
  readonly record: RouteRecord['classifier']
  readonly ask?: string | null
}

/** All that is kept of a named tier, or of a rule's, is who answers in a round of tools. */
function steady(deps: GatewayDeps, turn: Turn, request: ChatRequest, wanted: Named): Route {
  const { tier, record, ask } = wanted
  const plan = planTier(turn.snapshot, wanted, deps.guards.health, deps.random)
  if (plan.endpoints.length <= 1) return routed(turn, plan, record, ask)
  const hint = request.sessionHint()
  const human = intentOf(request).ask()
  const keys = sessionKeys(hint, human, { ...speakerOf(turn), scope: tier })
  const session = deps.sessions.recall(keys, deps.clock.now())
  const isLoop = session !== null && human.phase === 'tool_loop'
  const remember = (endpointId: string): void =>
    deps.sessions.remember(keys, { tier, by: 'rule', endpointId }, deps.clock.now())
  const prefer = isLoop ? preferring(deps, turn, request, session) : same
  return { ...routed(turn, prefer(plan), record, ask), onServed: remember }
}

function speakerOf({ draft, inbound }: Turn): Parameters<typeof sessionKeys>[2] {
  return { keyName: draft.keyName, header: (name) => inbound.header(name) }
}

const same = (plan: Plan): Plan => plan

/** In the middle of a tool loop another model would not know the calls it is asked to finish. */
function preferring(
  deps: GatewayDeps,
  { snapshot }: Turn,
  { bytes }: ChatRequest,
  session: Session | null,
): (plan: Plan) => Plan {
  const preferred = endpointById(snapshot, session?.endpointId ?? null)
  return (plan) => preferEndpoint(plan, preferred, needsOf(bytes), deps.guards.health)
}

/** Learns from an ask that comes again; returns it, or null where learning is off. */
function notice(
  deps: GatewayDeps,
  turn: Turn,
  request: ChatRequest,
  named: Tier | null,
): Asking | null {
  if (!turn.snapshot.routing.learning.enabled) return null
  const where = conversationOf(turn, request)
  const messages = request.lastMessages()
  const asking = askingOf(where, messages)
  // A library that repeats what failed, or what took too long, is no human who is dissatisfied.
  if (turn.terms.isRetry) return asking
  const before = askedBefore(messages)
  for (const asked of before === null ? [asking] : [asking, askingOf(where, before)]) {
    const lesson = deps.answeredAsks.judge(asked, named, deps.clock.now())
    if (lesson !== null) deps.lessons.teach(lesson)
  }
  return asking
}

/** The name of who speaks in which conversation, whatever is said in it. */
function conversationOf(turn: Turn, request: ChatRequest): string {
  const about = { asks: [''], phase: 'ask' } as const
  return sessionKeys(request.sessionHint(), about, speakerOf(turn)).remember[0] ?? ''
}

function routed(
  { draft, snapshot }: Turn,
  plan: Plan,
  classifier: RouteRecord['classifier'],
  ask: string | null = null,
): Route {
  const { tier, reason } = plan
  draft.route = { tier, reason, classifier: shownRecord(snapshot, classifier), ask }
  return { plan, onServed: () => {} }
}

function reasoned(
  { tier, by, detail }: Verdict,
  { bytes }: ChatRequest,
): { tier: Tier; reason: string; needs: Needs } {
  const reason = detail === null ? by : `${by}; ${detail}`
  return { tier, reason, needs: needsOf(bytes) }
}
