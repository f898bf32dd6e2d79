import type { LogDetail, LogRow } from '../contract/api/shapes.ts'
import type { AttemptRecord, Exchange, Usage } from '../contract/exchange.ts'
import { type RowCost, spentUsd, type StoredExchange } from '../contract/exchange-row.ts'
import type { StoredBodies } from '../storage/log-store.ts'

type Json = LogDetail['request']
type Viewed = Omit<StoredExchange, 'responseKind'>

const DEPTH_MAX = 1_000

/** A row of the log as the API shows it. */
export function logRow(exchange: Viewed): LogRow {
  const { timings } = exchange
  return {
    id: exchange.id,
    at: exchange.at,
    time: new Date(exchange.at).toISOString(),
    method: exchange.method,
    path: exchange.path,
    client: exchange.clientAddress,
    user_agent: exchange.userAgent,
    key: exchange.keyName,
    asked: exchange.asked,
    model: exchange.served,
    tier: exchange.route.tier,
    reason: exchange.route.reason,
    stream: exchange.stream,
    status: exchange.status,
    error:
      exchange.errorCode === null
        ? null
        : { code: exchange.errorCode, message: exchange.errorMessage },
    finish_reason: exchange.finishReason,
    attempts: exchange.attempts.map(attemptView),
    usage: usageView(exchange.usage),
    cost_usd: spentUsd(exchange),
    saved_usd: exchange.savedUsd,
    total_ms: round(timings.totalMs),
    first_token_ms: timings.firstTokenMs === null ? null : round(timings.firstTokenMs),
    timings: {
      read_ms: round(timings.readMs),
      route_ms: round(timings.routeMs),
      upstream_ms: round(timings.upstreamMs),
      gateway_ms: round(timings.gatewayMs),
    },
    request_bytes: exchange.requestBytes,
    response_bytes: exchange.responseBytes,
    revision: exchange.revision,
  }
}

/** The same for an exchange that has just finished. */
export function liveRow(exchange: Exchange, cost: RowCost): LogRow {
  const { requestBytes, responseBytes } = exchange.bodies
  return logRow({ ...exchange, ...cost, requestBytes, responseBytes })
}

/** The whole exchange: bodies as JSON, a stream put together into one completion. */
export function logDetail(
  exchange: StoredExchange,
  bodies: StoredBodies,
  assembleStream: (pieces: readonly Uint8Array[]) => unknown,
): LogDetail {
  const request = parsed(bodies.request)
  const stream = exchange.responseKind === 'sse' && bodies.response !== null
  const response = stream ? assembled(bodies.response, assembleStream) : parsed(bodies.response)
  const { classifier, ask } = exchange.route
  return {
    ...logRow(exchange),
    request_headers: headersView(exchange.headers?.request),
    response_headers: headersView(exchange.headers?.response),
    pace: paceView(exchange.pace),
    feedback: null,
    request: request.json,
    sent: withChanges(request.json, exchange.attempts.at(-1)),
    response: response.json,
    ...(request.raw === null ? {} : { request_raw: request.raw }),
    ...(response.raw === null ? {} : { response_raw: response.raw }),
    ask: ask ?? classifier?.ask ?? null,
    classifier: classifier === null ? null : { ...classifier, usage: usageView(classifier.usage) },
  }
}

/** Rows of earlier versions have none. */
function headersView(text: string | undefined): Record<string, string> | null {
  if (text === undefined || text === '') return null
  return Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      }),
  )
}

function paceView(pace: readonly number[] | null | undefined): LogDetail['pace'] {
  if (pace === null || pace === undefined) return null
  return Array.from({ length: pace.length / 2 }, (_, index) => [
    pace[index * 2] ?? 0,
    pace[index * 2 + 1] ?? 0,
  ])
}

function attemptView(attempt: AttemptRecord): LogRow['attempts'][number] {
  return {
    // Rows of earlier versions have none of these.
    key: attempt.key ?? null,
    waited_ms: round(attempt.waitedMs ?? 0),
    resumed: attempt.resumed ?? false,
    provider: attempt.provider,
    model: attempt.model,
    outcome: attempt.outcome,
    next: attempt.next,
    status: attempt.status,
    connect_ms: attempt.connectMs === null ? null : round(attempt.connectMs),
    first_token_ms: attempt.firstTokenMs === null ? null : round(attempt.firstTokenMs),
    total_ms: round(attempt.totalMs),
    error: attempt.error,
    changes: changesView(attempt),
  }
}

function changesView({ changes }: AttemptRecord): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(changes).map(([name, json]) => [
      name,
      json === null ? null : (JSON.parse(json) as Json),
    ]),
  )
}

function withChanges(request: Json, attempt: AttemptRecord | undefined): Json {
  if (attempt === undefined || typeof request !== 'object' || request === null) return null
  const sent = new Map(Object.entries(request as Record<string, Json>))
  for (const [name, value] of Object.entries(changesView(attempt))) {
    if (attempt.changes[name] === null) sent.delete(name)
    else sent.set(name, value)
  }
  return Object.fromEntries(sent)
}

function usageView(usage: Usage | null): LogRow['usage'] {
  if (usage === null) return null
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.totalTokens,
    cached_tokens: usage.cachedTokens,
    reasoning_tokens: usage.reasoningTokens,
  }
}

function parsed(bytes: Uint8Array | null): { json: Json; raw: string | null } {
  if (bytes === null) return { json: null, raw: null }
  const text = Buffer.from(bytes).toString('utf8')
  if (isDeep(text)) return { json: null, raw: text }
  try {
    return { json: JSON.parse(text) as Json, raw: null }
  } catch {
    return { json: null, raw: text }
  }
}

function assembled(
  bytes: Uint8Array,
  assembleStream: (pieces: readonly Uint8Array[]) => unknown,
): { json: Json; raw: string | null } {
  const text = Buffer.from(bytes).toString('utf8')
  if (isDeep(text)) return { json: null, raw: text }
  return { json: assembleStream([bytes]) as Json, raw: null }
}

/** Nested so deeply that writing it as JSON again would end the stack. */
function isDeep(text: string): boolean {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 0x5b || code === 0x7b) depth++
    else if (code === 0x5d || code === 0x7d) depth--
    if (depth > DEPTH_MAX) return true
  }
  return false
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100
}
