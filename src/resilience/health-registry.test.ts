import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../config/snapshot.ts'
import type { Outcome } from '../contract/exchange.ts'
import type { Observation } from './endpoint-state.ts'
import { HealthRegistry } from './health-registry.ts'

function endpointOf(id: string, keys: readonly string[] = ['one']): Endpoint {
  const upstream = { id: id.split('/')[0], apiKeys: keys, keyIds: keys, maxConcurrency: null }
  return { id, upstream } as unknown as Endpoint
}

const a = endpointOf('p/a')

function registry(): {
  health: HealthRegistry
  pass(ms: number): void
  end(outcome: Outcome, more?: Partial<Observation>, endpoint?: Endpoint): void
} {
  let now = 1_000
  const health = new HealthRegistry({ now: () => now, wall: () => now }, () => 0.5)
  return {
    health,
    pass: (ms) => {
      now += ms
    },
    end: (outcome, more = {}, endpoint = a) => {
      health.begin(endpoint)
      health.observe(endpoint, {
        key: 0,
        outcome,
        firstTokenMs: outcome === 'ok' ? 100 : null,
        totalMs: 0,
        retryAfterMs: null,
        isProviderFault: false,
        ...more,
      })
    },
  }
}

describe('the breaker of an endpoint', () => {
  it('opens after three failures in a row, then lets one probe at a time through', () => {
    const { health, end, pass } = registry()
    for (let count = 0; count < 3; count++) end('server')
    expect(health.read(a)).toMatchObject({ state: 'open', cooldownMs: 5_000, cause: 'breaker' })
    pass(5_001)
    expect(health.read(a)).toMatchObject({ state: 'half_open', cooldownMs: 0 })
    health.begin(a)
    expect(health.read(a).cooldownMs).toBeGreaterThan(0)
  })

  it('closes after two good probes and takes its traffic back little by little', () => {
    const { health, end, pass } = registry()
    for (let count = 0; count < 3; count++) end('server')
    pass(5_001)
    end('ok')
    expect(health.read(a).state).toBe('half_open')
    end('ok')
    expect(health.read(a)).toMatchObject({ state: 'closed', share: 0.1 })
    pass(15_000)
    expect(health.read(a).share).toBeCloseTo(0.55)
    pass(15_000)
    expect(health.read(a).share).toBe(1)
  })

  it('doubles the pause when a probe fails, up to half a minute, and forgives after five minutes', () => {
    const { health, end, pass } = registry()
    for (let count = 0; count < 3; count++) end('server')
    const pauses: number[] = []
    for (let round = 0; round < 4; round++) {
      pass(health.read(a).cooldownMs + 1)
      end('server')
      pauses.push(health.read(a).cooldownMs)
    }
    expect(pauses).toEqual([10_000, 20_000, 30_000, 30_000])
    pass(30_001)
    end('ok')
    end('ok')
    pass(300_001)
    for (let count = 0; count < 3; count++) end('server')
    expect(health.read(a).cooldownMs).toBe(5_000)
  })

  it('opens when half of the last thirty seconds failed, though never three in a row', () => {
    const { health, end } = registry()
    for (let count = 0; count < 5; count++) {
      end('ok')
      end('server')
    }
    expect(health.read(a).state).toBe('open')
  })

  it('learns nothing from what began before it opened', () => {
    const { health, end, pass } = registry()
    pass(60_000)
    for (let count = 0; count < 3; count++) end('server')
    pass(1_000)
    end('ok', { totalMs: 30_000 })
    expect(health.read(a).state).toBe('open')
    end('ok', { totalMs: 500 })
    end('ok', { totalMs: 500 })
    expect(health.read(a).state).toBe('closed')
  })

  it('blames nobody for a client that left or asked for something impossible', () => {
    const { health, end } = registry()
    for (let count = 0; count < 20; count++) end(count % 2 === 0 ? 'cancelled' : 'client_fault')
    expect(health.read(a)).toMatchObject({ state: 'closed', score: 1, inflight: 0 })
  })

  it('forgets half of what happened every minute', () => {
    const { health, end, pass } = registry()
    end('server')
    expect(health.read(a).score).toBeCloseTo(2 / 3)
    pass(60_000)
    expect(health.read(a).score).toBeCloseTo(2 / 2.5)
  })
})

describe('scopes', () => {
  it('a rate limit rests one key for one model, as long as it asks, without lowering the score', () => {
    const { health, end, pass } = registry()
    const two = endpointOf('p/a', ['one', 'two'])
    end('rate', { retryAfterMs: 7_000, key: 1 }, two)
    expect(health.read(two).cooldownMs).toBe(0)
    expect([0, 1, 2].map((n) => health.chooseKey(two, [], () => n / 3))).toEqual([0, 0, 0])
    end('rate', { retryAfterMs: 9_000, key: 0 }, two)
    expect(health.read(two)).toMatchObject({ cooldownMs: 7_000, cause: 'rate', score: 1 })
    expect(health.read(endpointOf('p/b', ['one', 'two'])).cooldownMs).toBe(0)
    pass(7_000)
    expect(health.read(two)).toMatchObject({ state: 'closed', cooldownMs: 0 })
  })

  it('an exhausted account rests its key for every model', () => {
    const { health, end } = registry()
    end('quota')
    expect(health.read(endpointOf('p/other'))).toMatchObject({ cause: 'quota', state: 'open' })
    expect(health.read(endpointOf('q/a')).state).toBe('closed')
  })

  it('a refused key rests for the model it was refused for', () => {
    const { health, end } = registry()
    end('auth')
    expect(health.read(a)).toMatchObject({ cause: 'auth', cooldownMs: 300_000 })
    expect(health.read(endpointOf('p/other')).state).toBe('closed')
  })

  it('a provider that cannot be resolved rests with all its models', () => {
    const { health, end } = registry()
    end('connect', { isProviderFault: true })
    expect(health.read(endpointOf('p/other'))).toMatchObject({ cause: 'provider' })
  })

  it('a success ends every rest of what it used', () => {
    const { health, end } = registry()
    end('rate', { retryAfterMs: 60_000 })
    end('ok')
    expect(health.read(a).cooldownMs).toBe(0)
  })
})

describe('concurrency', () => {
  it('is unlimited until refused, then cut, then grows again', () => {
    const { health, end, pass } = registry()
    for (let count = 0; count < 9; count++) health.begin(a)
    end('rate', { retryAfterMs: 0 })
    expect(health.read(a)).toMatchObject({ limit: 7, inflight: 9, isFull: true })
    pass(1)
    for (let count = 0; count < 7; count++) end('ok')
    expect(health.read(a).limit).toBe(8)
  })

  it('respects what the configuration allows a provider', () => {
    const { health } = registry()
    const one = { ...a, upstream: { ...a.upstream, maxConcurrency: 1 } }
    expect(health.read(one).isFull).toBe(false)
    health.begin(one)
    expect(health.read(one).isFull).toBe(true)
  })
})

describe('by hand and across restarts', () => {
  it('opens, drains and closes', () => {
    const { health, end, pass } = registry()
    health.steer('p/a', 'open')
    expect(health.read(a)).toMatchObject({ state: 'open', cause: 'manual', drained: false })
    health.steer('p/a', 'drain')
    expect(health.read(a)).toMatchObject({ drained: true })
    pass(86_400_000)
    expect(health.read(a).drained).toBe(true)
    end('quota')
    health.steer('p/a', 'close')
    expect(health.read(a)).toMatchObject({ state: 'closed', drained: false, cooldownMs: 0 })
  })

  it('remembers through a dump what has not healed meanwhile', () => {
    const first = registry()
    for (let count = 0; count < 3; count++) first.end('server')
    first.end('quota')
    first.health.steer('p/out', 'drain')
    const dump = JSON.parse(JSON.stringify(first.health.dump()))
    const second = registry()
    second.health.restore(dump, 2_000)
    expect(second.health.read(a)).toMatchObject({ state: 'open', cause: 'quota' })
    expect(second.health.read(endpointOf('p/out')).drained).toBe(true)
    const third = registry()
    third.health.restore(dump, 3_600_000)
    expect(third.health.read(a)).toMatchObject({ state: 'half_open', cooldownMs: 0 })
    expect(third.health.read(a).score).toBeGreaterThan(0.99)
    expect(JSON.stringify(dump)).not.toContain('sk-')
  })
})
