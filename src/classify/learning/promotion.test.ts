import { describe, expect, it } from 'vitest'
import { type Frozen, promote } from './promotion.ts'
import { adjusted, bucketsOf, fitResidual, type Lesson } from './residual.ts'

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

  /** Public rows with the same words, of which the shipped model is right by so much. */
  const against = (margin: number): readonly Frozen[] =>
    Array.from({ length: 40 }, () => ({
      buckets: [7],
      probabilities: [0.2, 0.4 + margin / 2, 0.4 - margin / 2],
      tier: 1,
    }))

  it('refuses what makes the frozen public set worse', () => {
    const result = promote(taught, against(0.001), null)
    if (result.kind !== 'refused') throw new Error(result.kind)
    expect(result.report.publicAccuracy).toEqual([1, 0])
  })

  it('takes a weaker correction where the whole of it makes the frozen public set worse', () => {
    const whole = promote(taught, [], null)
    const result = promote(taught, against(0.65), null)
    if (whole.kind !== 'promoted' || result.kind !== 'promoted') throw new Error(result.kind)
    expect(result.report.publicAccuracy).toEqual([1, 1])
    const [before, after] = result.report.ownLoss
    expect(after).toBeLessThan(before)
    expect(after).toBeGreaterThan(whole.report.ownLoss[1])
  })

  it('refuses what only doubts more or less, and decides nothing better', () => {
    // Every word is heard with every tier: the loss falls when the model believes in none.
    const confused = lessons(300, (index) => ((index * 7) % 3) as 0 | 1 | 2)
    const agreed = lessons(300, () => 1)
    for (const own of [confused, agreed]) {
      const result = promote(own, [], null)
      if (result.kind !== 'refused') throw new Error(result.kind)
      expect(result.report.ownLoss[1]).toBeLessThan(result.report.ownLoss[0])
    }
  })

  it('measures no ask that it has learnt', () => {
    // One ask, many times: whichever side it falls on, there is nothing left for the other.
    const pings = lessons(120, () => 2).map((lesson) => ({ ...lesson, buckets: [7, 8, 9] }))
    expect(promote(pings, [], null).kind).toBe('refused')
  })

  it('keeps what all asks have in common small, however many there are', () => {
    const { bias } = fitResidual(
      lessons(3_000, () => 2),
      1,
    )
    expect(Math.max(...bias.map(Math.abs))).toBeLessThan(3)
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
