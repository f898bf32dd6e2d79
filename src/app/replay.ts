import { type Classifiers, classify, intentOf } from '../classify/classifier.ts'
import { loadConfigText } from '../config/load.ts'
import type { Problem } from '../config/problem.ts'
import type { Price, Snapshot } from '../config/snapshot.ts'
import type { Usage } from '../contract/exchange.ts'
import type { StoredExchange } from '../contract/exchange-row.ts'
import type { Tier } from '../contract/tier.ts'
import { parseChatRequest } from '../dialect/chat-request.ts'
import { systemClock } from '../kit/clock.ts'
import { HealthRegistry } from '../resilience/health-registry.ts'
import { planTier } from '../routing/plan.ts'
import { resolveModel } from '../routing/requested-model.ts'
import { NO_FILTER } from '../storage/log-store.ts'
import { eachExchange, getLog } from '../storage/sqlite/read-log.ts'
import { UndiciDispatcher } from '../transport/undici-dispatcher.ts'
import type { AppOptions } from './app-options.ts'
import { buildClassifiers } from './classifiers.ts'

/** What another configuration would have done with the requests of the log. */
export interface Replay {
  readonly requests: number
  /** Requests that cannot be replayed: pinned, or without a kept body. */
  readonly skipped: number
  /** `t1->t2` -> how many requests moved that way, those that stay included. */
  readonly flow: Readonly<Record<string, number>>
  /** Over requests whose models have prices before and after, by the tokens that were used. */
  readonly cost: {
    readonly requests: number
    readonly beforeUsd: number
    readonly afterUsd: number
  }
}

export type ReplayResult =
  | { readonly kind: 'replayed'; readonly replay: Replay }
  | { readonly kind: 'invalid_config'; readonly problems: readonly Problem[] }

/** Routes logged requests anew. No model is called: a cascade decides by its local part. */
export async function replayLog(
  options: Pick<AppOptions, 'configText' | 'configPath' | 'language' | 'env' | 'dataDir'>,
  limit: number,
): Promise<ReplayResult> {
  const loaded = loadConfigText(options.configText, options)
  if (!loaded.ok) return { kind: 'invalid_config', problems: loaded.problems }
  const classifiers = buildClassifiers(new UndiciDispatcher(), systemClock)
  const replayer = new Replayer(loaded.snapshot, classifiers)
  for (const { exchange } of eachExchange(options.dataDir, NO_FILTER, limit)) {
    await replayer.add(exchange, getLog(options.dataDir, exchange.id)?.bodies.request ?? null)
  }
  return { kind: 'replayed', replay: replayer.result }
}

/** Routes one logged request after the other under a configuration and adds up what changes. */
export class Replayer {
  readonly #decide: Decide
  readonly #flow: Record<string, number> = {}
  readonly #cost = { requests: 0, beforeUsd: 0, afterUsd: 0 }
  #requests = 0
  #skipped = 0

  constructor(snapshot: Snapshot, classifiers: Classifiers) {
    this.#decide = decider(snapshot, classifiers)
  }

  get result(): Replay {
    return {
      requests: this.#requests,
      skipped: this.#skipped,
      flow: this.#flow,
      cost: this.#cost,
    }
  }

  /** Null where the request cannot be replayed. */
  async add(
    row: StoredExchange,
    body: Uint8Array | null,
  ): Promise<{ readonly from: string; readonly to: string } | null> {
    const routed = await this.#decide(body)
    if (routed === null) {
      this.#skipped++
      return null
    }
    this.#requests++
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

type Routed = { readonly tier: Tier | 'pinned'; readonly price: Price | null }
type Decide = (body: Uint8Array | null) => Promise<Routed | null>

function decider(snapshot: Snapshot, classifiers: Classifiers): Decide {
  // Nothing is asked while replaying: what would ask decides as far as it can alone.
  const offline = { ...classifiers, cascade: classifiers.local, llm: null }
  const health = new HealthRegistry(systemClock)
  return async (body) => {
    const parsed = body === null ? null : parseChatRequest(Buffer.from(body))
    if (parsed === null || parsed.kind !== 'chat') return null
    if (resolveModel(snapshot, parsed.request.model).kind !== 'auto') return null
    const { signal } = new AbortController()
    const { verdict } = await classify(snapshot, offline, intentOf(parsed.request), () => signal)
    const plan = planTier(snapshot, { tier: verdict.tier, reason: verdict.by }, health, () => 0)
    return { tier: plan.tier, price: plan.endpoints[0]?.price ?? null }
  }
}

function costAt({ input, output, cachedInput }: Price, usage: Usage): number {
  const fresh = Math.max(0, usage.promptTokens - usage.cachedTokens)
  return (fresh * input + usage.cachedTokens * cachedInput + usage.completionTokens * output) / 1e6
}
