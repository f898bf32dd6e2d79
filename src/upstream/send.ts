import type { Endpoint, Param, TimeLimits } from '../config/snapshot.ts'
import type { Outcome } from '../contract/exchange.ts'
import type { ChatRequest } from '../dialect/chat-request.ts'
import { readErrorText } from '../dialect/error-body.ts'
import type { Clock } from '../kit/clock.ts'
import { readRetryAfter } from '../kit/retry-after.ts'
import type { Dispatch, Dispatcher, ResponseHeaders, ResponseSink } from '../transport/transport.ts'
import {
  type AttemptControl,
  type AnswerEnd,
  type AnswerReader,
  type AnswerSink,
  type AttemptResult,
  describe,
} from './attempt-result.ts'
import { classifyFailure } from './failure.ts'
import type { KeywordJudge } from './keyword-judge.ts'
import { buildOutgoing, type Outgoing } from './outgoing.ts'
import { requestHeaders } from './request-headers.ts'
import { StreamAnswer } from './stream-answer.ts'
import { WholeAnswer } from './whole-answer.ts'

export interface SendDeps {
  readonly dispatcher: Dispatcher
  readonly clock: Clock
}

export interface SendInput {
  readonly endpoint: Endpoint
  readonly request: ChatRequest
  readonly globalParams: readonly Param[]
  readonly limits: TimeLimits
  /** Monotonic end of the whole request. */
  readonly deadlineAt: number
  readonly judge: KeywordJudge
  readonly retryStatus: ReadonlySet<number>
  /** Present where the client streams. */
  readonly sink: AnswerSink | null
  readonly apiKey: string | null
  /** Gives the caller the means to end this attempt, and to resume it after a pause. */
  readonly onStart: (control: AttemptControl) => void
  /** The client reads more slowly than the provider writes. */
  readonly isPaused: () => boolean
}

/**
 * A non-streamed answer is written before it is sent: its first byte may take this many times
 * what a stream may take to its first token.
 */
const WHOLE_ANSWER_FACTOR = 4
const ERROR_BYTES_MAX = 64 * 1024
/** How long a provider may take to close a body after `[DONE]` before its connection is dropped. */
const LINGER_MS = 1_000

/** One call to one endpoint. Never rejects: every failure is an outcome. */
export function send(deps: SendDeps, input: SendInput): Promise<AttemptResult> {
  return new Promise((resolve) => {
    const attempt = new Attempt(deps, input, resolve)
    attempt.start()
  })
}

class Attempt implements ResponseSink, AttemptControl {
  readonly #deps: SendDeps
  readonly #input: SendInput
  readonly #resolve: (result: AttemptResult) => void
  readonly #outgoing: Outgoing
  readonly #startedAt: number
  readonly #sink: AnswerSink | null
  #dispatch: Dispatch | null = null
  #timer: NodeJS.Timeout | undefined
  #total: NodeJS.Timeout | undefined
  #waiting: Outcome = 'timeout_connect'
  #reader: AnswerReader | null = null
  #errorPieces: Buffer[] = []
  #errorBytes = 0
  #headers: ResponseHeaders = {}
  #status: number | null = null
  #connectMs: number | null = null
  #firstTokenMs: number | null = null
  #committed = false
  #over = false

  constructor(deps: SendDeps, input: SendInput, resolve: (result: AttemptResult) => void) {
    this.#deps = deps
    this.#input = input
    this.#resolve = resolve
    this.#outgoing = buildOutgoing(input.request, input.endpoint, input.globalParams)
    this.#startedAt = deps.clock.now()
    this.#sink = input.sink === null ? null : this.#watched(input.sink)
  }

  start(): void {
    const { endpoint, limits, deadlineAt } = this.#input
    const left = deadlineAt - this.#startedAt
    if (left <= 0) {
      this.#settle(failure('timeout_total', 'no time is left'))
      return
    }
    this.#total = setTimeout(() => this.#expire('timeout_total'), left)
    this.#wait('timeout_connect', limits.connectMs)
    this.#input.onStart(this)
    this.#dispatch = this.#deps.dispatcher.dispatch(
      { origin: endpoint.upstream.origin, tls: endpoint.upstream.tls },
      {
        method: 'POST',
        path: endpoint.upstream.chatPath,
        headers: requestHeaders(endpoint.upstream, this.#input.apiKey, this.#input.request.stream),
        body: this.#outgoing.body,
      },
      this,
    )
  }

  cancel(): void {
    this.#abort(failure('cancelled', 'the client closed the connection'))
  }

  resume(): void {
    if (this.#over) return
    this.#timer?.refresh()
    this.#dispatch?.resume()
  }

  onConnected(): void {
    if (this.#connectMs !== null) return
    this.#connectMs = this.#elapsed()
    const { limits, request } = this.#input
    const factor = request.stream ? 1 : WHOLE_ANSWER_FACTOR
    this.#wait('timeout_first_token', limits.firstTokenMs * factor)
  }

  onHead(status: number, headers: ResponseHeaders): void {
    this.#status = status
    this.#headers = headers
    if (status !== 200) return
    const { judge, request } = this.#input
    const { includeUsage } = request
    const isStream = isEventStream(headers)
    this.#reader =
      isStream && this.#sink !== null
        ? new StreamAnswer({ judge, sink: this.#sink, includeUsage })
        : new WholeAnswer({ judge, isStream, sink: this.#sink, includeUsage })
    if (!isStream) this.#noteFirstToken()
  }

  onData(chunk: Buffer): boolean {
    if (this.#over) return true
    // A paused client is not a silent provider.
    if (this.#waiting === 'timeout_idle') this.#timer?.refresh()
    if (this.#reader === null) {
      this.#collectError(chunk)
      return true
    }
    const end = this.#reader.push(chunk)
    if (end !== null) this.#finish(end)
    return !this.#input.isPaused()
  }

  onEnd(): void {
    this.#settle(this.#reader?.end() ?? this.#failedAnswer())
  }

  onError(error: Error): void {
    const message = errorText(error)
    if (this.#status === null) {
      const stale = this.#connectMs !== null && isReset(error)
      this.#settle(failure(stale ? 'stale_socket' : 'connect', message))
    } else if (this.#reader === null) this.#settle(this.#failedAnswer())
    else this.#settle(this.#reader.fail('truncated', message))
  }

  /** The sink the reader writes to: the moment of commitment ends the wait for the first token. */
  #watched(sink: AnswerSink): AnswerSink {
    return {
      commit: () => {
        this.#committed = true
        this.#noteFirstToken()
        sink.commit()
      },
      write: (bytes) => sink.write(bytes),
      finish: () => sink.finish(),
    }
  }

  #noteFirstToken(): void {
    this.#firstTokenMs ??= this.#elapsed()
    this.#wait('timeout_idle', this.#input.limits.idleMs)
  }

  #wait(outcome: Outcome, ms: number): void {
    this.#waiting = outcome
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#expire(outcome), ms)
  }

  #expire(outcome: Outcome): void {
    if (outcome === 'timeout_idle' && this.#input.isPaused()) {
      this.#timer?.refresh()
      return
    }
    const message = `deadline passed: ${outcome.replace('timeout_', '')}`
    this.#abort(this.#reader?.fail(outcome, message) ?? failure(outcome, message))
  }

  #abort(end: AnswerEnd): void {
    if (this.#over) return
    this.#dispatch?.abort()
    this.#settle(end)
  }

  /** The reader knows the end before the connection does: let it close in peace, for a moment. */
  #finish(end: AnswerEnd): void {
    this.#settle(end)
    const dispatch = this.#dispatch
    if (end.outcome !== 'ok') dispatch?.abort()
    else setTimeout(() => dispatch?.abort(), LINGER_MS).unref()
  }

  #collectError(chunk: Buffer): void {
    this.#errorBytes += chunk.length
    if (this.#errorBytes <= ERROR_BYTES_MAX) this.#errorPieces.push(chunk)
    else this.#abort(this.#failedAnswer())
  }

  #failedAnswer(): AnswerEnd {
    const status = this.#status ?? 0
    const body = Buffer.concat(this.#errorPieces)
    const error =
      body.length === 0 ? describe(`HTTP ${status}`) : readErrorText(body.toString('utf8'))
    const named = classifyFailure(status, error)
    const outcome = this.#input.retryStatus.has(status) && isFinal(named) ? 'server' : named
    return { outcome, error, body: null, usage: null, finishReason: null }
  }

  #elapsed(): number {
    return this.#deps.clock.now() - this.#startedAt
  }

  #settle(end: AnswerEnd): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#timer)
    clearTimeout(this.#total)
    this.#resolve({
      ...end,
      endpoint: this.#input.endpoint,
      status: this.#status,
      retryAfterMs: readRetryAfter(this.#headers, this.#deps.clock.wall()),
      connectMs: this.#connectMs,
      firstTokenMs: this.#firstTokenMs,
      totalMs: this.#elapsed(),
      changes: this.#outgoing.changes,
      committed: this.#committed,
    })
  }
}

function failure(outcome: Outcome, message: string): AnswerEnd {
  return { outcome, error: describe(message), body: null, usage: null, finishReason: null }
}

function isFinal(outcome: Outcome): boolean {
  return outcome === 'client_fault' || outcome === 'context' || outcome === 'content'
}

function isEventStream(headers: ResponseHeaders): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && type.includes('text/event-stream')
}

/** A pooled connection that the provider had closed: nothing was answered on it. */
function isReset(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}

function errorText(error: Error): string {
  const { code } = error as NodeJS.ErrnoException
  return code === undefined ? error.message : `${code}: ${error.message}`
}
