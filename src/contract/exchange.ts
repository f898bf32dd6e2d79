import type { Tier } from './tier.ts'

/** How one upstream call ended. The names are stable: they are stored and shown. */
export type Outcome =
  | 'ok'
  | 'client_fault'
  | 'context'
  | 'content'
  | 'auth'
  | 'quota'
  | 'rate'
  | 'overload'
  | 'server'
  | 'model_missing'
  /** The vendor knows a parameter under another name or not at all. */
  | 'param'
  | 'connect'
  | 'stale_socket'
  | 'timeout_connect'
  | 'timeout_first_token'
  | 'timeout_idle'
  | 'timeout_total'
  | 'bad_body'
  | 'empty'
  | 'keyword'
  | 'truncated'
  /** A restarted answer does not begin with what the client already has. */
  | 'diverged'
  /** Not sent: the endpoint already carries what it may. */
  | 'shed'
  | 'cancelled'

/** What the gateway did after an attempt. */
export type NextAction =
  | 'done'
  | 'retry_same'
  | 'next_key'
  | 'next_model'
  | 'wait'
  | 'resume'
  | 'fail'

/** Token counts as the provider reported them; the last value of a stream wins. */
export interface Usage {
  readonly promptTokens: number
  readonly completionTokens: number
  readonly totalTokens: number
  readonly cachedTokens: number
  readonly reasoningTokens: number
}

/** Top-level members that were changed on the way up: raw JSON text, or null where removed. */
export type Changes = Readonly<Record<string, string | null>>

export interface AttemptRecord {
  readonly provider: string
  readonly model: string
  readonly outcome: Outcome
  readonly next: NextAction
  /** HTTP status of the upstream, or null where none arrived. */
  readonly status: number | null
  /** Which of the provider's keys, from 1; null where it has fewer than two. */
  readonly key: number | null
  /** Pause before it began, in milliseconds. */
  readonly waitedMs: number
  /** It continued an answer that had broken off. */
  readonly resumed: boolean
  /** Milliseconds from this attempt's own start; null where it never came to that. */
  readonly connectMs: number | null
  readonly firstTokenMs: number | null
  readonly totalMs: number
  /** What the upstream said about its failure, redacted, at most 1 KiB. */
  readonly error: string | null
  readonly changes: Changes
}

export interface RouteRecord {
  readonly tier: Tier | 'pinned' | null
  /** The header's text: rule, llm, random, pinned, fallback; details after a `;`. */
  readonly reason: string | null
  readonly classifier: {
    readonly model: string
    readonly ms: number
    readonly answer: string | null
    readonly error: string | null
    readonly usage: Usage | null
    /** Where rows of earlier versions have `ask`. */
    readonly ask?: string | null
  } | null
  /**
   * The human's last words, which were judged or whose judgement is kept; redacted and cut. Null
   * where bodies are not kept, absent where nobody looked at them.
   */
  readonly ask?: string | null
}

/** Bodies as bytes. `null` where there was none or it is not kept. */
export interface ExchangeBodies {
  /** What the client sent. */
  readonly request: Uint8Array | null
  /** What the client received; for a stream the server-sent events, in pieces. */
  readonly response: readonly Uint8Array[] | null
  readonly responseKind: 'json' | 'sse' | 'none'
  /** True byte counts, also where the kept copy was cut. */
  readonly requestBytes: number
  readonly responseBytes: number
}

/** Everything that happened to one client request. Made once, at its end; never changed. */
export interface Exchange {
  readonly id: string
  /** Epoch milliseconds at arrival. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly clientAddress: string
  readonly userAgent: string
  /** Display name of the gateway key, never the key. */
  readonly keyName: string | null
  /** The `model` the client asked for. */
  readonly asked: string | null
  readonly stream: boolean
  readonly route: RouteRecord
  /** `provider/model` that answered, or null. */
  readonly served: string | null
  readonly attempts: readonly AttemptRecord[]
  /** HTTP status the client got; 499 where it left. */
  readonly status: number
  readonly errorCode: string | null
  readonly errorMessage: string | null
  readonly finishReason: string | null
  readonly usage: Usage | null
  /** Milliseconds. `gatewayMs` is what was spent here rather than waiting for others. */
  readonly timings: {
    readonly readMs: number
    readonly routeMs: number
    readonly upstreamMs: number
    readonly firstTokenMs: number | null
    readonly totalMs: number
    readonly gatewayMs: number
  }
  /** Revision of the configuration that served it. */
  readonly revision: string
  /** Lines `name: value` of the client and of the answer, without credentials. */
  readonly headers: { readonly request: string; readonly response: string }
  /** Of a stream: milliseconds since arrival and bytes passed on, in turns; null of other answers. */
  readonly pace: readonly number[] | null
  readonly bodies: ExchangeBodies
}
