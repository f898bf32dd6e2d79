import { describe, expect, it } from 'vitest'
import { type Frozen, promote } from './promotion.ts'
import { adjusted, bucketsOf, type Lesson } from './residual.ts'

/** Asks that the model takes for routine work though their bucket 7 means deep work here. */
function lessons(count: number, right: (index: number) => 0 | 1 | 2): readonly Lesson[] {
  return Array.from({ length: count }, (_, index) => ({
    requestId: `r${index}`,
    buckets: index % 2 === 0 ? [7, 100 + (index % 9)] : [300 + (index % 11)],
    probabilities: [0.2, 0.6, 0.2],
    tier: right(index),
    weight: 1,
  }))
}

const taught = lessons(120, (index) => (index % 2 === 0 ? 2 : 1))
const frozen: readonly Frozen[] = Array.from({ length: 40 }, (_, index) => ({
  buckets: [900 + index],
  probabilities: [0.1, 0.8, 0.1],
  tier: 1,
}))

describe('promote', () => {
  it('takes a correction that helps here and hurts nowhere', () => {
    const result = promote(taught, frozen, null)
    if (result.kind !== 'promoted') throw new Error(result.kind)
    const said = adjusted({ buckets: [7], probabilities: [0.2, 0.6, 0.2] }, result.residual)
    expect(said[2]).toBeGreaterThan(said[1])
    expect(result.report.ownLoss[1]).toBeLessThan(result.report.ownLoss[0])
  })

  it('refuses what makes the frozen public set worse', () => {
    const against: readonly Frozen[] = Array.from({ length: 40 }, () => ({
      buckets: [7],
      probabilities: [0.2, 0.6, 0.2],
      tier: 1,
    }))
    expect(promote(taught, against, null).kind).toBe('refused')
  })

  it('waits for enough lessons', () => {
    expect(promote(taught.slice(0, 10), [], null)).toEqual({ kind: 'too_few', lessons: 10 })
  })

  it('is the same every time', () => {
    expect(promote(taught, [], null)).toEqual(promote(taught, [], null))
  })
})

describe('bucketsOf', () => {
  it('names each bucket once and few of them', () => {
    const pieces = Uint16Array.from({ length: 5_000 }, (_, index) => index)
    expect(bucketsOf(pieces).length).toBeLessThanOrEqual(128)
    expect(bucketsOf(Uint16Array.of(5, 5, 5))).toHaveLength(1)
  })
})
