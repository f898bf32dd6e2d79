import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import type { Rule } from '../config/snapshot.ts'
import { type Intent, intentOf } from './classifier.ts'
import { matchRule } from './rules.ts'

function rule(part: Partial<Rule>): Rule {
  return { index: 0, tier: 't3', keywords: [], patterns: [], whole: false, ...part }
}

function saying(text: string): Intent {
  const message = { role: 'user', text, images: 0, isToolResult: false }
  return intentOf({ conversation: () => [message] })
}

const matches = (text: string, part: Partial<Rule>): boolean =>
  matchRule([rule(part)], saying(text)) !== null

describe('matchRule', () => {
  it.each([
    ['Please PROVE that', ['prove'], true],
    ['it proves nothing', ['prove'], true],
    ['improve this', ['prove'], false],
    ['history', ['hi'], false],
    ['this', ['hi'], false],
    ['请证明勾股定理', ['证明'], true],
    ['ｐｒｏｖｅ it', ['prove'], true],
    ['a C++ question', ['c++'], true],
  ])('"%s" with keywords %j: %s', (text, keywords, expected) => {
    expect(matches(text, { keywords })).toBe(expected)
  })

  it.each([
    ['你好！', ['你好'], true],
    ['  Hi 👋', ['hi'], true],
    ['你好，帮我写个排序', ['你好'], false],
  ])('"%s" as a whole message of %j: %s', (text, keywords, expected) => {
    expect(matches(text, { keywords, whole: true })).toBe(expected)
  })

  it('matches RE2 patterns in linear time', () => {
    const patterns = [RE2JS.compile('^(a+)+$')]
    expect(matches('aaa', { patterns, whole: true })).toBe(true)
    expect(matches(`${'a'.repeat(5_000)}b`, { patterns })).toBe(false)
  })

  it("looks at the human's words under a standing order, at the order where they are a talk", () => {
    const found = (system: string, text: string, keywords: readonly string[]): boolean => {
      const talk = [
        { role: 'system', text: system, images: 0, isToolResult: false },
        { role: 'user', text, images: 0, isToolResult: false },
      ]
      return matchRule([rule({ keywords })], intentOf({ conversation: () => talk })) !== null
    }
    const sort = 'Classify the message of the user. Answer only with one label.'
    expect(found(sort, 'urgent: payments are down', ['urgent'])).toBe(true)
    expect(found(sort, 'payments are down', ['classify'])).toBe(false)
    const title = 'Write a title of at most 5 words for this conversation.'
    expect(found(title, 'user: urgent, help\nassistant: Of course.', ['urgent'])).toBe(false)
  })

  it('takes the first rule that matches', () => {
    const rules = [rule({ keywords: ['x'] }), rule({ index: 1, keywords: ['hello'], tier: 't1' })]
    expect(matchRule(rules, saying('hello x'))?.index).toBe(0)
    expect(matchRule(rules, saying('hello'))?.tier).toBe('t1')
    expect(matchRule(rules, saying(''))).toBeNull()
  })
})
