import { describe, expect, it } from 'vitest'
import type { Verdict } from '../classify/classifier.ts'
import { type Session, softened } from './sessions.ts'

const session: Session = { tier: 't3', by: 'llm', endpointId: null }
const verdict = (part: Partial<Verdict>): Verdict => ({
  tier: 't1',
  by: 'llm',
  detail: null,
  ...part,
})

describe('a session that falls', () => {
  it.each([
    ['the classifier says so', verdict({}), 't2'],
    ['no classifier answered', verdict({ by: 'fallback', detail: 'classifier_failed' }), 't2'],
    ['the classifier is very sure', verdict({ by: 'local', confidence: 0.9 }), 't1'],
    ["an operator's rule says so", verdict({ by: 'rule' }), 't1'],
    ['it falls by one tier', verdict({ tier: 't2' }), 't2'],
  ])('where %s', (_, decided, tier) => {
    expect(softened(decided, session).tier).toBe(tier)
  })

  it('says that it was held', () => {
    const failed = verdict({ by: 'fallback', detail: 'classifier_failed' })
    expect(softened(failed, session).detail).toBe('classifier_failed; held=one_tier_down')
    expect(softened(failed, null)).toBe(failed)
  })
})
