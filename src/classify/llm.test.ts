import { describe, expect, it } from 'vitest'
import { readTier } from './llm.ts'

describe('readTier', () => {
  it.each([
    ['T1', 't1'],
    [' t3.', 't3'],
    ['**T2**', 't2'],
    ['<think>T1 or T2? No, T3.</think>\nT2', 't2'],
    ['The answer is T3', 't3'],
    ['T1 or T2', null],
    ['T4', null],
    ['AT1B', null],
    ['', null],
    [`T3 ${'because '.repeat(100)}`, null],
  ])('reads %j as %s', (answer, tier) => {
    expect(readTier(answer)).toBe(tier)
  })
})
