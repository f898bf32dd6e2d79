import { describe, expect, it } from 'vitest'
import { readRetryAfter } from './retry-after.ts'

const NOW = Date.parse('2026-01-01T00:00:00Z')

describe('readRetryAfter', () => {
  it.each([
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'x-ms-retry-after-ms': '120' }, 120],
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:05 GMT' }, 5_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 23:59:00 GMT' }, 0],
    [{ 'retry-after': '-1' }, null],
    [{ 'retry-after': 'NaN' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '' }, null],
    [{ 'retry-after': '1000000000' }, null],
    [{ 'retry-after': 'Infinity' }, null],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1m30s' }, 90_000],
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '20ms' }, 20],
    [{ 'x-ratelimit-remaining-tokens': '5', 'x-ratelimit-reset-tokens': '6m0s' }, null],
    [
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '8s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '2s',
      },
      2_000,
    ],
    [
      {
        'anthropic-ratelimit-tokens-remaining': '0',
        'anthropic-ratelimit-tokens-reset': '2026-01-01T00:00:12Z',
      },
      12_000,
    ],
    [{ 'x-ratelimit-reset': '30' }, 30_000],
    [{ 'x-ratelimit-reset': String(NOW / 1000 + 45) }, 45_000],
    [{ 'x-ratelimit-reset': String(NOW + 45_000) }, 45_000],
    [{ 'x-ratelimit-reset': '30', 'x-ratelimit-remaining': '3' }, null],
  ])('reads %j as %s', (headers, ms) => {
    expect(readRetryAfter(headers as Record<string, string>, NOW)).toBe(ms)
  })

  it.each([
    ['Rate limit reached. Please try again in 1.2s.', 1_200],
    ['Please retry in 39.9s', 39_900],
    ['try again in 20ms', 20],
    ['Try again in 2 minutes', 120_000],
    ['请在 3 秒后重试', null],
    ['请求过于频繁，请等待 5 秒', 5_000],
    ['The 3 models are slow', null],
    ['x'.repeat(100_000), null],
  ])('finds a pause in words: %s', (message, ms) => {
    expect(readRetryAfter({}, NOW, message)).toBe(ms)
  })
})
