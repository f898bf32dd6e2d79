import { type Classifiers, classify, intentOf } from '../classify/classifier.ts'
import { costAt } from '../config/cost-at.ts'
import type { Price, Snapshot } from '../config/snapshot.ts'
import type { StoredExchange } from '../contract/exchange-row.ts'
import type { Tier } from '../contract/tier.ts'
import { type ChatRequest, parseChatRequest } from '../dialect/chat-request.ts'
import { systemClock } from '../kit/clock.ts'
import { HealthRegistry } from '../resilience/health-registry.ts'
import { needsOf } from '../routing/needs.ts'
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
  /** How many of them kept the decision of their session, as they did then. */
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

/** Routes one logged request after the other under a configuration and adds up what changes. */
export class Replayer {
  readonly #decide: Decide
  readonly #flow: Record<string, number> = {}
  readonly #cost = { requests: 0, beforeUsd: 0, afterUsd: 0 }
  readonly #skippedBy: Record<SkipReason, number> = {
    pinned: 0,
    unknownModel: 0,
    noBody: 0,
    cutBody: 0,
  }
  #requests = 0
  #held = 0
  #undecided = 0

  constructor(snapshot: Snapshot, classifiers: Classifiers) {
    this.#decide = decider(snapshot, classifiers)
  }

  get result(): Replay {
    return {
      requests: this.#requests,
      held: this.#held,
      undecided: this.#undecided,
      skipped: Object.values(this.#skippedBy).reduce((sum, count) => sum + count, 0),
      skippedBy: this.#skippedBy,
      flow: this.#flow,
      cost: this.#cost,
    }
  }

  /** Null where the request cannot be replayed. */
  async add(
    row: StoredExchange,
    body: Uint8Array | null,
  ): Promise<{ readonly from: string; readonly to: string } | null> {
    const decision = await this.#decide(row, body)
    switch (decision.kind) {
      case 'skipped':
        this.#skippedBy[decision.why]++
        return null
      case 'undecided':
        this.#undecided++
        return null
      case 'routed':
        return this.#count(row, decision)
    }
  }

  #count(row: StoredExchange, routed: Routed): { readonly from: string; readonly to: string } {
    this.#requests++
    if (routed.isHeld) this.#held++
    const step = { from: row.route.tier ?? '-', to: routed.tier }
    const name = `${step.from}->${step.to}`
    this.#flow[name] = (this.#flow[name] ?? 0) + 1
    if (row.costUsd !== null && row.usage !== null && routed.price !== null) {
      this.#cost.requests++
      this.#cost.beforeUsd += row.costUsd
      this.#cost.afterUsd += costAt(routed.price, row.usage)
    }
    return step
  }
}

interface Routed {
  readonly kind: 'routed'
  readonly tier: Tier | 'pinned'
  readonly price: Price | null
  readonly isHeld: boolean
}
type Decision =
  | Routed
  | { readonly kind: 'undecided' }
  | { readonly kind: 'skipped'; readonly why: SkipReason }
type Decide = (row: StoredExchange, body: Uint8Array | null) => Promise<Decision>

function decider(snapshot: Snapshot, classifiers: Classifiers): Decide {
  // Nothing is asked while replaying: what would ask decides as far as it can alone.
  const offline = { ...classifiers, cascade: classifiers.local, llm: null }
  const health = new HealthRegistry(systemClock)
  return async (row, body) => {
    const wanted = resolveModel(snapshot, row.asked ?? 'auto')
    if (wanted.kind === 'unknown') return { kind: 'skipped', why: 'unknownModel' }
    if (wanted.kind !== 'auto') return { kind: 'skipped', why: 'pinned' }
    if (body === null) return { kind: 'skipped', why: 'noBody' }
    const parsed = parseChatRequest(Buffer.from(body))
    if (parsed.kind === 'invalid') return { kind: 'skipped', why: 'cutBody' }
    const { request } = parsed
    const held = heldTier(snapshot, row)
    const decided = held ?? (await classifiedTier(snapshot, offline, request))
    if (decided === null) return { kind: 'undecided' }
    const chosen = { tier: decided, reason: 'replay', needs: needsOf(request.bytes) }
    const { tier, endpoints } = planTier(snapshot, chosen, health, () => 0)
    const price = endpoints[0]?.price ?? null
    return { kind: 'routed', tier, price, isHeld: held !== null }
  }
}

/** Null where the language model would have been asked and nobody else decides. */
async function classifiedTier(
  snapshot: Snapshot,
  offline: Classifiers,
  request: ChatRequest,
): Promise<Tier | null> {
  const { signal } = new AbortController()
  const { verdict } = await classify(snapshot, offline, intentOf(request), () => signal)
  const isUnasked = snapshot.routing.classifier === 'llm' && verdict.by === 'fallback'
  return isUnasked ? null : verdict.tier
}

/**
 * The tier that a request kept from the turn before it. The log does not say what its session would
 * have been under another configuration, so it keeps it again; rules alone keep nothing.
 */
function heldTier({ routing }: Snapshot, { route }: StoredExchange): Tier | null {
  if (routing.classifier === 'none' || route.tier === null || route.tier === 'pinned') return null
  return route.reason?.includes('; held=') === true ? route.tier : null
}
