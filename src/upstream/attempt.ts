import type { Outcome } from '../contract/exchange.ts'
import { readErrorText, retryHint } from '../dialect/error-body.ts'
import { readRetryAfter } from '../kit/retry-after.ts'
import type { Dispatch, ResponseHeaders, ResponseSink } from '../transport/transport.ts'
import {
  type AttemptControl,
  type AnswerEnd,
  type AnswerReader,
  type AnswerSink,
  type AttemptResult,
  describe,
  failure,
} from './attempt-result.ts'
import { CollectedStream } from './collected-stream.ts'
import { isProviderFault, isReset, errorText } from './connection-error.ts'
import { Deadlines } from './deadlines.ts'
import { type BodyDecoder, createDecoder } from './decode-body.ts'
import { classifyFailure } from './failure.ts'
import { isEventStream, isFinal } from './answer-kind.ts'
import { buildOutgoing, type Outgoing } from './outgoing.ts'
import { requestHeaders } from './request-headers.ts'
import type { SendDeps, SendInput } from './send.ts'
import { StreamAnswer } from './stream-answer.ts'
import { WholeAnswer } from './whole-answer.ts'

/**
 * A non-streamed answer is written before it is sent: its first byte may take this many times
 * what a stream may take to its first token.
 */
const WHOLE_ANSWER_FACTOR = 4
const NOTHING = Buffer.alloc(0)
const ERROR_BYTES_MAX = 64 * 1024
/** How long a provider may take to close a body after `[DONE]` before its connection is dropped. */
const LINGER_MS = 1_000

/** A running call: from the first byte out to exactly one outcome. */
export class Attempt implements ResponseSink, AttemptControl {
  readonly #deps: SendDeps
  readonly #input: SendInput
  readonly #resolve: (result: AttemptResult) => void
  readonly #outgoing: Outgoing
  readonly #startedAt: number
  readonly #sink: AnswerSink | null
  #dispatch: Dispatch | null = null
  #deadlines: Deadlines | null = null
  #reader: AnswerReader | null = null
  #decoder: BodyDecoder | null = null
  #errorBody: Buffer = NOTHING
  #headers: ResponseHeaders = {}
  #status: number | null = null
  #connectMs: number | null = null
  #firstTokenMs: number | null = null
  #isProviderFault = false
  #committed = false
  #over = false

  constructor(deps: SendDeps, input: SendInput, resolve: (result: AttemptResult) => void) {
    this.#deps = deps
    this.#input = input
    this.#resolve = resolve
    this.#outgoing = buildOutgoing(
      input.request,
      input.endpoint,
      input.globalParams,
      input.adaptation,
    )
    this.#startedAt = deps.clock.now()
    this.#sink = input.sink === null ? null : this.#watched(input.sink)
  }

  start(): void {
    const { endpoint, limits, deadlineAt, request, isPaused } = this.#input
    const { upstream } = endpoint
    if (deadlineAt <= this.#startedAt) {
      this.#settle(failure('timeout_total', 'no time is left'))
      return
    }
    this.#deadlines = new Deadlines({
      clock: this.#deps.clock,
      limits,
      totalAt: deadlineAt,
      isPaused,
      onExpire: (outcome) => this.#expire(outcome),
    })
    this.#input.onStart(this)
    const apiKey = upstream.apiKeys[this.#input.key] ?? null
    this.#dispatch = this.#deps.dispatcher.dispatch(
      {
        origin: upstream.origin,
        tls: upstream.tls,
        allowPrivate: upstream.allowPrivate,
        fresh: this.#input.fresh,
      },
      {
        method: 'POST',
        path: upstream.chatPath,
        headers: requestHeaders(upstream, apiKey, request.stream, this.#input.hop),
        body: this.#outgoing.body,
      },
      this,
    )
  }

  cancel(): void {
    this.#abort(failure('cancelled', 'ended by the client, or by a quicker answer'))
  }

  resume(): void {
    if (this.#over) return
    this.#deadlines?.noteBytes()
    this.#dispatch?.resume()
  }

  onConnected(): void {
    if (this.#connectMs !== null) return
    this.#connectMs = this.#elapsed()
    const { limits, request } = this.#input
    if (request.stream) this.#deadlines?.enter('headers', limits.headersMs)
    else this.#deadlines?.enter('first_token', limits.firstTokenMs * WHOLE_ANSWER_FACTOR)
  }

  onHead(status: number, headers: ResponseHeaders): void {
    this.#status = status
    this.#headers = headers
    if (!this.#prepareDecoder(headers)) return
    if (status !== 200) {
      // The rest of an error must come like the rest of an answer.
      this.#deadlines?.answering()
      return
    }
    const { request, limits } = this.#input
    this.#reader = this.#readerFor(isEventStream(headers))
    const limitMs = limits.firstTokenMs * (request.stream ? 1 : WHOLE_ANSWER_FACTOR)
    const left = limitMs - (this.#elapsed() - (this.#connectMs ?? 0))
    if (this.#reader instanceof WholeAnswer) this.#noteFirstToken()
    else this.#deadlines?.enter('first_token', Math.max(1, left))
  }

  /** By what was asked for and what comes. */
  #readerFor(isStream: boolean): AnswerReader {
    const { judge, request, adaptation } = this.#input
    const { includeUsage } = request
    const { resume } = adaptation
    const sink = this.#sink
    if (!isStream) return new WholeAnswer({ judge, sink, includeUsage, resume })
    if (sink === null) return new CollectedStream(judge)
    return new StreamAnswer({ judge, sink, includeUsage, resume })
  }

  onData(chunk: Buffer): boolean {
    if (this.#over) return true
    this.#deadlines?.noteBytes()
    if (this.#decoder === null) this.#read(chunk)
    else this.#decoder.push(chunk)
    return !this.#input.isPaused()
  }

  onEnd(): void {
    if (this.#decoder === null) this.#readEnd()
    else this.#decoder.end()
  }

  onError(error: Error): void {
    const message = errorText(error)
    this.#isProviderFault = isProviderFault(error)
    if (this.#status === null) {
      // Nothing was answered on a connection that had been there: it had died in the pool.
      const stale = this.#connectMs !== null && !this.#input.fresh && isReset(error)
      this.#settle(failure(stale ? 'stale_socket' : 'connect', message))
    } else if (this.#reader === null) this.#settle(this.#failedAnswer())
    else this.#settle(this.#reader.fail('truncated', message))
  }

  /** False where the body comes in an encoding that cannot be read. */
  #prepareDecoder(headers: ResponseHeaders): boolean {
    const encoding = headers['content-encoding']
    if (encoding === undefined || encoding === '' || encoding === 'identity') return true
    this.#decoder = createDecoder(String(encoding), {
      onData: (chunk) => this.#read(chunk),
      onEnd: () => this.#readEnd(),
      onError: (error) => this.#abort(failure('bad_body', error.message)),
    })
    if (this.#decoder !== null) return true
    this.#abort(failure('bad_body', `content-encoding "${String(encoding)}" cannot be read`))
    return false
  }

  #read(chunk: Buffer): void {
    if (this.#over) return
    if (this.#reader === null) {
      this.#collectError(chunk)
      return
    }
    const before = this.#reader.progress
    const end = this.#reader.push(chunk)
    if (this.#reader.progress !== before) {
      this.#noteFirstToken()
      this.#deadlines?.noteContent()
    }
    if (end !== null) this.#finish(end)
  }

  #readEnd(): void {
    if (this.#over) return
    this.#settle(this.#reader?.end() ?? this.#failedAnswer())
  }

  /** The sink the reader writes to. */
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
    if (this.#firstTokenMs !== null) return
    this.#firstTokenMs = this.#elapsed()
    this.#deadlines?.answering()
  }

  #expire(outcome: Outcome): void {
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
    this.#errorBody = Buffer.concat([this.#errorBody, chunk])
    if (this.#errorBody.length > ERROR_BYTES_MAX) this.#abort(this.#failedAnswer())
  }

  #failedAnswer(): AnswerEnd {
    const status = this.#status ?? 0
    const body = this.#errorBody
    const error =
      body.length === 0 ? describe(`HTTP ${status}`) : readErrorText(body.toString('utf8'))
    const named = classifyFailure(status, error)
    const { retryStatus, adaptation } = this.#input
    if (retryStatus.has(status) && isFinal(named)) return failure('server', error.message)
    // A target that does not take the continued form says so with a 400: that is our doing.
    const outcome = adaptation.resume !== null && isFinal(named) ? 'diverged' : named
    return { outcome, error, body: null, usage: null, finishReason: null }
  }

  #elapsed(): number {
    return this.#deps.clock.now() - this.#startedAt
  }

  /** Only a refusal has something to say about waiting. */
  #retryAfter(end: AnswerEnd): number | null {
    if (end.outcome === 'ok') return null
    const hint = `${end.error?.message ?? ''} ${retryHint(this.#errorBody.toString('utf8'))}`
    return readRetryAfter(this.#headers, this.#deps.clock.wall(), hint)
  }

  #settle(end: AnswerEnd): void {
    if (this.#over) return
    this.#over = true
    this.#deadlines?.stop()
    this.#decoder?.stop()
    this.#resolve({
      ...end,
      endpoint: this.#input.endpoint,
      key: this.#input.key,
      status: this.#status,
      retryAfterMs: this.#retryAfter(end),
      isProviderFault: this.#isProviderFault,
      connectMs: this.#connectMs,
      firstTokenMs: this.#firstTokenMs,
      totalMs: this.#elapsed(),
      waitedMs: this.#input.waitedMs,
      resumed: this.#input.adaptation.resume !== null,
      changes: this.#outgoing.changes,
      committed: this.#committed,
      sent: this.#reader?.sent ?? this.#input.adaptation.resume?.sent ?? null,
    })
  }
}
