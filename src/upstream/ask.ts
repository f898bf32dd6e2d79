import type { Endpoint, Upstream } from '../config/snapshot.ts'
import type { Outcome, Usage } from '../contract/exchange.ts'
import { readAnswer } from '../dialect/answer.ts'
import { readErrorText } from '../dialect/error-body.ts'
import type { Clock } from '../kit/clock.ts'
import { parseJson } from '../kit/json-value.ts'
import { scanMembers } from '../kit/json-members.ts'
import { readRetryAfter } from '../kit/retry-after.ts'
import { spliceMembers } from '../kit/splice-members.ts'
import type { Dispatcher, ResponseHeaders } from '../transport/transport.ts'
import { AskKeys, type Refusal } from './ask-keys.ts'
import { CollectedStream } from './collected-stream.ts'
import { classifyFailure } from './failure.ts'
import { KeywordJudge } from './keyword-judge.ts'
import { requestHeaders } from './request-headers.ts'

export interface AskResult {
  readonly text: string
  readonly usage: Usage | null
  readonly error: string | null
}

/** Of a stream, which says everything in many more bytes, too. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024

/** Asks models outside of any client's request. */
export class Asker {
  readonly #dispatcher: Dispatcher
  readonly #clock: Clock
  /** Kept beside the account and gone with its configuration; a draft has its own. */
  readonly #keys = new WeakMap<Upstream, AskKeys>()

  constructor(dispatcher: Dispatcher, clock: Clock) {
    this.#dispatcher = dispatcher
    this.#clock = clock
  }

  /**
   * One chat completion. Never rejects; ends with the signal. The keys of an account are used in
   * turn, and where one is refused the next is tried, once.
   */
  async ask(endpoint: Endpoint, body: object, signal: AbortSignal): Promise<AskResult> {
    const keys = this.#keysOf(endpoint.upstream)
    const call = {
      dispatcher: this.#dispatcher,
      endpoint,
      body: withParams(body, endpoint),
      signal,
      clock: this.#clock,
    }
    const key = keys.next(this.#clock.now())
    const first = await this.#askWith(keys, key, call)
    if (first.refusal === null || signal.aborted) return first.result
    const other = keys.instead(key, this.#clock.now())
    return other === null ? first.result : (await this.#askWith(keys, other, call)).result
  }

  async #askWith(keys: AskKeys, key: number, call: AskCall): Promise<Asked> {
    const asked = await askOnce(call, call.endpoint.upstream.apiKeys[key] ?? null)
    if (asked.refusal !== null) keys.refuse(key, asked.refusal, this.#clock.now())
    else if (asked.result.error === null) keys.accept(key)
    return asked
  }

  #keysOf(upstream: Upstream): AskKeys {
    const known = this.#keys.get(upstream)
    if (known !== undefined) return known
    const keys = new AskKeys(upstream.apiKeys.length)
    this.#keys.set(upstream, keys)
    return keys
  }
}

interface AskCall {
  readonly dispatcher: Dispatcher
  readonly endpoint: Endpoint
  readonly body: Buffer
  readonly signal: AbortSignal
  readonly clock: Clock
}

interface Asked {
  readonly result: AskResult
  /** Present where another key may be answered. */
  readonly refusal: Refusal | null
}

function askOnce(
  { dispatcher, endpoint, body, signal, clock }: AskCall,
  key: string | null,
): Promise<Asked> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let bytes = 0
    let head: Head = { status: 0, headers: {}, wall: 0 }
    const settle = (asked: Asked): void => {
      signal.removeEventListener('abort', stop)
      resolve(asked)
    }
    const stop = (): void => {
      call.abort()
      settle(failed('the time limit passed'))
    }
    if (signal.aborted) return resolve(failed('no time is left'))
    const { origin, tls, allowPrivate, chatPath } = endpoint.upstream
    const headers = requestHeaders(endpoint.upstream, key, false)
    const call = dispatcher.dispatch(
      { origin, tls, allowPrivate },
      { method: 'POST', path: chatPath, headers, body },
      {
        onConnected: () => {},
        onHead: (status, answered) => {
          head = { status, headers: answered, wall: clock.wall() }
        },
        onData: (chunk) => {
          bytes += chunk.length
          pieces.push(chunk)
          if (bytes <= ANSWER_BYTES_MAX) return true
          call.abort()
          settle(failed('the answer is too long'))
          return false
        },
        onEnd: () => settle(readAsk(head, Buffer.concat(pieces))),
        onError: (error) => settle(failed(error.message)),
      },
    )
    signal.addEventListener('abort', stop, { once: true })
  })
}

interface Head {
  readonly status: number
  readonly headers: ResponseHeaders
  /** When it came, in epoch milliseconds. */
  readonly wall: number
}

function failed(error: string, refusal: Refusal | null = null): Asked {
  return { result: { text: '', usage: null, error }, refusal }
}

function readAsk(head: Head, body: Buffer): Asked {
  const text = body.toString('utf8')
  if (head.status !== 200) {
    const error = readErrorText(text)
    const outcome = classifyFailure(head.status, error)
    return failed(`HTTP ${head.status}: ${error.message}`, refusalOf(outcome, head, error.message))
  }
  const value = parseJson(text)
  if (value === undefined && OPENS_EVENT.test(text)) return readStream(head, body)
  const { text: said, usage, error } = readAnswer(value)
  if (error === null) return { result: { text: said, usage, error: null }, refusal: null }
  return failed(error.message, refusalOf(classifyFailure(200, error), head, error.message))
}

/** An event, or a comment before the first, whatever the type of the answer says. */
const OPENS_EVENT = /^\s*(?:data|event|id|retry)?:/

/** Some servers stream although they were asked not to. */
function readStream(head: Head, body: Buffer): Asked {
  const reader = new CollectedStream(new KeywordJudge([], () => ''))
  const { outcome, error, body: whole } = reader.push(body) ?? reader.end()
  if (whole === null) {
    const message = error?.message ?? outcome
    return failed(`in an event stream: ${message}`, refusalOf(outcome, head, message))
  }
  const { text, usage } = readAnswer(parseJson(whole.toString('utf8')))
  return { result: { text, usage, error: null }, refusal: null }
}

const OF_KEYS: ReadonlySet<Outcome> = new Set(['auth', 'quota', 'rate'])
const STATUS_OF_KEYS: ReadonlySet<number> = new Set([401, 402, 403, 429])

function refusalOf(
  outcome: Outcome,
  { status, headers, wall }: Head,
  message: string,
): Refusal | null {
  if (!OF_KEYS.has(outcome) && !STATUS_OF_KEYS.has(status)) return null
  return { outcome, retryAfterMs: readRetryAfter(headers, wall, message) }
}

function withParams(body: object, endpoint: Endpoint): Buffer {
  const bytes = Buffer.from(JSON.stringify(body))
  const scan = scanMembers(bytes, Number.POSITIVE_INFINITY)
  if (scan.kind === 'invalid') return bytes
  const edits = new Map(endpoint.params.map(({ name, json }) => [name, json]))
  return spliceMembers(bytes, scan.members, edits)
}
