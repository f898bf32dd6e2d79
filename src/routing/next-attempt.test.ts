import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../config/snapshot.ts'
import type { Outcome } from '../contract/exchange.ts'
import { DECISIONS } from '../resilience/decision.ts'
import type { EndpointState } from '../resilience/endpoint-state.ts'
import { type Conditions, nextStep, type Tried } from './next-attempt.ts'
import type { Plan } from './plan.ts'

const endpoint = (id: string, contextTokens: number | null = null, keys = 1): Endpoint =>
  ({
    id,
    traits: { contextTokens, prefill: null, vision: null },
    upstream: { id, apiKeys: Array.from({ length: keys }, (_, key) => `k${key}`) },
  }) as unknown as Endpoint
const [a, b, c] = [endpoint('a'), endpoint('b'), endpoint('c')]

function planOf(endpoints: readonly Endpoint[], maxAttempts = 4): Plan {
  const limits = { connectMs: 1, firstTokenMs: 1 } as Plan['limits']
  const retry = {
    maxAttempts,
    waitInlineMs: 2_500,
    failoverOnContentFilter: false,
  } as Plan['retry']
  return { tier: 't1', reason: 'rule', endpoints, larger: [], limits, retry }
}

const FINE: EndpointState = {
  score: 1,
  state: 'closed',
  cooldownMs: 0,
  cause: null,
  drained: false,
  share: 1,
  inflight: 0,
  limit: null,
  isFull: false,
  consecutiveFailures: 0,
  firstTokenMs: null,
}

function conditions(
  states: Record<string, Partial<EndpointState>> = {},
  more: Partial<Conditions> = {},
): Conditions {
  return {
    health: {
      read: ({ id }) => ({ ...FINE, ...states[id] }),
      chooseKey: ({ upstream }, tried) => {
        const free = upstream.apiKeys.findIndex((_, key) => !tried.includes(key))
        return free < 0 ? null : free
      },
    },
    mayRepeat: () => true,
    mayReceive: () => true,
    canAdapt: true,
    random: () => 0.5,
    leftMs: 60_000,
    isClientRetry: false,
    ...more,
  }
}

interface Ending {
  readonly outcome: Outcome
  readonly status?: number
  readonly retryAfterMs?: number
  readonly committed?: boolean
  readonly resumable?: boolean
}

/** Lets every attempt end as given and lists where they went, with the pauses before. */
function run(plan: Plan, endings: readonly (Outcome | Ending)[], at = conditions()): string {
  const tried: Tried[] = []
  const went: string[] = []
  for (const ending of endings) {
    const step = nextStep(plan, tried, at)
    if (step.kind !== 'send') {
      went.push(step.kind === 'queue' ? '(queue)' : step.shed ? '(shed)' : '.')
      break
    }
    const end = typeof ending === 'string' ? { outcome: ending } : ending
    went.push(step.waitMs > 0 ? `~${step.endpoint.id}` : step.endpoint.id)
    tried.push({
      endpoint: step.endpoint,
      key: step.key,
      outcome: end.outcome,
      status: end.status ?? null,
      retryAfterMs: end.retryAfterMs ?? null,
      totalMs: 5,
      committed: end.committed ?? false,
      resumable: end.resumable ?? false,
    })
  }
  return went.join('')
}

const repeated = (ending: Ending): Ending[] => Array.from({ length: 5 }, () => ending)
const many = (outcome: Outcome): Outcome[] => Array<Outcome>(12).fill(outcome)

describe('nextStep', () => {
  it('goes to the next endpoint at once, and returns after a pause only when all have failed', () => {
    expect(run(planOf([a, b]), many('overload'))).toBe('ab~a~b.')
    expect(run(planOf([a, b, c]), many('connect'))).toBe('abc~a.')
  })

  it('asks once more, at once, where a 500 may pass', () => {
    const failing = repeated({ outcome: 'server', status: 500 })
    expect(run(planOf([a, b]), failing)).toBe('aabb.')
    const gateway = repeated({ outcome: 'server', status: 502 })
    expect(run(planOf([a, b]), gateway)).toBe('ab~a~b.')
    expect(run(planOf([a, b]), failing, conditions({}, { mayRepeat: () => false }))).toBe('ab.')
  })

  it('waits for a short rate limit, and leaves a long one', () => {
    expect(run(planOf([a, b]), [{ outcome: 'rate', retryAfterMs: 1_000 }, 'ok'])).toBe('a~a')
    expect(run(planOf([a, b]), [{ outcome: 'rate', retryAfterMs: 9_000 }, 'ok'])).toBe('ab')
    expect(run(planOf([a, b]), ['rate', 'ok'])).toBe('ab')
    const hurried = conditions({}, { leftMs: 1_500 })
    expect(run(planOf([a, b]), [{ outcome: 'rate', retryAfterMs: 1_000 }, 'ok'], hurried)).toBe(
      'ab',
    )
  })

  it('tries the other keys of an account before another model', () => {
    expect(run(planOf([endpoint('k', null, 3), b]), many('quota'))).toBe('kkkb.')
  })

  it('does not return to an endpoint whose failure will not go away', () => {
    expect(run(planOf([a, b, c]), many('auth'))).toBe('abc.')
    expect(run(planOf([a]), many('empty'))).toBe('a.')
  })

  it('retries a closed pooled connection on the same endpoint without counting it', () => {
    expect(run(planOf([a, b], 2), ['stale_socket', 'overload', 'overload', 'ok'])).toBe('aab.')
  })

  it('repeats a request without the refused parameter, once it can be left out', () => {
    expect(run(planOf([a, b]), ['param', 'ok'])).toBe('aa')
    expect(run(planOf([a, b]), ['param', 'ok'], conditions({}, { canAdapt: false }))).toBe('a.')
  })

  it('takes a prompt that is too long to larger windows only, stronger tiers included', () => {
    const [small, same, large] = [endpoint('s', 8), endpoint('m', 8), endpoint('l', 128)]
    const plan = { ...planOf([small, same]), larger: [large] }
    expect(run(plan, ['context', 'context', 'ok'])).toBe('sl.')
    expect(run(planOf([small, same]), ['context', 'ok'])).toBe('s.')
  })

  it('never tries again after a final outcome or once content has been sent', () => {
    expect(run(planOf([a, b]), ['client_fault', 'ok'])).toBe('a.')
    expect(run(planOf([a, b]), ['content', 'ok'])).toBe('a.')
    expect(run(planOf([a, b]), [{ outcome: 'truncated', committed: true }, 'ok'])).toBe('a.')
    const resumable = { outcome: 'truncated', committed: true, resumable: true } as const
    expect(run(planOf([a, b]), [resumable, 'ok'])).toBe('ab')
    expect(run(planOf([a]), [resumable, 'ok'])).toBe('~a'.replace('~a', 'a~a'))
  })

  it('passes over resting endpoints and comes back to one of them only as a last resort', () => {
    const resting = { cooldownMs: 9_000, state: 'open', cause: 'breaker' } as const
    expect(run(planOf([a, b]), ['ok'], conditions({ a: resting }))).toBe('b')
    expect(run(planOf([a, b]), many('overload'), conditions({ b: resting }))).toBe('a~a.')
    expect(run(planOf([a, b]), many('empty'), conditions({ b: resting }))).toBe('ab.')
  })

  it('in a panic waits for a quick recovery, or tries the best one once', () => {
    const rest = (cooldownMs: number, score: number): Partial<EndpointState> => ({
      cooldownMs,
      score,
      state: 'open',
      cause: 'breaker',
    })
    expect(
      run(planOf([a, b]), ['ok'], conditions({ a: rest(9_000, 0.2), b: rest(800, 0.1) })),
    ).toBe('~b')
    const both = conditions({ a: rest(9_000, 0.1), b: rest(9_000, 0.2) })
    expect(run(planOf([a, b]), many('timeout_first_token'), both)).toBe('b.')
  })

  it('waits for room at a full endpoint, and sheds what the others cannot bear', () => {
    const full = { isFull: true }
    expect(run(planOf([a, b]), ['ok'], conditions({ a: full }))).toBe('b')
    expect(run(planOf([a, b]), ['ok'], conditions({ a: full, b: full }))).toBe('(queue)')
    const flooded = conditions({}, { mayReceive: () => false })
    expect(run(planOf([a, b]), many('overload'), flooded)).toBe('a(shed)')
  })

  it('never uses what was taken out by hand', () => {
    expect(run(planOf([a]), ['ok'], conditions({ a: { drained: true } }))).toBe('.')
  })

  it('halves its attempts for a client that repeats on its own, and stops without time', () => {
    expect(run(planOf([a, b]), many('overload'), conditions({}, { isClientRetry: true }))).toBe(
      'ab.',
    )
    expect(run(planOf([a, b]), many('overload'), conditions({}, { leftMs: 0 }))).toBe('a.')
  })

  it('is bounded, whatever happens', () => {
    const ending = fc.record({
      outcome: fc.constantFrom(...(Object.keys(DECISIONS) as Outcome[])),
      status: fc.constantFrom(200, 400, 408, 429, 500, 503),
      retryAfterMs: fc.constantFrom(0, 500, 60_000),
      committed: fc.boolean(),
      resumable: fc.boolean(),
    })
    const pool = fc
      .integer({ min: 0, max: 6 })
      .map((size) => [...'abcdef'].slice(0, size).map((id) => endpoint(id)))
    fc.assert(
      fc.property(
        pool,
        fc.integer({ min: 1, max: 6 }),
        fc.array(ending, { minLength: 60, maxLength: 60 }),
        (endpoints, max, endings) => {
          const went = run(planOf(endpoints, max), endings).replace(/[^a-f]/g, '')
          const counted = endings.slice(0, went.length)
          const free = counted.filter(({ outcome }) =>
            ['stale_socket', 'param', 'shed'].includes(outcome),
          )
          expect(went.length).toBeLessThanOrEqual(max + free.length)
          expect(went.length).toBeLessThan(40)
        },
      ),
    )
  })
})
