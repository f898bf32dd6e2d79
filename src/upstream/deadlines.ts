import type { TimeLimits } from '../config/snapshot.ts'
import type { Outcome } from '../contract/exchange.ts'
import type { Clock } from '../kit/clock.ts'

export interface DeadlineOptions {
  readonly clock: Clock
  readonly limits: TimeLimits
  /** Monotonic end of the whole request. */
  readonly totalAt: number
  /** The client reads more slowly than the provider writes: that silence is not the provider's. */
  readonly isPaused: () => boolean
  readonly onExpire: (outcome: Outcome) => void
}

type Phase = 'connect' | 'headers' | 'first_token' | 'answer'

const OUTCOMES: Readonly<Record<Exclude<Phase, 'answer'>, Outcome>> = {
  connect: 'timeout_connect',
  headers: 'timeout_first_token',
  first_token: 'timeout_first_token',
}

/**
 * All the deadlines of one attempt. One timer that is set for the nearest of them and looks at
 * the clock when it fires: bytes only leave a mark, so a chunk costs no timer.
 */
export class Deadlines {
  readonly #options: DeadlineOptions
  #phase: Phase = 'connect'
  #phaseEnd: number
  #byteAt = 0
  #contentAt = 0
  #timer: NodeJS.Timeout | undefined
  #armedFor = Infinity
  #over = false

  constructor(options: DeadlineOptions) {
    this.#options = options
    this.#phaseEnd = options.clock.now() + options.limits.connectMs
    this.#arm()
  }

  enter(phase: Exclude<Phase, 'connect' | 'answer'>, limitMs: number): void {
    this.#phase = phase
    this.#phaseEnd = this.#options.clock.now() + limitMs
    this.#arm()
  }

  /** The answer has begun: from here on only silence and the total count. */
  answering(): void {
    this.#phase = 'answer'
    this.#byteAt = this.#options.clock.now()
    this.#contentAt = this.#byteAt
    this.#arm()
  }

  /** Anything came, even a comment. */
  noteBytes(): void {
    if (this.#phase === 'answer') this.#byteAt = this.#options.clock.now()
  }

  /** A piece of the answer came: comments are life, not progress. */
  noteContent(): void {
    if (this.#phase === 'answer') this.#contentAt = this.#byteAt
  }

  stop(): void {
    this.#over = true
    clearTimeout(this.#timer)
  }

  #check(): void {
    const { clock, totalAt, onExpire, isPaused } = this.#options
    const now = clock.now()
    if (now >= totalAt) return this.#expire('timeout_total', onExpire)
    if (this.#phase === 'answer' && isPaused()) {
      this.#byteAt = now
      this.#contentAt = now
    }
    if (now >= this.#end()) {
      const outcome = this.#phase === 'answer' ? 'timeout_idle' : OUTCOMES[this.#phase]
      return this.#expire(outcome, onExpire)
    }
    this.#armedFor = Infinity
    this.#arm()
  }

  #end(): number {
    const { limits } = this.#options
    if (this.#phase !== 'answer') return this.#phaseEnd
    return Math.min(this.#byteAt + limits.idleMs, this.#contentAt + limits.contentIdleMs)
  }

  /** A timer that would fire too early is left alone: it finds out and is set anew. */
  #arm(): void {
    if (this.#over) return
    const end = Math.min(this.#end(), this.#options.totalAt)
    if (end >= this.#armedFor) return
    clearTimeout(this.#timer)
    this.#armedFor = end
    const wait = Math.max(1, Math.ceil(end - this.#options.clock.now()))
    this.#timer = setTimeout(() => this.#check(), wait)
  }

  #expire(outcome: Outcome, onExpire: (outcome: Outcome) => void): void {
    if (this.#over) return
    this.stop()
    onExpire(outcome)
  }
}
