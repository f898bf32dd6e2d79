import type { Exchange, Usage } from '../contract/exchange.ts'
import { type RowCost, spentUsd } from '../contract/exchange-row.ts'
import { Counter, Histogram } from './prometheus.ts'

/** Values that are read when somebody asks. */
export interface Gauges {
  readonly version: string
  readonly inflight: () => number
  readonly logQueue: () => number
  readonly health: () => readonly { readonly endpoint: string; readonly score: number }[]
}

const LATENCY_S = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
]

/**
 * Counters of the data plane for GET /metrics. Labels hold configured names only: what a client
 * writes into `model` never becomes a label, so their number stays bounded.
 */
export class Metrics {
  readonly #requests = new Counter('smartroute_requests_total', 'Requests by how they ended.', [
    'tier',
    'provider',
    'model',
    'outcome',
  ])
  readonly #duration = new Histogram(
    'smartroute_request_duration_seconds',
    'Duration of requests.',
    LATENCY_S,
  )
  readonly #firstToken = new Histogram(
    'smartroute_time_to_first_token_seconds',
    'Time to the first content.',
    LATENCY_S,
  )
  readonly #overhead = new Histogram(
    'smartroute_gateway_overhead_seconds',
    'Time spent in the gateway itself.',
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 1],
  )
  readonly #attempts = new Counter(
    'smartroute_upstream_attempts_total',
    'Upstream calls by outcome.',
    ['provider', 'model', 'outcome'],
  )
  readonly #fallbacks = new Counter(
    'smartroute_fallbacks_total',
    'Requests answered by another model after a failure.',
    ['to'],
  )
  readonly #decisions = new Counter(
    'smartroute_classifier_decisions_total',
    'Tier decisions by what made them.',
    ['kind', 'tier'],
  )
  readonly #tokens = new Counter('smartroute_tokens_total', 'Tokens as providers reported them.', [
    'type',
  ])
  readonly #cost = new Counter(
    'smartroute_cost_usd_total',
    'Cost of answers, and of asking a model for the tier, where a price is known.',
    [],
  )
  readonly #saved = new Counter(
    'smartroute_saved_usd_total',
    'Saved against sending everything to the first T3 model.',
    [],
  )
  readonly #dropped = new Counter('smartroute_log_dropped_total', 'What the log could not keep.', [
    'kind',
  ])
  readonly #reloads = new Counter(
    'smartroute_config_reload_total',
    'Configuration reloads by result.',
    ['result'],
  )

  count(exchange: Exchange, cost: RowCost): void {
    const { route, served, attempts, usage, timings, errorCode } = exchange
    const [provider, model] = splitId(served)
    this.#requests.add([route.tier ?? '', provider, model, errorCode ?? 'ok'])
    this.#duration.observe(timings.totalMs / 1000)
    this.#overhead.observe(timings.gatewayMs / 1000)
    if (timings.firstTokenMs !== null) this.#firstToken.observe(timings.firstTokenMs / 1000)
    for (const attempt of attempts)
      this.#attempts.add([attempt.provider, attempt.model, attempt.outcome])
    if (served !== null && attempts.length > 1) this.#fallbacks.add([served])
    if (route.reason !== null) this.#decisions.add([firstWord(route.reason), route.tier ?? ''])
    for (const used of [usage, route.classifier?.usage]) if (used) this.#countTokens(used)
    this.#countMoney(cost)
  }

  #countMoney(cost: RowCost): void {
    const spent = spentUsd(cost)
    const { savedUsd } = cost
    if (spent !== null) this.#cost.add([], spent)
    if (savedUsd !== null && savedUsd > 0) this.#saved.add([], savedUsd)
  }

  #countTokens(usage: Usage): void {
    this.#tokens.add(['input'], usage.promptTokens)
    this.#tokens.add(['output'], usage.completionTokens)
    if (usage.cachedTokens > 0) this.#tokens.add(['cache_read'], usage.cachedTokens)
    if (usage.reasoningTokens > 0) this.#tokens.add(['reasoning'], usage.reasoningTokens)
  }

  dropRow(count = 1): void {
    this.#dropped.add(['row'], count)
  }

  dropBodies(count = 1): void {
    this.#dropped.add(['bodies'], count)
  }

  countReload(result: 'applied' | 'refused'): void {
    this.#reloads.add([result])
  }

  dropped(): { readonly rows: number; readonly bodies: number } {
    return { rows: this.#dropped.read(['row']), bodies: this.#dropped.read(['bodies']) }
  }

  /** The Prometheus text format, version 0.0.4. */
  render(gauges: Gauges): string {
    const health = new Counter(
      'smartroute_model_health_score',
      'Health of an endpoint, 0 to 1.',
      ['endpoint'],
      'gauge',
    )
    for (const { endpoint, score } of gauges.health()) health.add([endpoint], score)
    const build = new Counter(
      'smartroute_build_info',
      'Version of the gateway.',
      ['version'],
      'gauge',
    )
    build.add([gauges.version])
    const inflight = new Counter(
      'smartroute_inflight_requests',
      'Requests being served.',
      [],
      'gauge',
    )
    inflight.add([], gauges.inflight())
    const queue = new Counter(
      'smartroute_log_queue_depth',
      'Rows on their way to the log.',
      [],
      'gauge',
    )
    queue.add([], gauges.logQueue())
    const all = [
      this.#requests,
      this.#duration,
      this.#firstToken,
      this.#overhead,
      this.#attempts,
      this.#fallbacks,
      this.#decisions,
      this.#tokens,
      this.#cost,
      this.#saved,
      this.#dropped,
      this.#reloads,
      health,
      build,
      inflight,
      queue,
    ]
    return all.map((metric) => metric.render()).join('')
  }
}

function splitId(served: string | null): [provider: string, model: string] {
  if (served === null) return ['', '']
  const slash = served.indexOf('/')
  return [served.slice(0, slash), served.slice(slash + 1)]
}

function firstWord(reason: string): string {
  const end = reason.indexOf(';')
  return end < 0 ? reason : reason.slice(0, end)
}
