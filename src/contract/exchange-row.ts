import type { AttemptRecord, Changes, Exchange, Outcome, NextAction, Usage } from './exchange.ts'

/**
 * An exchange on its way to the log's thread: a flat array, because structured cloning of a flat
 * array costs a third of that of nested objects. The bodies of a batch travel in one buffer.
 */
export type ExchangeRow = readonly (readonly unknown[] | null)[]

export interface ExchangeBatch {
  readonly rows: readonly ExchangeRow[]
  /** Request and response bytes of every row, in order. */
  readonly bodies: ArrayBuffer
  /** How much of the buffer is used: it may be a larger one that served before. */
  readonly bytes: number
}

/** What a row costs and saves, in USD; null where no price is known. */
export interface RowCost {
  /** Of the answer. */
  readonly costUsd: number | null
  /** What the judge cost is taken off. */
  readonly savedUsd: number | null
  /** Of the model that was asked for the tier; absent where none cost anything, and in old rows. */
  readonly judgeUsd?: number
}

/** What a request cost in all. */
export function spentUsd({
  costUsd,
  judgeUsd,
}: Pick<RowCost, 'costUsd' | 'judgeUsd'>): number | null {
  return judgeUsd === undefined ? costUsd : (costUsd ?? 0) + judgeUsd
}

/** An exchange without its bodies, as the log stores it. */
export interface StoredExchange extends Omit<Exchange, 'bodies'>, RowCost {
  readonly responseKind: 'json' | 'sse' | 'none'
  readonly requestBytes: number
  readonly responseBytes: number
}

export function encodeRow(exchange: Exchange, cost: RowCost, withBodies: boolean): ExchangeRow {
  const { route, timings, usage, bodies } = exchange
  const kept = withBodies && bodies.response !== null ? responseLength(bodies.response) : -1
  return [
    [
      exchange.id,
      exchange.at,
      exchange.method,
      exchange.path,
      exchange.clientAddress,
      exchange.userAgent,
      exchange.keyName,
      exchange.asked,
      exchange.stream,
      exchange.revision,
    ],
    [route.tier, route.reason, route.classifier, route.ask ?? null],
    [
      exchange.served,
      exchange.status,
      exchange.errorCode,
      exchange.errorMessage,
      exchange.finishReason,
      cost.costUsd,
      cost.savedUsd,
      cost.judgeUsd,
    ],
    usage === null
      ? null
      : [
          usage.promptTokens,
          usage.completionTokens,
          usage.totalTokens,
          usage.cachedTokens,
          usage.reasoningTokens,
        ],
    [
      timings.readMs,
      timings.routeMs,
      timings.upstreamMs,
      timings.firstTokenMs,
      timings.totalMs,
      timings.gatewayMs,
    ],
    [
      bodies.responseKind,
      bodies.requestBytes,
      bodies.responseBytes,
      withBodies ? (bodies.request?.byteLength ?? -1) : -1,
      kept,
    ],
    exchange.attempts.map(encodeAttempt),
    [exchange.headers.request, exchange.headers.response, exchange.pace],
  ]
}

export function responseLength(pieces: readonly Uint8Array[]): number {
  let length = 0
  for (const piece of pieces) length += piece.byteLength
  return length
}

function encodeAttempt(attempt: AttemptRecord): readonly unknown[] {
  return [
    attempt.provider,
    attempt.model,
    attempt.outcome,
    attempt.next,
    attempt.status,
    attempt.connectMs,
    attempt.firstTokenMs,
    attempt.totalMs,
    attempt.error,
    attempt.changes,
    attempt.key,
    attempt.waitedMs,
    attempt.resumed,
  ]
}

/** The reverse; the two lengths are those of the kept bodies, -1 where none is kept. */
export function decodeRow(row: ExchangeRow): {
  readonly exchange: StoredExchange
  readonly requestLength: number
  readonly responseLength: number
} {
  // Written by encodeRow in this same version: both ends are one process.
  const [who, route, result, usage, timings, sizes, attempts, wire] = row as unknown as Groups
  const [id, at, method, path, clientAddress, userAgent, keyName, asked, stream, revision] = who
  const [tier, reason, classifier, ask] = route
  const [served, status, errorCode, errorMessage, finishReason, costUsd, savedUsd] = result
  const judgeUsd = result[7]
  const [responseKind, requestBytes, responseBytes, requestLength, keptResponse] = sizes
  const identity = {
    id,
    at,
    method,
    path,
    clientAddress,
    userAgent,
    keyName,
    asked,
    stream,
    revision,
  }
  const outcome = { served, status, errorCode, errorMessage, finishReason, costUsd, savedUsd }
  const exchange: StoredExchange = {
    ...identity,
    ...outcome,
    ...(judgeUsd === undefined ? {} : { judgeUsd }),
    route: { tier, reason, classifier, ask },
    usage: usage === null ? null : decodeUsage(usage),
    timings: decodeTimings(timings),
    responseKind,
    requestBytes,
    responseBytes,
    attempts: attempts.map(decodeAttempt),
    headers: { request: wire[0], response: wire[1] },
    pace: wire[2],
  }
  return { exchange, requestLength, responseLength: keptResponse }
}

function decodeUsage(fields: readonly [number, number, number, number, number]): Usage {
  const [promptTokens, completionTokens, totalTokens, cachedTokens, reasoningTokens] = fields
  return { promptTokens, completionTokens, totalTokens, cachedTokens, reasoningTokens }
}

function decodeTimings(fields: TimingFields): Exchange['timings'] {
  const [readMs, routeMs, upstreamMs, firstTokenMs, totalMs, gatewayMs] = fields
  return { readMs, routeMs, upstreamMs, firstTokenMs, totalMs, gatewayMs }
}

function decodeAttempt(fields: AttemptFields): AttemptRecord {
  const [provider, model, outcome, next, status, connectMs, firstTokenMs, totalMs] = fields
  const [error, changes, key, waitedMs, resumed] = fields.slice(8) as Tail
  return {
    provider,
    model,
    outcome,
    next,
    status,
    connectMs,
    firstTokenMs,
    totalMs,
    error,
    changes,
    key,
    waitedMs,
    resumed,
  }
}

type Tail = [string | null, Changes, number | null, number, boolean]

type AttemptFields = [
  string,
  string,
  Outcome,
  NextAction,
  number | null,
  number | null,
  number | null,
  number,
  ...Tail,
]

type TimingFields = readonly [number, number, number, number | null, number, number]

type Groups = [
  who: [
    id: string,
    at: number,
    method: string,
    path: string,
    clientAddress: string,
    userAgent: string,
    keyName: string | null,
    asked: string | null,
    stream: boolean,
    revision: string,
  ],
  route: [Exchange['route']['tier'], string | null, Exchange['route']['classifier'], string | null],
  result: [
    served: string | null,
    status: number,
    errorCode: string | null,
    errorMessage: string | null,
    finishReason: string | null,
    costUsd: number | null,
    savedUsd: number | null,
    judgeUsd: number | undefined,
  ],
  usage: [number, number, number, number, number] | null,
  timings: TimingFields,
  sizes: ['json' | 'sse' | 'none', number, number, number, number],
  attempts: AttemptFields[],
  wire: [request: string, response: string, pace: readonly number[] | null],
]
