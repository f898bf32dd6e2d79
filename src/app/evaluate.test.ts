import { describe, expect, test } from 'vitest'
import { evaluate } from './evaluate.ts'

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

  test('names the line that cannot be read', () => {
    expect(evaluate(`${lines(ROWS)}\n{"prompt":"x","tier":"T9"}`)).toEqual({
      kind: 'invalid',
      line: 5,
    })
    expect(evaluate('\n\n')).toEqual({ kind: 'empty' })
  })

  test('takes a conversation without words of a human', () => {
    const result = evaluate(lines([{ messages: [{ role: 'system', content: 'x' }], tier: 'T1' }]))
    expect(result.kind).toBe('evaluated')
  })
})
