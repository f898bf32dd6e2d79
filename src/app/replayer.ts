import { hash } from 'node:crypto'
import {
  type Classifiers,
  classify,
  classifyByRules,
  type Intent,
  intentOf,
  type Verdict,
} from '../classify/classifier.ts'
import { isContinuation } from '../classify/continuation.ts'
import { costAt } from '../config/cost-at.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { StoredExchange } from '../contract/exchange-row.ts'
import type { Tier } from '../contract/tier.ts'
import { type ChatRequest, parseChatRequest } from '../dialect/chat-request.ts'
import { softened } from '../gateway/sessions.ts'
import { systemClock } from '../kit/clock.ts'
import { HealthRegistry } from '../resilience/health-registry.ts'
import { type Needs, needsOf, unmet } from '../routing/needs.ts'
import { planTier } from '../routing/plan.ts'
import { resolveModel } from '../routing/requested-model.ts'
import { fromOf, type Planner, type Routed, tallyReplay } from './tally-replay.ts'

/** Why a chat request cannot be replayed. */
export type SkipReason =
  /** It names a tier or a model. */
  | 'pinned'
  /** Its model is unknown to the configuration, which rejects it. */
  | 'unknownModel'
  | 'noBody'
  /** The kept body is cut short. */
  | 'cutBody'

/** What another configuration would have done with the requests of the log. */
export interface Replay {
  /** Routed anew. */
  readonly requests: number
  /** How many of them kept the decision of the turn they go on with, as they did then. */
  readonly held: number
  /** Requests that only the language model would have decided: in no flow and no cost. */
  readonly undecided: number
  readonly skipped: number
  readonly skippedBy: Readonly<Record<SkipReason, number>>
  /** `t1->t2` -> how many requests moved that way, those that stay included. */
  readonly flow: Readonly<Record<string, number>>
  /** Over requests whose models have prices before and after, by the tokens that were used. */
  readonly cost: {
    readonly requests: number
    readonly beforeUsd: number
    readonly afterUsd: number
  }
}

/**
 * Whether a row is a chat request that was read: feedback, refused keys and broken bodies are not.
 * What a key may not ask for no configuration of the routing changes.
 */
export function isChat({ asked, errorCode }: StoredExchange): boolean {
  return asked !== null && errorCode !== 'model_not_allowed'
}

/**
 * Routes logged requests under a configuration, in whatever order they come, and adds up what
 * changes. It keeps a few hundred bytes of each; who calls it bounds how many.
 */
export class Replayer {
  readonly #router: Router
  readonly #routed: Routed[] = []
  readonly #skippedBy: Record<SkipReason, number> = {
    pinned: 0,
    unknownModel: 0,
    noBody: 0,
    cutBody: 0,
  }

  constructor(snapshot: Snapshot, classifiers: Classifiers) {
    this.#router = routerOf(snapshot, classifiers)
  }

  get result(): Replay {
    return {
      ...tallyReplay(this.#routed, this.#router.plan),
      skipped: Object.values(this.#skippedBy).reduce((sum, count) => sum + count, 0),
      skippedBy: this.#skippedBy,
    }
  }

  /** Null where the request is not decided by itself: it is skipped, undecided, held or softened. */
  async add(row: StoredExchange, body: Uint8Array | null): Promise<Step | null> {
    const routed = await this.#router.route(row, body)
    if (routed.kind === 'skipped') {
      this.#skippedBy[routed.why]++
      return null
    }
    this.#routed.push(routed)
    const { goal, isHeld, fall } = routed
    if (goal === null || isHeld || fall !== null) return null
    return { from: fromOf(routed), to: goal.tier }
  }
}

/** Where a request went, and where it would go. */
interface Step {
  readonly from: string
  readonly to: string
}

interface Skipped {
  readonly kind: 'skipped'
  readonly why: SkipReason
}

interface Router {
  readonly route: (row: StoredExchange, body: Uint8Array | null) => Promise<Routed | Skipped>
  readonly plan: Planner
}

function routerOf(snapshot: Snapshot, classifiers: Classifiers): Router {
  // Nothing is asked while replaying: what would ask decides as far as it can alone.
  const offline = { ...classifiers, cascade: classifiers.local, llm: null }
  const health = new HealthRegistry(systemClock)
  const plan: Planner = (decided, needs, served) => {
    const chosen = { tier: decided, reason: 'replay', needs }
    const { tier, endpoints } = planTier(snapshot, chosen, health, () => 0)
    // Of several models the first is as good a guess as any, but the log knows who it was.
    const again = endpoints.find(({ id }) => id === served)
    const answers = again !== undefined && unmet(again, needs) === null ? again : endpoints[0]
    return { decided, tier, price: answers?.price ?? null }
  }
  const route: Router['route'] = async (row, body) => {
    const request = replayable(snapshot, row, body)
    if ('kind' in request) return request
    const intent = intentOf(request)
    const isRuled =
      intent.ask().phase === 'continuation' && classifyByRules(snapshot, intent) !== null
    const held = isRuled ? null : heldTier(snapshot, row)
    const verdict = held === null ? await verdictOn(snapshot, offline, intent) : null
    const fallen = verdict === null ? null : fallenAgain(row, verdict)
    const decided = held ?? fallen?.tier ?? null
    const needs = keptNeeds(request)
    const { at, costUsd, judgeUsd, usage, served } = row
    const judged = judgeUsd === undefined ? {} : { judgeUsd }
    return {
      kind: 'routed',
      row: { at, costUsd, ...judged, usage, served, tier: row.route.tier },
      goal: decided === null ? null : plan(decided, needs, served),
      isHeld: held !== null,
      fall:
        verdict === fallen || verdict === null ? null : { verdict, before: before(row, intent) },
      turn: turnOf(row, intent),
      needs,
      judgeUsd: verdict === null ? 0 : judgedAgain(snapshot, verdict, row),
    }
  }
  return { route, plan }
}

/** What a request needs, without its body: ten thousand of them would fill the memory. */
function keptNeeds({ bytes }: ChatRequest): Needs {
  const needs = needsOf(bytes)
  const [hasImages, hasSound, hasFiles] = [needs.vision(), needs.audio?.(), needs.files?.()]
  return {
    tokens: needs.tokens,
    vision: () => hasImages,
    audio: () => hasSound === true,
    files: () => hasFiles === true,
  }
}

function replayable(
  snapshot: Snapshot,
  { asked }: StoredExchange,
  body: Uint8Array | null,
): ChatRequest | Skipped {
  const wanted = resolveModel(snapshot, asked ?? 'auto')
  if (wanted.kind === 'unknown') return { kind: 'skipped', why: 'unknownModel' }
  if (wanted.kind !== 'auto') return { kind: 'skipped', why: 'pinned' }
  if (body === null) return { kind: 'skipped', why: 'noBody' }
  const parsed = parseChatRequest(Buffer.from(body))
  return parsed.kind === 'invalid' ? { kind: 'skipped', why: 'cutBody' } : parsed.request
}

/** Null where the language model would have been asked and nobody else decides. */
async function verdictOn(
  snapshot: Snapshot,
  offline: Classifiers,
  intent: Intent,
): Promise<Verdict | null> {
  const { signal } = new AbortController()
  const { verdict } = await classify(snapshot, offline, intent, () => signal)
  const isUnasked = snapshot.routing.classifier === 'llm' && verdict.by === 'fallback'
  return isUnasked ? null : verdict
}

/** What was asked then is asked again where a cascade is as unsure, for what it used then. */
function judgedAgain({ routing }: Snapshot, verdict: Verdict, { route }: StoredExchange): number {
  const { classifier, llm, local } = routing
  const usage = route.classifier?.usage ?? null
  const price = llm?.endpoint.price ?? null
  if (classifier !== 'cascade' || usage === null || price === null) return 0
  const isSure = verdict.by === 'rule' || (verdict.confidence ?? 0) >= local.askBelow
  return isSure ? 0 : costAt(price, usage)
}

const SOFTENED = /; held=one_tier_down(?:;|$)/

/** The verdict as the session of then softens it, where it did. Only one at T3 can. */
function fallenAgain({ route }: StoredExchange, verdict: Verdict): Verdict {
  if (!SOFTENED.test(route.reason ?? '')) return verdict
  return softened(verdict, { tier: 't3', by: verdict.by, endpointId: null })
}

/** `held=one_tier_down` is no such word: that request was decided, only softer. */
const HELD = /; held=(?:tool_loop|continuation)(?:;|$)/

/** The tier that a request kept from the turn before it; rules alone keep nothing. */
function heldTier({ routing }: Snapshot, { route }: StoredExchange): Tier | null {
  if (routing.classifier === 'none' || route.tier === null || route.tier === 'pinned') return null
  return HELD.test(route.reason ?? '') ? route.tier : null
}

/**
 * The name of a turn: who asks, what, and what was asked before. Hardly anything else decides, so
 * conversations that share a name share a tier. A bare "go on" is the name of nothing.
 */
function turnOf({ keyName }: StoredExchange, intent: Intent): string | null {
  const { text, earlier } = intent.ask()
  return nameOf(keyName, text, earlier.at(-1))
}

/** The name of the turn before: a long ask stands there in full and here cut, and is not found. */
function before({ keyName }: StoredExchange, intent: Intent): string | null {
  const { earlier } = intent.ask()
  return nameOf(keyName, earlier.at(-1) ?? '', earlier.at(-2))
}

function nameOf(keyName: string | null, text: string, earlier: string | undefined): string | null {
  if (text === '' || isContinuation(text)) return null
  return hash('sha256', JSON.stringify([keyName, text, earlier ?? null]), 'base64')
}
