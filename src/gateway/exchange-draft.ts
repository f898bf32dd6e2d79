import type { Exchange, ExchangeBodies, NextAction, RouteRecord } from '../contract/exchange.ts'
import type { Clock } from '../kit/clock.ts'
import { headerText } from '../kit/header-text.ts'
import { newId } from '../kit/id.ts'
import { redact } from '../kit/redact.ts'
import type { Inbound } from '../transport/transport.ts'
import type { AttemptResult } from '../upstream/attempt-result.ts'
import type { ClientError } from './render-error.ts'

const ERROR_CHARS_MAX = 1_024
const NO_ROUTE: RouteRecord = { tier: null, reason: null, classifier: null }

/**
 * The record of one request while it runs: filled step by step by the data plane alone, turned
 * into an Exchange exactly once.
 */
export class ExchangeDraft {
  readonly id: string
  readonly startedAt: number
  readonly #clock: Clock
  readonly #inbound: Inbound
  readonly #at: number
  keyName: string | null = null
  asked: string | null = null
  stream = false
  route: RouteRecord = NO_ROUTE
  attempts: readonly AttemptResult[] = []
  status = 0
  error: ClientError | null = null
  requestBody: Buffer | null = null
  requestBytes = 0
  response: {
    readonly kind: 'json' | 'sse'
    readonly pieces: Buffer[]
    readonly bytes: number
  } | null = null
  /** Monotonic marks. */
  readAt: number
  routedAt: number
  /** Of a stream, see Exchange. */
  pace: readonly number[] | null = null
  /** Pauses between two attempts. */
  pausedMs = 0

  constructor(clock: Clock, inbound: Inbound) {
    this.#clock = clock
    this.#inbound = inbound
    this.#at = clock.wall()
    this.startedAt = clock.now()
    this.readAt = this.startedAt
    this.routedAt = this.startedAt
    this.id = newId(this.#at)
  }

  elapsed(): number {
    return this.#clock.now() - this.startedAt
  }

  /** Milliseconds spent waiting for providers. */
  upstreamMs(): number {
    return this.attempts.reduce((sum, attempt) => sum + attempt.totalMs, 0)
  }

  finish(revision: string, secrets: readonly string[], bodyBytesMax: number): Exchange {
    const served = this.attempts.findLast(({ outcome, committed }) => outcome === 'ok' || committed)
    const inbound = this.#inbound
    return {
      id: this.id,
      at: this.#at,
      method: inbound.method,
      path: inbound.path,
      clientAddress: inbound.remoteAddress,
      userAgent: inbound.header('user-agent')?.slice(0, 200) ?? '',
      keyName: this.keyName,
      asked: this.asked,
      stream: this.stream,
      route: this.route,
      ...answerOf(served),
      attempts: this.attempts.map((attempt, index) => this.#attempt(attempt, index, secrets)),
      status: this.status,
      errorCode: this.error?.code ?? null,
      errorMessage: this.error?.message ?? null,
      timings: this.#timings(served),
      revision,
      headers: {
        request: headerText(inbound.headers),
        response: headerText(inbound.sentHeaders),
      },
      pace: this.pace,
      bodies: this.#bodies(bodyBytesMax),
    }
  }

  #timings(served: AttemptResult | undefined): Exchange['timings'] {
    const totalMs = this.elapsed()
    const readMs = this.readAt - this.startedAt
    const upstreamMs = this.upstreamMs()
    const elsewhereMs = readMs + upstreamMs + this.pausedMs + (this.route.classifier?.ms ?? 0)
    let firstTokenMs: number | null = null
    if (served !== undefined && served.firstTokenMs !== null) {
      const before = this.attempts.slice(0, this.attempts.indexOf(served))
      const waited = before.reduce((sum, attempt) => sum + attempt.totalMs, this.pausedMs)
      firstTokenMs = this.routedAt - this.startedAt + waited + served.firstTokenMs
    }
    return {
      readMs,
      routeMs: this.routedAt - this.readAt,
      upstreamMs,
      firstTokenMs,
      totalMs,
      gatewayMs: Math.max(0, totalMs - elsewhereMs),
    }
  }

  #attempt(
    attempt: AttemptResult,
    index: number,
    secrets: readonly string[],
  ): Exchange['attempts'][number] {
    const { endpoint, outcome, error } = attempt
    const following = this.attempts[index + 1]
    return {
      provider: endpoint.upstream.id,
      model: endpoint.model,
      outcome,
      next: nextAction(attempt, following),
      status: attempt.status,
      key: endpoint.upstream.apiKeys.length > 1 ? attempt.key + 1 : null,
      waitedMs: attempt.waitedMs,
      resumed: attempt.resumed,
      connectMs: attempt.connectMs,
      firstTokenMs: attempt.firstTokenMs,
      totalMs: attempt.totalMs,
      error: error === null ? null : redact(error.message, secrets).slice(0, ERROR_CHARS_MAX),
      changes: attempt.changes,
    }
  }

  #bodies(bodyBytesMax: number): ExchangeBodies {
    const request = this.requestBody
    return {
      request:
        request !== null && request.length > bodyBytesMax
          ? request.subarray(0, bodyBytesMax)
          : request,
      response: this.response?.pieces ?? null,
      responseKind: this.response?.kind ?? 'none',
      requestBytes: this.requestBytes,
      responseBytes: this.response?.bytes ?? 0,
    }
  }
}

function answerOf(
  served: AttemptResult | undefined,
): Pick<Exchange, 'served' | 'finishReason' | 'usage'> {
  if (served === undefined) return { served: null, finishReason: null, usage: null }
  const { endpoint, finishReason, usage } = served
  return { served: endpoint.id, finishReason, usage }
}

function nextAction(attempt: AttemptResult, following: AttemptResult | undefined): NextAction {
  if (attempt.outcome === 'ok') return 'done'
  if (following === undefined) return 'fail'
  if (following.resumed) return 'resume'
  if (following.endpoint !== attempt.endpoint) return 'next_model'
  if (following.key !== attempt.key) return 'next_key'
  return attempt.outcome === 'rate' && following.waitedMs > 0 ? 'wait' : 'retry_same'
}
