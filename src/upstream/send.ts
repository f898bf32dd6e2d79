import type { Endpoint, Param, TimeLimits } from '../config/snapshot.ts'
import type { ChatRequest } from '../dialect/chat-request.ts'
import type { Clock } from '../kit/clock.ts'
import type { Dispatcher } from '../transport/transport.ts'
import { Attempt } from './attempt.ts'
import type { AnswerSink, AttemptControl, AttemptResult } from './attempt-result.ts'
import type { KeywordJudge } from './keyword-judge.ts'
import type { Adaptation } from './outgoing.ts'

export interface SendDeps {
  readonly dispatcher: Dispatcher
  readonly clock: Clock
}

export interface SendInput {
  readonly endpoint: Endpoint
  readonly request: ChatRequest
  readonly globalParams: readonly Param[]
  readonly adaptation: Adaptation
  readonly limits: TimeLimits
  /** Monotonic end of the whole request. */
  readonly deadlineAt: number
  readonly judge: KeywordJudge
  readonly retryStatus: ReadonlySet<number>
  /** Present where the client streams. */
  readonly sink: AnswerSink | null
  /** Index of the provider's key. */
  readonly key: number
  readonly waitedMs: number
  /** Not on a pooled connection: the last one turned out to be dead. */
  readonly fresh: boolean
  readonly hop: number
  /** Gives the caller the means to end this attempt, and to resume it after a pause. */
  readonly onStart: (control: AttemptControl) => void
  /** The client reads more slowly than the provider writes. */
  readonly isPaused: () => boolean
}

/** One call to one endpoint. Never rejects: every failure is an outcome. */
export function send(deps: SendDeps, input: SendInput): Promise<AttemptResult> {
  return new Promise((resolve) => {
    const attempt = new Attempt(deps, input, resolve)
    attempt.start()
  })
}
