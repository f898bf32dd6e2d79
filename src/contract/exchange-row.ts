import type { AttemptRecord, Changes, Exchange, Outcome, NextAction } from './exchange.ts'

/**
 * An exchange on its way to the log's thread: a flat array, because structured cloning of a flat
 * array costs a third of that of nested objects. The bodies of a batch travel in one buffer.
 */
export type ExchangeRow = readonly (
  | string
  | number
  | boolean
  | null
  | readonly unknown[]
  | object
)[]

export interface ExchangeBatch {
  readonly rows: readonly ExchangeRow[]
  /** Request and response bytes of every row, in order. */
  readonly bodies: ArrayBuffer
}

/** What a row costs and saves, in USD; null where no price is known. */
export interface RowCost {
  readonly costUsd: number | null
  readonly savedUsd: number | null
}

/** An exchange without its bodies, as the log stores it. */
export interface StoredExchange extends Omit<Exchange, 'bodies'>, RowCost {
  readonly responseKind: 'json' | 'sse' | 'none'
  readonly requestBytes: number
  readonly responseBytes: number
}

export function encodeRow(exchange: Exchange, cost: RowCost, withBodies: boolean): ExchangeRow {
  const { route, timings, usage, bodies } = exchange
  return [
    exchange.id,
    exchange.at,
    exchange.method,
    exchange.path,
    exchange.clientAddress,
    exchange.userAgent,
    exchange.keyName,
    exchange.asked,
    exchange.stream,
    route.tier,
    route.reason,
    route.classifier,
    exchange.served,
    exchange.status,
    exchange.errorCode,
    exchange.errorMessage,
    exchange.finishReason,
    usage === null
      ? null
      : [
          usage.promptTokens,
          usage.completionTokens,
          usage.totalTokens,
          usage.cachedTokens,
          usage.reasoningTokens,
        ],
    timings.readMs,
    timings.routeMs,
    timings.upstreamMs,
    timings.firstTokenMs,
    timings.totalMs,
    timings.gatewayMs,
    exchange.revision,
    cost.costUsd,
    cost.savedUsd,
    bodies.responseKind,
    bodies.requestBytes,
    bodies.responseBytes,
    withBodies ? (bodies.request?.byteLength ?? -1) : -1,
    withBodies && bodies.response !== null ? responseLength(bodies.response) : -1,
    exchange.attempts.map(encodeAttempt),
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
  ]
}

/** The reverse; the two lengths are those of the kept bodies, -1 where none is kept. */
export function decodeRow(row: ExchangeRow): {
  readonly exchange: StoredExchange
  readonly requestLength: number
  readonly responseLength: number
} {
  // Written by encodeRow in this same version: both ends are one process.
  const [
    id,
    at,
    method,
    path,
    clientAddress,
    userAgent,
    keyName,
    asked,
    stream,
    tier,
    reason,
    classifier,
    served,
    status,
    errorCode,
    errorMessage,
    finishReason,
    usage,
    readMs,
    routeMs,
    upstreamMs,
    firstTokenMs,
    totalMs,
    gatewayMs,
    revision,
    costUsd,
    savedUsd,
    responseKind,
    requestBytes,
    responseBytes,
    requestLength,
    keptResponse,
    attempts,
  ] = row as unknown as Fields
  return {
    requestLength,
    responseLength: keptResponse,
    exchange: {
      id,
      at,
      method,
      path,
      clientAddress,
      userAgent,
      keyName,
      asked,
      stream,
      route: { tier, reason, classifier },
      served,
      status,
      errorCode,
      errorMessage,
      finishReason,
      usage:
        usage === null
          ? null
          : {
              promptTokens: usage[0],
              completionTokens: usage[1],
              totalTokens: usage[2],
              cachedTokens: usage[3],
              reasoningTokens: usage[4],
            },
      timings: { readMs, routeMs, upstreamMs, firstTokenMs, totalMs, gatewayMs },
      revision,
      costUsd,
      savedUsd,
      responseKind,
      requestBytes,
      responseBytes,
      attempts: attempts.map(decodeAttempt),
    },
  }
}

function decodeAttempt(fields: AttemptFields): AttemptRecord {
  const [provider, model, outcome, next, status, connectMs, firstTokenMs, totalMs, error, changes] =
    fields
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
  }
}

type AttemptFields = [
  string,
  string,
  Outcome,
  NextAction,
  number | null,
  number | null,
  number | null,
  number,
  string | null,
  Changes,
]

type Fields = [
  id: string,
  at: number,
  method: string,
  path: string,
  clientAddress: string,
  userAgent: string,
  keyName: string | null,
  asked: string | null,
  stream: boolean,
  tier: Exchange['route']['tier'],
  reason: string | null,
  classifier: Exchange['route']['classifier'],
  served: string | null,
  status: number,
  errorCode: string | null,
  errorMessage: string | null,
  finishReason: string | null,
  usage: [number, number, number, number, number] | null,
  readMs: number,
  routeMs: number,
  upstreamMs: number,
  firstTokenMs: number | null,
  totalMs: number,
  gatewayMs: number,
  revision: string,
  costUsd: number | null,
  savedUsd: number | null,
  responseKind: 'json' | 'sse' | 'none',
  requestBytes: number,
  responseBytes: number,
  requestLength: number,
  responseLength: number,
  attempts: AttemptFields[],
]
