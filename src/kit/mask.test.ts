import { describe, expect, it } from 'vitest'
import { masked } from './mask.ts'

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

  it.each(['3.14159265358979', '0.30000000000000004', 'in 2026', 'v1.2.3', 'a@b', 'room 1234567'])(
    'is nothing of this: %s',
    (text) => expect(masked(text)).toBe(text),
  )
})
