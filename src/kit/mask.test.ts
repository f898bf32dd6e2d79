import { describe, expect, it } from 'vitest'
import { masked, maskedJson } from './mask.ts'

describe('what is nobody else’s business', () => {
  it.each([
    'bob.smith+x@mail.example.com',
    '4111 1111 1111 1111',
    '4111111111111111',
    '+86 138 0013 8000',
    '138-0013-8000',
    'sk-proj-0123456789abcdefgh',
    'ghp_0123456789abcdefghij0123456789abcdef',
    'AKIAABCDEFGHIJKLMNOP',
    'eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeKKF2QT4',
  ])('is masked wherever it stands: %s', (secret) => {
    expect(masked(secret)).toBe('[redacted]')
    expect(masked(`it is ${secret}. Good`)).toBe('it is [redacted]. Good')
    expect(masked(`是${secret}，好`)).toBe('是[redacted]，好')
  })

  it.each([
    '3.14159265358979',
    '0.30000000000000004',
    'in 2026',
    'v1.2.3',
    'a@b',
    'room 1234567',
    'id 550e8400-e29b-41d4-a716-446655440000',
    'call_8231729309480021',
  ])('is nothing of this: %s', (text) => expect(masked(text)).toBe(text))
})

describe('masked JSON', () => {
  it.each([
    ['a key on a line of its own', { content: 'my key:\nsk-proj-0123456789abcdefgh' }],
    ['a mail address after a line break', { content: '邮箱：\nbob@mail.example' }],
    ['what stands in escapes', { content: '\u8054\tbob@mail.example "13800138000"' }],
  ])('hides %s and stays JSON', (_, body) => {
    for (const text of [JSON.stringify(body), JSON.stringify(body).replace(/[^ -~]/g, escaped)]) {
      const clean = maskedJson(text)
      expect(clean).toContain('[redacted]')
      expect(clean).not.toMatch(/sk-proj|bob@|13800138000/)
      expect(JSON.parse(clean)).toMatchObject({ content: expect.any(String) as string })
    }
  })

  it('leaves numbers, which are counts and times', () => {
    const text = 'data: {"created":1754000000123,"choices":[{"index":0}]}\n\n'
    expect(maskedJson(text)).toBe(text)
  })

  it('reads a body that was cut in the middle of a string', () => {
    expect(maskedJson('{"content":"write to bob@mail.example and')).toContain('[redacted]')
  })
})

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}

it('reads a body that was cut behind a backslash', () => {
  const cut = `{"content":"bob@mail.example ${'\\"'.repeat(20_000)}\\`
  expect(maskedJson(cut)).toContain('[redacted]')
})
