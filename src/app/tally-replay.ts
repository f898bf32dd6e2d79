import type { Verdict } from '../classify/classifier.ts'
import { costAt } from '../config/cost-at.ts'
import type { Price } from '../config/snapshot.ts'
import { spentUsd, type StoredExchange } from '../contract/exchange-row.ts'
import type { Tier } from '../contract/tier.ts'
import { softened } from '../gateway/sessions.ts'
import type { Needs } from '../routing/needs.ts'

/** Where a request would go. */
interface Goal {
  /** As it was decided: what a turn that goes on keeps, whatever this one needed of a model. */
  readonly decided: Tier
  readonly tier: Tier | 'pinned'
  readonly price: Price | null
}

/** A logged request, routed anew as far as it can be by itself. */
export interface Routed {
  readonly kind: 'routed'
  readonly row: Pick<StoredExchange, 'at' | 'costUsd' | 'judgeUsd' | 'usage' | 'served'> & {
    readonly tier: string | null
  }
  /** Null where only the language model would decide. Of a held request: the one of the log. */
  readonly goal: Goal | null
  readonly isHeld: boolean
  /** Of one whose session fell by one tier instead of two, then and now; else null. */
  readonly fall: Fall | null
  /** The turn it begins, or goes on with; null where it cannot be told from others. */
  readonly turn: string | null
  readonly needs: Needs
  /** What asking a model for the tier would cost again. */
  readonly judgeUsd: number
}

interface Fall {
  /** What it would be without its session. */
  readonly verdict: Verdict
  /** The turn before it, or null. */
  readonly before: string | null
}

/** What the requests come to; see Replay. */
interface Tally {
  readonly requests: number
  readonly held: number
  readonly undecided: number
  readonly flow: Readonly<Record<string, number>>
  readonly cost: {
    readonly requests: number
    readonly beforeUsd: number
    readonly afterUsd: number
  }
}

/** `served`: who answered then, and is taken to answer again where the tier still has it. */
export type Planner = (decided: Tier, needs: Needs, served: string | null) => Goal

/** A turn that was read: where it went, and where it would go. */
interface Turned {
  readonly from: string
  readonly goal: Goal | null
}

export function fromOf({ row }: Routed): string {
  return row.tier ?? '-'
}

/** Goes through the requests in the order of time: what goes on with a turn goes where that went. */
export function tallyReplay(requests: readonly Routed[], plan: Planner): Tally {
  const turns = new Map<string, Turned>()
  const flow: Record<string, number> = {}
  const cost = { requests: 0, beforeUsd: 0, afterUsd: 0 }
  let [held, undecided] = [0, 0]
  for (const request of inOrderOfTime(requests)) {
    const { row, isHeld, turn } = request
    const from = fromOf(request)
    const goal = isHeld ? heldGoal(request, turns, plan) : fallenGoal(request, turns, plan)
    if (!isHeld && turn !== null) turns.set(turn, { from, goal })
    if (goal === null) {
      undecided++
      continue
    }
    if (isHeld) held++
    const name = `${from}->${goal.tier}`
    flow[name] = (flow[name] ?? 0) + 1
    if (row.costUsd === null || row.usage === null || goal.price === null) continue
    cost.requests++
    cost.beforeUsd += spentUsd(row) ?? 0
    cost.afterUsd += costAt(goal.price, row.usage) + request.judgeUsd
  }
  return { requests: requests.length - undecided, held, undecided, flow, cost }
}

/** Logs are read newest first, so of two in one millisecond the later came first. */
function inOrderOfTime(routed: readonly Routed[]): readonly Routed[] {
  return routed.toReversed().sort((left, right) => left.row.at - right.row.at)
}

/**
 * What goes on with a turn goes where that turn went. Where the turn is not among the requests the
 * log does not say what it would have been, so the tier of then is kept again.
 */
function heldGoal(
  { turn, goal, needs, row }: Routed,
  turns: ReadonlyMap<string, Turned>,
  plan: Planner,
): Goal | null {
  const begun = turn === null ? undefined : turns.get(turn)
  if (begun === undefined) return goal
  return begun.goal === null ? null : plan(begun.goal.decided, needs, row.served)
}

/**
 * The session of then was at T3, or it could not have fallen by two. It is elsewhere now only if
 * the turn before is among the requests and would go elsewhere.
 */
function fallenGoal(
  { fall, goal, needs, row }: Routed,
  turns: ReadonlyMap<string, Turned>,
  plan: Planner,
): Goal | null {
  const before = fall === null || fall.before === null ? undefined : turns.get(fall.before)
  const kept = before?.goal ?? null
  if (fall === null || kept === null || kept.tier === before?.from) return goal
  const session = { tier: kept.decided, by: fall.verdict.by, endpointId: null }
  return plan(softened(fall.verdict, session).tier, needs, row.served)
}
