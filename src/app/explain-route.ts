import {
  type Classifier,
  classifyByRules,
  type Intent,
  intentOf,
  type Verdict,
} from '../classify/classifier.ts'
import { matchedWords, matchRule } from '../classify/rules.ts'
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
  const opinions = await allOpinions(deps, intent)
  const verdicts = opinions.map(({ shown }) => shown)
  const wanted = resolveModel(snapshot, model)
  const text = intent.ask().said
  if (wanted.kind === 'endpoint' || wanted.kind === 'unknown') {
    const endpoints =
      wanted.kind === 'endpoint' ? planPinned(snapshot, wanted.endpoint).endpoints : []
    const reason = wanted.kind === 'endpoint' ? 'pinned' : 'model_not_found'
    return { tier: 'pinned', reason, text, verdicts, candidates: candidates(deps, endpoints) }
  }
  const chosen =
    wanted.kind === 'tier' ? { tier: wanted.tier, reason: 'pinned' } : decide(snapshot, opinions)
  const plan = planTier(snapshot, chosen, deps.health, deps.random)
  const { tier, reason, endpoints } = plan
  return { tier, reason, text, verdicts, candidates: candidates(deps, endpoints) }
}

/** What one classifier says, and how it is shown. */
interface Said {
  readonly verdict: Verdict | null
  readonly shown: RouteExplanation['verdicts'][number]
}

/** As the gateway decides: by a rule, else by the classifier that is configured, else nobody did. */
function decide(snapshot: Snapshot, opinions: readonly Said[]): { tier: Tier; reason: string } {
  const { routing } = snapshot
  if (!routing.enabled) return { tier: filledTiers(snapshot)[0] ?? 't2', reason: 'random' }
  const verdictOf = (name: string): Verdict | null =>
    opinions.find(({ shown }) => shown.by === name)?.verdict ?? null
  const decided = verdictOf('rule') ?? verdictOf(routing.classifier)
  return { tier: decided?.tier ?? routing.fallbackTier, reason: decided?.by ?? 'fallback' }
}

async function allOpinions(deps: DecidingDeps, intent: Intent): Promise<readonly Said[]> {
  const snapshot = deps.current()
  const opinions = [ruleOpinion(deps, intent)]
  for (const [by, classifier] of Object.entries(deps.classifiers)) {
    if (classifier === null || (by === 'llm' && snapshot.routing.llm === null)) continue
    opinions.push(await opinionOf(by, classifier, snapshot, intent))
  }
  return opinions
}

function ruleOpinion({ current, clock }: DecidingDeps, intent: Intent): Said {
  const startedAt = clock.now()
  const verdict = classifyByRules(current(), intent)
  const ms = clock.now() - startedAt
  const rule = matchRule(current().routing.rules, intent)
  const matched = rule === null ? {} : { matched: [...matchedWords(rule, intent)] }
  const { tier = null, detail = null } = verdict ?? {}
  return { verdict, shown: { by: 'rule', tier, detail, ms, ...matched } }
}

async function opinionOf(
  by: string,
  classifier: Classifier,
  snapshot: Snapshot,
  intent: Intent,
): Promise<Said> {
  const { signal } = new AbortController()
  const { verdict, record } = await classifier.classify(snapshot, intent, signal)
  const detail = record?.error ?? record?.answer ?? null
  const { tier = null } = verdict ?? {}
  const shown: Said['shown'] = { by, tier, detail, ms: record?.ms ?? 0 }
  if (!(classifier instanceof LocalClassifier)) return { verdict, shown }
  const [t1, t2, t3] = classifier.vote(snapshot, intent).probabilities
  return { verdict, shown: { ...shown, probabilities: [t1, t2, t3] } }
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
