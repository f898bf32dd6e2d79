import { hash } from 'node:crypto'
import {
  type Classifiers,
  classify,
  classifyByRules,
  type Intent,
  intentOf,
} from '../classify/classifier.ts'
import { isContinuation } from '../classify/continuation.ts'
import { costAt } from '../config/cost-at.ts'
import type { Price, Snapshot } from '../config/snapshot.ts'
import type { StoredExchange } from '../contract/exchange-row.ts'
import type { Tier } from '../contract/tier.ts'
import { type ChatRequest, parseChatRequest } from '../dialect/chat-request.ts'
import { systemClock } from '../kit/clock.ts'
import { HealthRegistry } from '../resilience/health-registry.ts'
import { type Needs, needsOf } from '../routing/needs.ts'
import { planTier } from '../routing/plan.ts'
import { resolveModel } from '../routing/requested-model.ts'

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
      ...tally(inOrderOfTime(this.#routed), this.#router),
      skipped: Object.values(this.#skippedBy).reduce((sum, count) => sum + count, 0),
      skippedBy: this.#skippedBy,
    }
  }

  /** Null where the request is not decided by itself: it is skipped, undecided or held. */
  async add(row: StoredExchange, body: Uint8Array | null): Promise<Step | null> {
    const routed = await this.#router.route(row, body)
    if (routed.kind === 'skipped') {
      this.#skippedBy[routed.why]++
      return null
    }
    this.#routed.push(routed)
    const { goal } = routed
    return goal === null || routed.isHeld ? null : { from: fromOf(routed), to: goal.tier }
  }
}

/** Where a request went, and where it would go. */
interface Step {
  readonly from: string
  readonly to: string
}

interface Goal {
  /** As it was decided: what a turn that goes on keeps, whatever this one needed of a model. */
  readonly decided: Tier
  readonly tier: Tier | 'pinned'
  readonly price: Price | null
}

interface Routed {
  readonly kind: 'routed'
  readonly row: Pick<StoredExchange, 'at' | 'costUsd' | 'usage'> & { readonly tier: string | null }
  /** Null where only the language model would decide. Of a held request: the one of the log. */
  readonly goal: Goal | null
  readonly isHeld: boolean
  /** The turn it begins, or goes on with; null where it cannot be told from others. */
  readonly turn: string | null
  readonly needs: Needs
}

interface Skipped {
  readonly kind: 'skipped'
  readonly why: SkipReason
}

interface Router {
  readonly route: (row: StoredExchange, body: Uint8Array | null) => Promise<Routed | Skipped>
  readonly plan: (decided: Tier, needs: Needs) => Goal
}

function fromOf({ row }: Routed): string {
  return row.tier ?? '-'
}

/** Logs are read newest first, so of two in one millisecond the later came first. */
function inOrderOfTime(routed: readonly Routed[]): readonly Routed[] {
  return routed.toReversed().sort((left, right) => left.row.at - right.row.at)
}

function tally(
  requests: readonly Routed[],
  { plan }: Router,
): Omit<Replay, 'skipped' | 'skippedBy'> {
  const turns = new Map<string, Goal | null>()
  const flow: Record<string, number> = {}
  const cost = { requests: 0, beforeUsd: 0, afterUsd: 0 }
  let [held, undecided] = [0, 0]
  for (const request of requests) {
    const { row, isHeld, turn } = request
    if (!isHeld && turn !== null) turns.set(turn, request.goal)
    const goal = isHeld ? heldGoal(request, turns, plan) : request.goal
    if (goal === null) {
      undecided++
      continue
    }
    if (isHeld) held++
    const name = `${fromOf(request)}->${goal.tier}`
    flow[name] = (flow[name] ?? 0) + 1
    if (row.costUsd === null || row.usage === null || goal.price === null) continue
    cost.requests++
    cost.beforeUsd += row.costUsd
    cost.afterUsd += costAt(goal.price, row.usage)
  }
  return { requests: requests.length - undecided, held, undecided, flow, cost }
}

/**
 * What goes on with a turn goes where that turn went. Where the turn is not among the requests the
 * log does not say what it would have been, so the tier of then is kept again.
 */
function heldGoal(
  { turn, goal, needs }: Routed,
  turns: ReadonlyMap<string, Goal | null>,
  plan: Router['plan'],
): Goal | null {
  const begun = turn === null ? undefined : turns.get(turn)
  if (begun === undefined) return goal
  return begun === null ? null : plan(begun.decided, needs)
}

function routerOf(snapshot: Snapshot, classifiers: Classifiers): Router {
  // Nothing is asked while replaying: what would ask decides as far as it can alone.
  const offline = { ...classifiers, cascade: classifiers.local, llm: null }
  const health = new HealthRegistry(systemClock)
  const plan = (decided: Tier, needs: Needs): Goal => {
    const chosen = { tier: decided, reason: 'replay', needs }
    const { tier, endpoints } = planTier(snapshot, chosen, health, () => 0)
    return { decided, tier, price: endpoints[0]?.price ?? null }
  }
  const route: Router['route'] = async (row, body) => {
    const request = replayable(snapshot, row, body)
    if ('kind' in request) return request
    const intent = intentOf(request)
    const isRuled =
      intent.ask().phase === 'continuation' && classifyByRules(snapshot, intent) !== null
    const held = isRuled ? null : heldTier(snapshot, row)
    const decided = held ?? (await classifiedTier(snapshot, offline, intent))
    const needs = keptNeeds(request)
    const { at, costUsd, usage } = row
    return {
      kind: 'routed',
      row: { at, costUsd, usage, tier: row.route.tier },
      goal: decided === null ? null : plan(decided, needs),
      isHeld: held !== null,
      turn: turnOf(row, intent),
      needs,
    }
  }
  return { route, plan }
}

/** What a request needs, without its body: ten thousand of them would fill the memory. */
function keptNeeds({ bytes }: ChatRequest): Needs {
  const needs = needsOf(bytes)
  const hasImages = needs.vision()
  return { tokens: needs.tokens, vision: () => hasImages }
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
async function classifiedTier(
  snapshot: Snapshot,
  offline: Classifiers,
  intent: Intent,
): Promise<Tier | null> {
  const { signal } = new AbortController()
  const { verdict } = await classify(snapshot, offline, intent, () => signal)
  const isUnasked = snapshot.routing.classifier === 'llm' && verdict.by === 'fallback'
  return isUnasked ? null : verdict.tier
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
  if (text === '' || isContinuation(text)) return null
  return hash('sha256', JSON.stringify([keyName, text, earlier.at(-1) ?? null]), 'base64')
}
