import type { Rule, Snapshot } from '../config/snapshot.ts'
import type { RouteRecord } from '../contract/exchange.ts'
import type { Tier } from '../contract/tier.ts'
import { type HumanAsk, readHumanAsk } from './human-ask.ts'
import type { Noted } from './learning/residual.ts'
import type { Talk } from './message.ts'
import { matchRule } from './rules.ts'

/** What a classifier may look at: text that a human wrote, and nothing else. */
export interface Intent {
  /** Read when first asked for. */
  ask(): HumanAsk
}

/** The intent of a request; the conversation is read at most once, and only if anybody asks. */
export function intentOf(request: { conversation(): Talk }): Intent {
  let ask: HumanAsk | null = null
  return { ask: () => (ask ??= readHumanAsk(request.conversation())) }
}

/** A tier with the reason for it. `by` is the first word of the x-smartroute-reason header. */
export interface Verdict {
  readonly tier: Tier
  readonly by: 'rule' | 'local' | 'llm' | 'random' | 'fallback'
  /** ASCII details for the header after `;`, or null. */
  readonly detail: string | null
  /** How sure the classifier is, 0 to 1; absent where it cannot say. */
  readonly confidence?: number
}

/** The answer of one classifier of the chain: a verdict, or null where it cannot say. */
export interface Opinion {
  /** What learning keeps of the ask, where it is on. */
  readonly hashed?: Noted
  /** What a second judge said who was asked just now: an answer kept from before teaches nothing new. */
  readonly judged?: Tier
  readonly verdict: Verdict | null
  readonly record: RouteRecord['classifier']
}

/**
 * The port that every classifier beyond the rules implements. It never throws, ends within its
 * own time limit, and stops when the signal does.
 */
export interface Classifier {
  /** Loads what the first request would otherwise wait for. */
  warm?(): void
  classify(snapshot: Snapshot, intent: Intent, signal: AbortSignal): Promise<Opinion>
}

/** The classifiers by the name the configuration uses. */
export type Classifiers = Readonly<Record<Snapshot['routing']['classifier'], Classifier | null>>

export interface Classified {
  readonly hashed: Noted | null
  readonly judged: Tier | null
  readonly verdict: Verdict
  readonly record: RouteRecord['classifier']
}

/** Runs the chain: operator rules, the configured classifier, the fallback tier. */
export async function classify(
  snapshot: Snapshot,
  classifiers: Classifiers,
  intent: Intent,
  signal: () => AbortSignal,
): Promise<Classified> {
  const rule = classifyByRules(snapshot, intent)
  if (rule !== null) return { verdict: rule, record: null, hashed: null, judged: null }
  const classifier = classifiers[snapshot.routing.classifier]
  const opinion =
    classifier === null ? undefined : await classifier.classify(snapshot, intent, signal())
  const record = opinion?.record ?? null
  const { hashed = null, judged = null } = opinion ?? {}
  return { verdict: opinion?.verdict ?? fallback(snapshot, opinion), record, hashed, judged }
}

export function classifyByRules(snapshot: Snapshot, intent: Intent): Verdict | null {
  const rule: Rule | null = matchRule(snapshot.routing.rules, intent)
  return rule === null ? null : { tier: rule.tier, by: 'rule', detail: `rule=${rule.index}` }
}

function fallback(snapshot: Snapshot, opinion: Opinion | undefined): Verdict {
  const detail = opinion?.record?.error ? 'classifier_failed' : null
  return { tier: snapshot.routing.fallbackTier, by: 'fallback', detail }
}
