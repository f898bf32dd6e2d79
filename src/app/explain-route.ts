import { type Classifier, classifyByRules, type Intent, intentOf } from '../classify/classifier.ts'
import { matchedBy, matchRule } from '../classify/rules.ts'
import { LocalClassifier } from '../classify/local-classifier.ts'
import type { Endpoint, Snapshot } from '../config/snapshot.ts'
import type { RouteExplanation, RouteInput } from '../contract/api/shapes.ts'
import type { Tier } from '../contract/tier.ts'
import { parseChatRequest } from '../dialect/chat-request.ts'
import type { GatewayDeps } from '../gateway/gateway-deps.ts'
import { filledTiers, planPinned, planTier } from '../routing/plan.ts'
import type { HealthView } from '../resilience/endpoint-state.ts'
import { resolveModel } from '../routing/requested-model.ts'

/** The parts of the data plane that decide. */
export type DecidingDeps = Pick<GatewayDeps, 'current' | 'classifiers' | 'clock' | 'random'> & {
  readonly health: HealthView
}

/**
 * A dry run of the decision: every classifier's verdict, and the models that would be tried. The
 * LLM classifier is asked, no chat model is.
 */
export async function explainRoute(
  deps: DecidingDeps,
  input: RouteInput,
): Promise<RouteExplanation> {
  const snapshot = deps.current()
  const model = input.model ?? 'auto'
  const messages = input.messages ?? [{ role: 'user', content: input.text ?? '' }]
  const parsed = parseChatRequest(Buffer.from(JSON.stringify({ model, messages })))
  const intent = intentOf(parsed.kind === 'chat' ? parsed.request : { conversation: () => [] })
  const verdicts = await allVerdicts(deps, intent)
  const wanted = resolveModel(snapshot, model)
  const text = intent.ask().said
  if (wanted.kind === 'endpoint' || wanted.kind === 'unknown') {
    const endpoints =
      wanted.kind === 'endpoint' ? planPinned(snapshot, wanted.endpoint).endpoints : []
    const reason = wanted.kind === 'endpoint' ? 'pinned' : 'model_not_found'
    return { tier: 'pinned', reason, text, verdicts, candidates: candidates(deps, endpoints) }
  }
  const chosen =
    wanted.kind === 'tier' ? { tier: wanted.tier, reason: 'pinned' } : decide(snapshot, verdicts)
  const plan = planTier(snapshot, chosen, deps.health, deps.random)
  const { tier, reason, endpoints } = plan
  return { tier, reason, text, verdicts, candidates: candidates(deps, endpoints) }
}

function decide(
  snapshot: Snapshot,
  verdicts: RouteExplanation['verdicts'],
): { tier: Tier; reason: string } {
  const { routing } = snapshot
  if (!routing.enabled) return { tier: filledTiers(snapshot)[0] ?? 't2', reason: 'random' }
  const decided = verdicts.find((verdict) => verdict.tier !== null)
  return { tier: decided?.tier ?? routing.fallbackTier, reason: decided?.by ?? 'fallback' }
}

async function allVerdicts(
  deps: DecidingDeps,
  intent: Intent,
): Promise<RouteExplanation['verdicts']> {
  const snapshot = deps.current()
  const startedAt = deps.clock.now()
  const rule = classifyByRules(snapshot, intent)
  const ruleMs = deps.clock.now() - startedAt
  const found = matchRule(snapshot.routing.rules, intent)
  const match = found === null ? null : matchedBy(found, intent)
  const verdicts: RouteExplanation['verdicts'] = [
    {
      by: 'rule',
      tier: rule?.tier ?? null,
      detail: rule?.detail ?? null,
      ms: ruleMs,
      ...(match === null ? {} : { matched: [match] }),
    },
  ]
  for (const [by, classifier] of Object.entries(deps.classifiers)) {
    if (classifier === null || (by === 'llm' && snapshot.routing.llm === null)) continue
    verdicts.push(await opinionOf(by, classifier, snapshot, intent))
  }
  return verdicts
}

async function opinionOf(
  by: string,
  classifier: Classifier,
  snapshot: Snapshot,
  intent: Intent,
): Promise<RouteExplanation['verdicts'][number]> {
  const { signal } = new AbortController()
  const { verdict, record } = await classifier.classify(snapshot, intent, signal)
  const detail = record?.error ?? record?.answer ?? null
  const probabilities =
    classifier instanceof LocalClassifier ? classifier.vote(snapshot, intent).probabilities : null
  return {
    by,
    tier: verdict?.tier ?? null,
    detail,
    ms: record?.ms ?? 0,
    ...(probabilities === null ? {} : { probabilities: [...probabilities] }),
  }
}

function candidates(
  deps: DecidingDeps,
  endpoints: readonly Endpoint[],
): RouteExplanation['candidates'] {
  return endpoints.map((endpoint) => {
    const { state, score, cooldownMs } = deps.health.read(endpoint)
    return { endpoint: endpoint.id, state, score, cooldown_ms: Math.round(cooldownMs) }
  })
}
