import type { Endpoint, Snapshot } from '../config/snapshot.ts'
import type { ChatRequest } from '../dialect/chat-request.ts'
import type { Plan } from '../routing/plan.ts'
import { type Conditions, nextStep, type Step, type Tried } from '../routing/next-attempt.ts'
import type { AnswerSink, AttemptControl, AttemptResult } from '../upstream/attempt-result.ts'
import type { Resume, ResumeMode } from '../upstream/continuation.ts'
import { refusedParam } from '../upstream/failure.ts'
import { KeywordJudge } from '../upstream/keyword-judge.ts'
import { isResumable, resumeMode } from '../upstream/resume-request.ts'
import { send, type SendInput } from '../upstream/send.ts'
import type { ClientTerms } from './client-terms.ts'
import type { GatewayDeps } from './gateway-deps.ts'
import { hedge, type Start } from './hedge.ts'
import type { Relay } from './relay.ts'

/** What the attempts of one request share. */
export interface ChatCall {
  readonly snapshot: Snapshot
  readonly request: ChatRequest
  readonly plan: Plan
  readonly startedAt: number
  readonly terms: ClientTerms
  readonly maxOutputTokens: number | null
  /** Present where the client streams. */
  readonly relay: Relay | null
  readonly isGone: () => boolean
  readonly onPaused: (ms: number) => void
  /** Something runs or waits that must end when the client leaves. */
  readonly onStart: (
    control: AttemptControl,
    tried: readonly AttemptResult[],
    endpoint: Endpoint | null,
  ) => void
}

export interface Attempts {
  readonly results: readonly AttemptResult[]
  /** It ended because everything that could have answered was at its limit. */
  readonly shed: boolean
}

type SendStep = Extract<Step, { kind: 'send' }>

/** Tries until there is an answer or nothing left. The first attempt and the last are the same code. */
export async function runAttempts(deps: GatewayDeps, call: ChatCall): Promise<Attempts> {
  const run = new Run(deps, call)
  for (;;) {
    const step = run.next()
    if (step.kind === 'stop' || call.isGone()) return run.end(step)
    if (step.kind === 'queue') {
      if (!(await run.waitForRoom(step.endpoint))) return run.end({ kind: 'stop', shed: true })
      continue
    }
    if (step.waitMs > 0) await run.pause(step.waitMs)
    if (call.isGone()) return run.end(step)
    await run.attempt(step)
  }
}

class Run {
  readonly #deps: GatewayDeps
  readonly #call: ChatCall
  readonly #judge: KeywordJudge
  readonly #deadlineAt: number
  readonly #results: AttemptResult[] = []
  readonly #tried: Tried[] = []
  readonly #refusedModes = new Set<ResumeMode>()
  #canAdapt = false
  #queuedMs = 0

  constructor(deps: GatewayDeps, call: ChatCall) {
    this.#deps = deps
    this.#call = call
    const { plan, request, startedAt, terms } = call
    this.#judge = new KeywordJudge(plan.retry.errorKeywords, () => request.humanTurns(1)[0] ?? '')
    const ownMs = request.stream ? plan.limits.totalMs : plan.limits.wholeTotalMs
    this.#deadlineAt = startedAt + Math.min(ownMs, terms.deadlineMs ?? Infinity)
  }

  next(): Step {
    return nextStep(this.#call.plan, this.#tried, this.#conditions())
  }

  end(step: Step): Attempts {
    return { results: this.#results, shed: step.kind === 'stop' && step.shed }
  }

  async pause(ms: number): Promise<void> {
    let wake = (): void => {}
    const over = new Promise<void>((resolve) => {
      wake = resolve
    })
    const timer = setTimeout(wake, ms)
    this.#call.onStart({ cancel: wake, resume: () => {} }, this.#results, null)
    await over
    clearTimeout(timer)
    this.#call.onPaused(ms)
  }

  /** False where no room came in time. */
  async waitForRoom(endpoint: Endpoint): Promise<boolean> {
    const { slots, health } = this.#deps.guards
    const startedAt = this.#deps.clock.now()
    const limitMs = Math.min(QUEUE_MS_MAX - this.#queuedMs, this.#deadlineAt - startedAt)
    if (limitMs <= 0) return false
    const isFree = (): boolean => !health.read(endpoint).isFull
    const { done, cancel } = slots.wait(endpoint.upstream.id, isFree, limitMs)
    this.#call.onStart({ cancel, resume: () => {} }, this.#results, null)
    const got = await done
    const waitedMs = this.#deps.clock.now() - startedAt
    this.#queuedMs += waitedMs
    this.#call.onPaused(waitedMs)
    return got
  }

  async attempt(step: SendStep): Promise<void> {
    const { budget } = this.#deps.guards
    const last = this.#tried.at(-1)
    if (step.again && last !== undefined) budget.spend(last.outcome)
    const isFirst = this.#results.length === 0
    const { relay, plan, onStart } = this.#call
    const { hedgeAfterMs } = plan.limits
    if (!isFirst || hedgeAfterMs === null) {
      this.#note(
        await this.#send(step, relay, (control) => onStart(control, this.#results, step.endpoint)),
      )
    } else await this.#hedged(step, hedgeAfterMs)
    if (isFirst && this.#results[0]?.outcome === 'ok') budget.refill()
  }

  async #hedged(step: SendStep, afterMs: number): Promise<void> {
    const { relay, onStart } = this.#call
    this.#deps.guards.hedges.count()
    let control: AttemptControl = { cancel: () => {}, resume: () => {} }
    const starter =
      (one: SendStep): Start =>
      (sink, onOne) => {
        const named = sink === null ? null : this.#named(sink, one.endpoint, () => control)
        return this.#send(one, named, onOne)
      }
    const results = await hedge({
      first: starter(step),
      second: () => {
        const other = this.#hedgeStep(step)
        return other === null ? null : starter(other)
      },
      afterMs,
      sink: relay,
      onStart: (race) => {
        control = race
        onStart(race, this.#results, step.endpoint)
      },
    })
    for (const result of results) this.#note(result)
  }

  /** The head of the answer must name the one whose content goes out. */
  #named(sink: AnswerSink, endpoint: Endpoint, control: () => AttemptControl): AnswerSink {
    return {
      commit: () => {
        this.#call.onStart(control(), this.#results, endpoint)
        sink.commit()
      },
      write: (bytes) => sink.write(bytes),
      finish: () => sink.finish(),
    }
  }

  async #send(
    step: SendStep,
    sink: AnswerSink | null,
    onStart: (control: AttemptControl) => void,
  ): Promise<AttemptResult> {
    const { health, failover } = this.#deps.guards
    const { endpoint } = step
    health.begin(endpoint)
    failover.count(endpoint.id, this.#results.length > 0)
    const result = await send(this.#deps, { ...this.#input(step), sink, onStart })
    this.#observe(result)
    return result
  }

  #input({ endpoint, key, waitMs }: SendStep): Omit<SendInput, 'onStart' | 'sink'> {
    const { plan, request, snapshot, relay, terms } = this.#call
    const last = this.#tried.at(-1)
    const resume = this.#resume(endpoint)
    return {
      endpoint,
      request,
      globalParams: snapshot.globalParams,
      adaptation: {
        without: this.#deps.guards.params.of(endpoint.id),
        resume,
        maxOutputTokens: this.#call.maxOutputTokens,
      },
      limits: plan.limits,
      deadlineAt: this.#deadlineAt,
      judge: this.#judge,
      retryStatus: plan.retry.statusCodes,
      key,
      waitedMs: waitMs,
      fresh: last?.outcome === 'stale_socket' && last.endpoint === endpoint,
      hop: terms.hop + 1,
      isPaused: () => relay?.isPaused() ?? false,
    }
  }

  /** Where the client has the beginning of an answer, this attempt continues it. */
  #resume(endpoint: Endpoint): Resume | null {
    const sent = this.#results.at(-1)?.sent ?? null
    if (this.#call.relay?.committed !== true || sent === null) return null
    return { mode: resumeMode(endpoint, sent, this.#refusedModes), sent }
  }

  #observe(result: AttemptResult): void {
    const { health, slots } = this.#deps.guards
    // The client's own deadline is no failure of the provider.
    const isOwn = result.outcome === 'timeout_total' && this.#call.terms.deadlineMs !== null
    const outcome = isOwn ? 'cancelled' : result.outcome
    health.observe(result.endpoint, { ...result, outcome })
    slots.release(result.endpoint.upstream.id)
  }

  #note(result: AttemptResult): void {
    const { plan, request, relay } = this.#call
    const committed = relay?.committed ?? false
    this.#results.push(result)
    if (result.outcome === 'diverged') this.#refuse(result)
    this.#canAdapt = result.outcome === 'param' && this.#learn(result)
    const { endpoint, key, outcome, status, retryAfterMs, totalMs } = result
    const resumable = committed && plan.retry.resume && isResumable(request, result.sent)
    const tried = { endpoint, key, outcome, status, retryAfterMs, totalMs, committed, resumable }
    this.#tried.push(tried)
  }

  /** The next attempt asks in another way. */
  #refuse(result: AttemptResult): void {
    const before = this.#results.at(-2)?.sent
    if (before === undefined || before === null) return
    this.#refusedModes.add(resumeMode(result.endpoint, before, this.#refusedModes))
  }

  #learn({ endpoint, error }: AttemptResult): boolean {
    const name = error === null ? null : refusedParam(error)
    return name !== null && this.#deps.guards.params.learn(endpoint.id, name)
  }

  /** Where a second request may go while the first is silent; null where nowhere. */
  #hedgeStep({ endpoint }: SendStep): SendStep | null {
    const { plan } = this.#call
    const others = { ...plan, endpoints: plan.endpoints.filter((one) => one !== endpoint) }
    const step = nextStep(others, [], this.#conditions())
    if (step.kind !== 'send' || step.waitMs > 0) return null
    return this.#deps.guards.hedges.take() ? step : null
  }

  #conditions(): Conditions {
    const { guards, random, clock } = this.#deps
    const { plan, terms } = this.#call
    return {
      health: guards.health,
      mayRepeat: (outcome) => guards.budget.allows(outcome),
      mayReceive: ({ id }) => guards.failover.allows(id, plan.retry.failoverPerS),
      canAdapt: this.#canAdapt,
      random,
      leftMs: this.#deadlineAt - clock.now(),
      isClientRetry: terms.isRetry,
    }
  }
}

/** How long a request waits in all for room at a provider. */
const QUEUE_MS_MAX = 5_000
