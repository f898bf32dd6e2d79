import {
  type Classifier,
  classifyByRules,
  type Intent,
  intentOf,
  type Opinion,
  type Verdict,
} from '../classify/classifier.ts'
import { matchedWords, matchRule } from '../classify/rules.ts'
import { LocalClassifier } from '../classify/local-classifier.ts'
import type { Endpoint, Snapshot } from '../config/snapshot.ts'
import type { RouteExplanation, RouteInput } from '../contract/api/shapes.ts'
import type { Tier } from '../contract/tier.ts'
import { parseChatRequest } from '../dialect/chat-request.ts'
import type { GatewayDeps } from '../gateway/gateway-deps.ts'
import { type Needs, needsOf } from '../routing/needs.ts'
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
  const { intent, needs } = read(input)
  const opinions = await allOpinions(deps, intent)
  const verdicts = opinions.map(({ shown }) => shown)
  const wanted = resolveModel(snapshot, input.model || 'auto')
  const text = intent.ask().said
  if (wanted.kind === 'endpoint' || wanted.kind === 'unknown') {
    const endpoints =
      wanted.kind === 'endpoint' ? planPinned(snapshot, wanted.endpoint).endpoints : []
    const reason = wanted.kind === 'endpoint' ? 'pinned' : 'model_not_found'
    return { tier: 'pinned', reason, text, verdicts, candidates: candidates(deps, endpoints) }
  }
  const chosen =
    wanted.kind === 'tier'
      ? { tier: wanted.tier, reason: 'pinned' }
      : { ...decide(snapshot, opinions), needs }
  const plan = planTier(snapshot, chosen, deps.health, deps.random)
  const { tier, reason, endpoints } = plan
  return { tier, reason, text, verdicts, candidates: candidates(deps, endpoints) }
}

/** The request as a gateway would read it; the model it names is no part of what it says. */
function read({ text = '', messages = [], tools }: RouteInput): { intent: Intent; needs: Needs } {
  const said = messages.length > 0 ? messages : [{ role: 'user', content: text }]
  const bytes = Buffer.from(JSON.stringify({ model: 'auto', messages: said, tools }))
  const parsed = parseChatRequest(bytes)
  const intent = intentOf(parsed.kind === 'chat' ? parsed.request : { conversation: () => [] })
  return { intent, needs: needsOf(bytes) }
}

/** What one classifier says, and how it is shown. */
interface Said {
  readonly verdict: Verdict | null
  /** It had an error instead of an answer. */
  readonly isFailed: boolean
  readonly shown: RouteExplanation['verdicts'][number]
}

/** As the gateway decides: by a rule, else by the classifier that is configured, else nobody did. */
function decide(snapshot: Snapshot, opinions: readonly Said[]): { tier: Tier; reason: string } {
  const { routing } = snapshot
  if (!routing.enabled) return { tier: filledTiers(snapshot)[0] ?? 't2', reason: 'random' }
  const said = (name: string): Said | undefined => opinions.find(({ shown }) => shown.by === name)
  const decided = said('rule')?.verdict ?? said(routing.classifier)?.verdict ?? null
  if (decided !== null) return { tier: decided.tier, reason: reasonOf(decided) }
  const isFailed = said(routing.classifier)?.isFailed === true
  return {
    tier: routing.fallbackTier,
    reason: isFailed ? 'fallback; classifier_failed' : 'fallback',
  }
}

function reasonOf({ by, detail }: Verdict): string {
  return detail === null ? by : `${by}; ${detail}`
}

async function allOpinions(deps: DecidingDeps, intent: Intent): Promise<readonly Said[]> {
  const snapshot = deps.current()
  const { local, llm, cascade } = deps.classifiers
  const ask = (classifier: Classifier | null): Promise<Opinion> | null =>
    classifier?.classify(snapshot, intent, new AbortController().signal) ?? null
  const own = await ask(local)
  const cascaded = await ask(cascade)
  const judged =
    snapshot.routing.llm === null ? null : (heardFrom(snapshot, cascaded) ?? (await ask(llm)))
  return [
    ruleOpinion(deps, intent),
    ...saidBy('local', own),
    ...saidBy('llm', judged),
    ...saidBy('cascade', cascaded),
  ].map((said) => withShares(said, deps, intent))
}

/** What a cascade has just heard from the language model: asking it again would be paid for again. */
function heardFrom({ routing }: Snapshot, cascaded: Opinion | null): Opinion | null {
  const { verdict = null, record = null } = cascaded ?? {}
  if (record === null || record.model !== routing.llm?.endpoint.id) return null
  const isItsOwn = verdict?.by === 'llm'
  return { verdict: isItsOwn ? { tier: verdict.tier, by: 'llm', detail: null } : null, record }
}

function ruleOpinion({ current, clock }: DecidingDeps, intent: Intent): Said {
  const startedAt = clock.now()
  const verdict = classifyByRules(current(), intent)
  const ms = clock.now() - startedAt
  const rule = matchRule(current().routing.rules, intent)
  const matched = rule === null ? {} : { matched: [...matchedWords(rule, intent)] }
  const { tier = null, detail = null } = verdict ?? {}
  return { verdict, isFailed: false, shown: { by: 'rule', tier, detail, ms, ...matched } }
}

function saidBy(by: string, opinion: Opinion | null): readonly Said[] {
  if (opinion === null) return []
  const { verdict, record } = opinion
  const isFailed = record !== null && record.error !== null
  const detail = record?.error ?? record?.answer ?? null
  return [
    { verdict, isFailed, shown: { by, tier: verdict?.tier ?? null, detail, ms: record?.ms ?? 0 } },
  ]
}

/** The local model also says how sure it is of each tier. */
function withShares(said: Said, deps: DecidingDeps, intent: Intent): Said {
  const { local } = deps.classifiers
  if (said.shown.by !== 'local' || !(local instanceof LocalClassifier)) return said
  const [t1, t2, t3] = local.vote(deps.current(), intent).probabilities
  return { ...said, shown: { ...said.shown, probabilities: [t1, t2, t3] } }
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
