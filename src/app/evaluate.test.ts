import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { evaluate, percentile } from './evaluate.ts'

const ROWS = [
  {
    prompt: '法国的首都是哪里？',
    tier: 'T1',
    lang: 'zh',
    translation: 'What is the capital of France?',
  },
  { prompt: 'What is the capital of Peru?', tier: 't1', lang: 'en', note: 'borderline' },
  {
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'Hello!' },
      {
        role: 'user',
        content: 'Write a Python function that parses a CSV file and returns a list of dicts.',
      },
    ],
    tier: 'T2',
    lang: 'en',
  },
  {
    prompt: 'Prove that every continuous function on a compact set is uniformly continuous.',
    tier: 'T3',
    lang: 'en',
  },
]
const lines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n')

describe('the shipped classifier on labelled prompts', () => {
  test('is scored beside what costs nothing to know', () => {
    const result = evaluate(lines(ROWS))
    if (result.kind !== 'evaluated') throw new Error(result.kind)
    const { classifiers, flips, meanFlips, latencyMs, assetBytes } = result.evaluation
    expect(classifiers.oracle).toMatchObject({ rows: 4, accuracy: 1, underRouted: 0, adequate: 1 })
    expect(classifiers.local.accuracy).toBeGreaterThan(0.5)
    expect(classifiers.local.byLanguage).toMatchObject({ en: { rows: 3 }, zh: { rows: 1 } })
    expect(classifiers.local.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(4)
    const shares = Object.values(flips)
    expect(meanFlips).toBeCloseTo(shares.reduce((sum, share) => sum + share, 0) / shares.length)
    expect(latencyMs.p99).toBeGreaterThanOrEqual(latencyMs.p50)
    expect(latencyMs.long).toBeGreaterThan(0)
    expect(assetBytes).toBeLessThanOrEqual(5_000_000)
  })

  test('counts a translation only among the rows that have one', () => {
    const withOne = evaluate(lines(ROWS))
    const without = evaluate(lines(ROWS.slice(1)))
    if (withOne.kind !== 'evaluated' || without.kind !== 'evaluated')
      throw new Error('not evaluated')
    expect(withOne.evaluation.flips['translated']).toBe(0)
    expect(without.evaluation.flips).not.toHaveProperty('translated')
  })

  test('counts a noise only among the rows that it changes', () => {
    const chinese = evaluate('{"prompt":"法国的首都是哪里？","tier":"T1"}')
    if (chinese.kind !== 'evaluated') throw new Error(chinese.kind)
    expect(Object.keys(chinese.evaluation.flips)).toEqual(['spaces', 'polite'])
  })

  test('has no figure where no row could give one', () => {
    const result = evaluate(lines(ROWS.slice(1, 2)))
    if (result.kind !== 'evaluated') throw new Error(result.kind)
    const { classifiers, meanFlips } = result.evaluation
    expect(classifiers.oracle.recall).toEqual({ t1: 1, t2: null, t3: null })
    expect(classifiers.oracle.clearAccuracy).toBe(null)
    expect(meanFlips).toBeTypeOf('number')
    expect(numbersIn(result.evaluation).filter((value) => !Number.isFinite(value))).toEqual([])
  })

  test('decides by the preference', () => {
    const set = readFileSync('train/data/eval/tiers_public.jsonl', 'utf8')
    const text = set.split('\n').slice(0, 100).join('\n')
    const [economy, balanced, quality] = (['economy', 'balanced', 'quality'] as const).map(
      (one) => {
        const result = evaluate(text, one)
        if (result.kind !== 'evaluated') throw new Error(result.kind)
        expect(result.evaluation.preference).toBe(one)
        return result.evaluation.classifiers.local.saved
      },
    )
    expect(economy).toBeGreaterThan(balanced ?? NaN)
    expect(balanced).toBeGreaterThan(quality ?? NaN)
  })

  test('is not scored on a file with a problem, nor on one without rows', () => {
    expect(evaluate(`${lines(ROWS)}\n{"prompt":"x","tier":"T9"}`)).toEqual({
      kind: 'invalid',
      problems: [{ line: 5, cause: 'unknownTier', found: '"T9"' }],
      count: 1,
    })
    expect(evaluate('\ufeff\r\n\n')).toEqual({ kind: 'empty' })
  })
})

describe('a percentile', () => {
  test('is what that share of the calls did not take longer than', () => {
    const times = Array.from({ length: 100 }, (_, at) => at + 1)
    expect([0, 0.5, 0.99, 1].map((share) => percentile(times, share))).toEqual([1, 50, 99, 100])
    expect(percentile([7], 0.99)).toBe(7)
    expect(percentile([], 0.5)).toBe(0)
  })
})

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}
