import { ByteTap } from '../kit/byte-tap.ts'
import type { Inbound } from '../transport/transport.ts'
import type { AnswerSink, AttemptControl } from '../upstream/attempt-result.ts'
import { type ClientError, renderError } from './render-error.ts'

/**
 * The client's side of a streamed answer, one per request across all its attempts. Keeps a
 * bounded copy for the log and stops the provider while the client does not read.
 */
export class Relay implements AnswerSink {
  readonly #inbound: Inbound
  readonly #head: () => string[]
  readonly #tap: ByteTap
  #control: AttemptControl | null = null
  #paused = false
  committed = false

  /** `head` gives the response headers at the moment of commitment. */
  constructor(inbound: Inbound, logBytesMax: number, head: () => string[]) {
    this.#inbound = inbound
    this.#head = head
    this.#tap = new ByteTap(logBytesMax)
  }

  /** The attempt that feeds it now. */
  attach(control: AttemptControl): void {
    this.#control = control
  }

  isPaused(): boolean {
    return this.#paused
  }

  commit(): void {
    this.committed = true
    this.#inbound.begin(200, [
      ...this.#head(),
      'content-type',
      'text/event-stream; charset=utf-8',
      'cache-control',
      'no-cache',
      'x-accel-buffering',
      'no',
    ])
  }

  write(bytes: Buffer): void {
    this.#tap.append(bytes)
    if (this.#inbound.write(bytes) || this.#paused) return
    this.#paused = true
    this.#inbound.onDrain(() => {
      this.#paused = false
      this.#control?.resume()
    })
  }

  finish(): void {
    this.#inbound.end()
  }

  /** The answer broke off: says so and ends without `[DONE]`. Never dressed up as an end. */
  interrupt(error: ClientError): void {
    this.write(Buffer.concat([Buffer.from('data: '), renderError(error), Buffer.from('\n\n')]))
    this.#inbound.end()
  }

  recorded(): { kind: 'sse'; pieces: Buffer[]; bytes: number } {
    return { kind: 'sse', pieces: this.#tap.pieces(), bytes: this.#tap.total }
  }
}
