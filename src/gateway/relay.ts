import { ByteTap } from '../kit/byte-tap.ts'
import { Pace } from './pace.ts'
import type { Inbound } from '../transport/transport.ts'
import type { AnswerSink, AttemptControl } from '../upstream/attempt-result.ts'
import type { SentAnswer } from '../upstream/continuation.ts'
import { type ClientError, renderStreamError } from './render-error.ts'

export interface RelayOptions {
  readonly logBytesMax: number
  /** While the first word is awaited, comments go out from here on. */
  readonly keepAliveAfterMs: number
  /** A client that reads nothing for this long is cut. */
  readonly slowClientMs: number
  /** The response headers at the moment they are sent. */
  readonly head: () => string[]
  /** Milliseconds since the request arrived. */
  readonly elapsed: () => number
}

const KEEP_ALIVE = Buffer.from(': keep-alive\n\n')
const KEEP_ALIVE_EVERY_MS = 10_000
const STREAM_HEADERS = [
  'content-type',
  'text/event-stream; charset=utf-8',
  'cache-control',
  'no-cache',
  'x-accel-buffering',
  'no',
]

/**
 * The client's side of a streamed answer, one per request across all its attempts. Keeps a
 * bounded copy for the log and stops the provider while the client does not read.
 */
export class Relay implements AnswerSink {
  readonly #inbound: Inbound
  readonly #options: RelayOptions
  readonly #tap: ByteTap
  readonly #pace: Pace
  #control: AttemptControl | null = null
  #waiting: NodeJS.Timeout | undefined
  #slow: NodeJS.Timeout | undefined
  #paused = false
  /** Headers are out: the status cannot change any more. */
  begun = false
  /** Content is out: another attempt can only continue it. */
  committed = false
  wasSlow = false

  constructor(inbound: Inbound, options: RelayOptions) {
    this.#inbound = inbound
    this.#options = options
    this.#tap = new ByteTap(options.logBytesMax)
    this.#pace = new Pace(options.elapsed)
    this.#waiting = setTimeout(() => this.#keepAlive(), options.keepAliveAfterMs)
  }

  /** What feeds it now. */
  attach(control: AttemptControl): void {
    this.#control = control
  }

  isPaused(): boolean {
    return this.#paused
  }

  commit(): void {
    if (this.committed) return
    this.committed = true
    clearTimeout(this.#waiting)
    this.#begin()
  }

  write(bytes: Buffer): void {
    this.#tap.append(bytes)
    this.#pace.add(bytes.length)
    if (this.#inbound.write(bytes) || this.#paused) return
    this.#paused = true
    this.#slow = setTimeout(() => this.#cut(), this.#options.slowClientMs)
    this.#inbound.onDrain(() => {
      clearTimeout(this.#slow)
      this.#paused = false
      this.#control?.resume()
    })
  }

  finish(): void {
    this.close()
    this.#inbound.end()
  }

  /** The answer broke off: says so and ends without `[DONE]`. Never dressed up as an end. */
  interrupt(error: ClientError, sent: SentAnswer | null): void {
    this.write(renderStreamError(error, sent))
    this.close()
    this.#inbound.end()
  }

  /** Nothing more will come; no timer stays behind. */
  close(): void {
    clearTimeout(this.#waiting)
    clearTimeout(this.#slow)
  }

  recorded(): { kind: 'sse'; pieces: Buffer[]; bytes: number } {
    return { kind: 'sse', pieces: this.#tap.pieces(), bytes: this.#tap.total }
  }

  /** All that the client got, or null where more than the bounded copy. */
  whole(): readonly Buffer[] | null {
    const { pieces, bytes } = this.recorded()
    return pieces.reduce((sum, piece) => sum + piece.length, 0) === bytes ? pieces : null
  }

  pace(): readonly number[] {
    return this.#pace.entries()
  }

  #begin(): void {
    if (this.begun) return
    this.begun = true
    this.#inbound.begin(200, [...this.#options.head(), ...STREAM_HEADERS])
  }

  #keepAlive(): void {
    if (this.#inbound.gone) return
    this.#begin()
    if (!this.#paused) this.write(KEEP_ALIVE)
    this.#waiting = setTimeout(() => this.#keepAlive(), KEEP_ALIVE_EVERY_MS)
  }

  #cut(): void {
    this.wasSlow = true
    this.#inbound.destroy()
  }
}
