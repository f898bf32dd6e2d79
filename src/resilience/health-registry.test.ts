import { describe, expect, it } from 'vitest'
import type { Outcome } from '../contract/exchange.ts'
import { HealthRegistry } from './health-registry.ts'

function registry(): {
  health: HealthRegistry
  pass(ms: number): void
  end(outcome: Outcome, retryAfterMs?: number): void
} {
  let now = 1_000
  const health = new HealthRegistry({ now: () => now, wall: () => now })
  return {
    health,
    pass: (ms) => {
      now += ms
    },
    end: (outcome, retryAfterMs) => {
      health.begin('a')
      health.observe('a', {
        outcome,
        firstTokenMs: outcome === 'ok' ? 100 : null,
        retryAfterMs: retryAfterMs ?? null,
      })
    },
  }
}

describe('HealthRegistry', () => {
  it('opens after five failures in a row and lets one probe through when the pause is over', () => {
    const { health, end, pass } = registry()
    for (let count = 0; count < 5; count++) end('server')
    expect(health.read('a')).toMatchObject({ state: 'open', cooldownMs: 10_000 - 5_000 })
    pass(5_001)
    expect(health.read('a')).toMatchObject({ state: 'half_open', cooldownMs: 0 })
    health.begin('a')
    expect(health.read('a').cooldownMs).toBeGreaterThan(0)
    health.observe('a', { outcome: 'ok', firstTokenMs: 50, retryAfterMs: null })
    expect(health.read('a').state).toBe('closed')
  })

  it('doubles the pause when the probe fails', () => {
    const { health, end, pass } = registry()
    for (let count = 0; count < 5; count++) end('server')
    pass(5_001)
    end('server')
    expect(health.read('a').cooldownMs).toBe(10_000)
  })

  it('blames nobody for a client that left or asked for something impossible', () => {
    const { health, end } = registry()
    for (let count = 0; count < 20; count++) end(count % 2 === 0 ? 'cancelled' : 'client_fault')
    expect(health.read('a')).toMatchObject({ state: 'closed', score: 1, inflight: 0 })
  })

  it('rests as long as a rate limit asks, without lowering the score', () => {
    const { health, end, pass } = registry()
    end('rate', 7_000)
    expect(health.read('a')).toMatchObject({ state: 'open', cooldownMs: 7_000, score: 1 })
    pass(7_000)
    expect(health.read('a')).toMatchObject({ state: 'closed', cooldownMs: 0 })
  })

  it('forgets half of what happened every minute', () => {
    const { health, end, pass } = registry()
    end('server')
    expect(health.read('a').score).toBeCloseTo(2 / 3)
    pass(60_000)
    expect(health.read('a').score).toBeCloseTo(2 / 2.5)
  })
})
