import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../config/snapshot.ts'
import type { Outcome } from '../contract/exchange.ts'
import { DECISIONS } from '../resilience/decision.ts'
import { nextAttempt, type Tried } from './next-attempt.ts'
import type { Plan } from './plan.ts'

const endpoint = (id: string): Endpoint => ({ id }) as Endpoint
const [a, b, c] = [endpoint('a'), endpoint('b'), endpoint('c')]

function planOf(endpoints: readonly Endpoint[], maxAttempts = 4): Plan {
  const limits = { connectMs: 1, firstTokenMs: 1, idleMs: 1, totalMs: 1 }
  const retry = { statusCodes: new Set<number>(), errorKeywords: [], maxAttempts }
  return { tier: 't1', reason: 'rule', endpoints, limits, retry }
}

/** Lets every attempt end as given and lists where they went. */
function run(plan: Plan, outcomes: readonly Outcome[]): string {
  const tried: Tried[] = []
  for (const outcome of outcomes) {
    const next = nextAttempt(plan, tried, () => 0.5)
    if (next === null) break
    tried.push({ endpoint: next.endpoint, outcome, committed: false })
  }
  return tried.map((attempt) => attempt.endpoint.id).join('')
}

describe('nextAttempt', () => {
  it('goes to the next endpoint at once, and returns only when all have failed', () => {
    const plan = planOf([a, b])
    expect(
      nextAttempt(plan, [{ endpoint: a, outcome: 'server', committed: false }], () => 0),
    ).toEqual({
      endpoint: b,
      waitMs: 0,
    })
    expect(run(plan, ['server', 'server', 'server', 'server', 'server'])).toBe('abab')
  })

  it('does not return to an endpoint whose failure will not go away', () => {
    expect(run(planOf([a, b, c]), Array<Outcome>(9).fill('auth'))).toBe('abc')
    expect(run(planOf([a]), ['empty', 'empty'])).toBe('a')
  })

  it('retries a closed pooled connection on the same endpoint without counting it', () => {
    expect(run(planOf([a, b], 2), ['stale_socket', 'server', 'server', 'server'])).toBe('aab')
  })

  it('never tries again after a final outcome or once content has been sent', () => {
    expect(run(planOf([a, b]), ['client_fault', 'ok'])).toBe('a')
    const tried = [{ endpoint: a, outcome: 'truncated' as const, committed: true }]
    expect(nextAttempt(planOf([a, b]), tried, () => 0)).toBeNull()
  })

  it('is bounded, whatever happens', () => {
    const outcome = fc.constantFrom(...(Object.keys(DECISIONS) as Outcome[]))
    const pool = fc
      .integer({ min: 0, max: 6 })
      .map((size) => [...'abcdef'].slice(0, size).map(endpoint))
    fc.assert(
      fc.property(
        pool,
        fc.integer({ min: 1, max: 6 }),
        fc.array(outcome, { minLength: 50, maxLength: 50 }),
        (endpoints, max, outcomes) => {
          const went = run(planOf(endpoints, max), outcomes)
          expect(went.length).toBeLessThanOrEqual(2 * Math.max(1, endpoints.length))
          for (const id of went) expect(went.split(id).length - 1).toBeLessThanOrEqual(2)
        },
      ),
    )
  })
})
