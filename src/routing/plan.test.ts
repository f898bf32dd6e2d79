import { describe, expect, it } from 'vitest'
import type { Endpoint, Pool, Snapshot } from '../config/snapshot.ts'
import type { EndpointState, HealthView } from '../resilience/endpoint-state.ts'
import { planTier } from './plan.ts'
import { order } from './selection/selection.ts'

const FINE: EndpointState = {
  score: 1,
  state: 'closed',
  cooldownMs: 0,
  cause: null,
  drained: false,
  share: 1,
  limit: null,
  isFull: false,
  inflight: 0,
  consecutiveFailures: 0,
  firstTokenMs: null,
}

function view(states: Record<string, Partial<EndpointState>> = {}): HealthView {
  return { read: ({ id }) => ({ ...FINE, ...states[id] }), chooseKey: () => 0 }
}

function pool(strategy: Pool['strategy'], weights: Record<string, number>): Pool {
  const members = Object.entries(weights).map(([id, weight]) => ({
    endpoint: { id, upstream: { maxConcurrency: 10 } } as Endpoint,
    weight,
  }))
  const endpoints = members.map((member) => member.endpoint)
  return { members, endpoints, strategy, retry: {} } as unknown as Pool
}

/** How often each member comes first, in percent. */
function shares(chosen: Pool, health: HealthView): Record<string, number> {
  let seed = 1
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const counts: Record<string, number> = {}
  for (let draw = 0; draw < 20_000; draw++) {
    const id = order(chosen, health, random)[0]?.endpoint.id ?? ''
    counts[id] = (counts[id] ?? 0) + 1 / 200
  }
  return counts
}

describe('selection', () => {
  it('sequential keeps the listed order', () => {
    const ids = order(pool('sequential', { a: 1, b: 9 }), view(), () => 0.9).map(
      (m) => m.endpoint.id,
    )
    expect(ids).toEqual(['a', 'b'])
  })

  it('random follows the weights and lists every member once', () => {
    const chosen = pool('random', { a: 1, b: 3 })
    expect(shares(chosen, view())['b']).toBeCloseTo(75, -0.5)
    expect(order(chosen, view(), Math.random)).toHaveLength(2)
  })

  it('adaptive prefers the healthy, the quick and the heavy, and starves nobody', () => {
    const even = { a: 1, b: 1 }
    expect(shares(pool('adaptive', even), view())['a']).toBeCloseTo(50, -0.5)
    expect(shares(pool('adaptive', even), view({ a: { score: 0.4 } }))['b']).toBeGreaterThan(85)
    const slow = shares(
      pool('adaptive', even),
      view({ a: { firstTokenMs: 4_000 }, b: { firstTokenMs: 200 } }),
    )
    expect(slow['b']).toBeGreaterThan(85)
    expect(slow['a']).toBeGreaterThan(0.2)
    const busy = view({ a: { firstTokenMs: 500, inflight: 10 }, b: { firstTokenMs: 500 } })
    expect(shares(pool('adaptive', even), busy)['b']).toBeGreaterThan(55)
  })
})

describe('planTier', () => {
  it('gives a recovered model a growing share of its traffic back', () => {
    const t2 = pool('sequential', { a: 1, b: 1 })
    const none = pool('sequential', {})
    const state = { pools: { t1: none, t2, t3: none } } as unknown as Snapshot
    const health = view({ a: { share: 0.3 } })
    let draw = 0
    let first = 0
    for (let count = 0; count < 100; count++) {
      const random = (): number => (draw++ % 100) / 100
      const plan = planTier(state, { tier: 't2', reason: 'rule' }, health, random)
      if (plan.endpoints[0]?.id === 'a') first++
    }
    expect(first).toBeGreaterThan(25)
    expect(first).toBeLessThan(35)
  })

  it('with tier_fallback leaves a tier that has no healthy model', () => {
    const [dead, alive] = [pool('sequential', { a: 1 }), pool('sequential', { b: 1 })]
    const health = view({ a: { cooldownMs: 9_000 } })
    const planOf = (tierFallback: boolean): string => {
      const t1 = { ...dead, retry: { tierFallback } } as unknown as Pool
      const state = { pools: { t1, t2: alive, t3: dead } } as unknown as Snapshot
      return planTier(state, { tier: 't1', reason: 'rule' }, health, Math.random).reason
    }
    expect(planOf(true)).toBe('rule; unhealthy_tier=t1')
    expect(planOf(false)).toBe('rule')
  })

  it('with tier_fallback counts as healthy what can take the request, if anything can', () => {
    const t1 = pool('sequential', { a: 1, blind: 1 })
    const t2 = pool('sequential', { b: 1 })
    for (const { endpoint } of [...t1.members, ...t2.members]) {
      const vision = endpoint.id !== 'blind'
      Object.assign(endpoint, { traits: { vision, contextTokens: null } })
    }
    const falling = { ...t1, retry: { tierFallback: true } } as unknown as Pool
    const state = { pools: { t1: falling, t2, t3: pool('sequential', {}) } } as unknown as Snapshot
    const tierOf = (hasImages: boolean, resting: readonly string[]): string => {
      const needs = { tokens: 0, vision: () => hasImages }
      const health = view(Object.fromEntries(resting.map((id) => [id, { cooldownMs: 9_000 }])))
      return planTier(state, { tier: 't1', reason: 'rule', needs }, health, Math.random).tier
    }
    expect(tierOf(true, ['a'])).toBe('t2')
    expect(tierOf(false, ['a'])).toBe('t1')
    expect(tierOf(true, [])).toBe('t1')
    expect(tierOf(true, ['a', 'b'])).toBe('t1')
  })

  const snapshot = (pools: Record<string, Pool>): Snapshot => ({ pools }) as unknown as Snapshot
  const none = pool('sequential', {})
  const verdict = { tier: 't2' as const, reason: 'rule' }

  it('puts resting models last, the first to recover before the others', () => {
    const t2 = pool('sequential', { a: 1, b: 1, c: 1 })
    const health = view({ a: { cooldownMs: 900 }, b: { cooldownMs: 100 } })
    const plan = planTier(snapshot({ t1: none, t2, t3: none }), verdict, health, Math.random)
    expect(plan.endpoints.map(({ id }) => id)).toEqual(['c', 'b', 'a'])
  })

  it('borrows from the next stronger tier, else from the strongest there is', () => {
    const filled = pool('sequential', { a: 1 })
    const tierOf = (pools: Record<string, Pool>): string =>
      planTier(snapshot(pools), verdict, view(), Math.random).tier
    expect(tierOf({ t1: filled, t2: none, t3: filled })).toBe('t3')
    expect(tierOf({ t1: filled, t2: none, t3: none })).toBe('t1')
    expect(tierOf({ t1: none, t2: none, t3: none })).toBe('t2')
  })
})
