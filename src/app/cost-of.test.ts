import { describe, expect, it } from 'vitest'
import { loadConfigText } from '../config/load.ts'
import type { Exchange, Usage } from '../contract/exchange.ts'
import { type RowCost, spentUsd } from '../contract/exchange-row.ts'
import { costOf } from './cost-of.ts'

const CONFIG = `
version: 1
providers: { fake: { base_url: "https://fake.example/v1", api_key: "sk-fake-000000000001" } }
tiers:
  t1: { models: [fake/small] }
  t2: { models: [fake/priceless] }
  t3: { models: [fake/large] }
prices: { fake/small: { input: 1, output: 1 }, fake/large: { input: 9, output: 9 }, fake/judge: { input: 2, output: 2 } }
`
/** A million tokens: what a price is named for. */
const USAGE: Usage = {
  promptTokens: 1e6,
  completionTokens: 0,
  totalTokens: 1e6,
  cachedTokens: 0,
  reasoningTokens: 0,
}

/** The cost of what one model answered after another, or none, was asked for the tier. */
function costs(served: string | null, judge: string | null, asked: Usage | null = USAGE): RowCost {
  const loaded = loadConfigText(CONFIG, { configPath: null, language: 'en', env: {} })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const classifier = judge === null ? null : { model: judge, usage: asked }
  const usage = served === null ? null : USAGE
  // Only what is read of an exchange.
  return costOf(loaded.snapshot, { served, usage, route: { classifier } } as unknown as Exchange)
}

describe('the cost of a request', () => {
  it('is that of the answer where nobody was asked, or the judge has no price', () => {
    const alone = { costUsd: 1, savedUsd: 8 }
    expect(costs('fake/small', null)).toEqual(alone)
    expect(costs('fake/small', 'fake/priceless')).toEqual(alone)
    expect(costs('fake/small', 'gone/judge')).toEqual(alone)
    // Another request has the usage of a call that was shared.
    expect(costs('fake/small', 'fake/judge', null)).toEqual(alone)
    expect(costs('fake/priceless', null)).toEqual({ costUsd: null, savedUsd: null })
  })

  it('has that of the judge beside it, which saves less', () => {
    const both = costs('fake/small', 'fake/judge')
    expect(both).toEqual({ costUsd: 1, judgeUsd: 2, savedUsd: 6 })
    expect(spentUsd(both)).toBe(3)
  })

  it('is that of the judge where there is no answer, or none with a price', () => {
    expect(costs(null, 'fake/judge')).toEqual({ costUsd: null, judgeUsd: 2, savedUsd: -2 })
    const priceless = costs('fake/priceless', 'fake/judge')
    expect(priceless).toEqual({ costUsd: null, judgeUsd: 2, savedUsd: null })
    expect([spentUsd(priceless), spentUsd(costs(null, null))]).toEqual([2, null])
  })
})
