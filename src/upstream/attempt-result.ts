import type { Endpoint } from '../config/snapshot.ts'
import type { Changes, Outcome, Usage } from '../contract/exchange.ts'
import type { ProviderError } from '../dialect/error-body.ts'
import type { SentAnswer } from './continuation.ts'

/** What one upstream call came to. Exactly one outcome. */
export interface AttemptResult {
  readonly endpoint: Endpoint
  /** Index of the provider's key that was used. */
  readonly key: number
  readonly outcome: Outcome
  readonly status: number | null
  readonly error: ProviderError | null
  /** What the provider asked us to wait. */
  readonly retryAfterMs: number | null
  /** Name resolution or TLS failed, or the address is not allowed: the provider's other models too. */
  readonly isProviderFault: boolean
  readonly connectMs: number | null
  readonly firstTokenMs: number | null
  readonly totalMs: number
  /** The pause before it. */
  readonly waitedMs: number
  /** It continued an answer that had broken off. */
  readonly resumed: boolean
  readonly changes: Changes
  /** Content of the answer has reached the client: another attempt can only continue it. */
  readonly committed: boolean
  /** What the client has of the answer by now, all attempts together. */
  readonly sent: SentAnswer | null
  /** The complete answer for a client that does not stream. */
  readonly body: Buffer | null
  readonly usage: Usage | null
  readonly finishReason: string | null
}

/** How an answer ended, as its reader saw it. */
export interface AnswerEnd {
  readonly outcome: Outcome
  readonly error: ProviderError | null
  readonly body: Buffer | null
  readonly usage: Usage | null
  readonly finishReason: string | null
}

/** Reads the body of a 200 answer. */
export interface AnswerReader {
  /** Pieces of content seen so far: comments and empty deltas are none. */
  readonly progress: number
  /** What has been given to the sink, where it is a stream. */
  readonly sent: SentAnswer | null
  /** Takes bytes; returns the end where the answer is over or has failed. */
  push(chunk: Buffer): AnswerEnd | null
  /** The upstream has ended the body. */
  end(): AnswerEnd
  /** The body broke off, or a deadline passed. */
  fail(outcome: Outcome, message: string): AnswerEnd
}

/** Where a streamed answer goes. */
export interface AnswerSink {
  /** Called when the answer is known to be one, before its first `write`. */
  commit(): void
  write(bytes: Buffer): void
  /** The answer is complete. */
  finish(): void
}

/** What the data plane may do to a running attempt. */
export interface AttemptControl {
  /** The client is gone: closes the upstream connection. */
  cancel(): void
  /** The client reads again. */
  resume(): void
}

export function describe(message: string): ProviderError {
  return { message, code: null, type: null, param: null }
}

export function failure(outcome: Outcome, message: string): AnswerEnd {
  return { outcome, error: describe(message), body: null, usage: null, finishReason: null }
}
