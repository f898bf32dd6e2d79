import { describe, expect, it } from 'vitest'
import { readHumanAsk } from '../human-ask.ts'
import { modelInput } from './input.ts'

const read = (text: string): string =>
  modelInput(readHumanAsk([{ role: 'user', text, images: 0, isToolResult: false }])).text

describe('what the model reads', () => {
  it.each([
    ['好'.repeat(60), '好好好'],
    ['😀'.repeat(2_000), '😀😀😀'],
    ['| '.repeat(60), '|||'],
    ['哈哈 '.repeat(30), '哈哈哈'],
    [`what is this? ${'QUJDREVG'.repeat(4_000)}`, `what is this? ${'qujdrevg'.repeat(5)}`],
    ['hahaha', 'hahaha'],
    ['a a a a a a a b', 'a a a a a a a b'],
    ['is 1000000000000 a power of ten?', 'is 1000000000000 a power of ten?'],
  ])('is no more than there is to read in %#', (text, seen) => {
    expect(read(text).trim()).toBe(seen)
  })

  it('takes no time for megabytes of anything', () => {
    const startedAt = performance.now()
    for (const unit of ['a', 'ab', ' ', 'a ', '好', 'abcde', 'ab\n']) read(unit.repeat(1_000_000))
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})
