import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readErrorText, retryHint } from '../dialect/error-body.ts'
import { readRetryAfter } from '../kit/retry-after.ts'
import { classifyFailure, refusedParam } from './failure.ts'

interface Case {
  readonly vendor: string
  readonly status: number
  readonly body: unknown
  readonly outcome: string
  readonly retryAfterMs?: number
}

const CASES = readFileSync(
  new URL('../../test/fixtures/provider-errors.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case)

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body))

describe('classifyFailure', () => {
  it('knows the words of fourteen vendors', () => {
    expect(new Set(CASES.map(({ vendor }) => vendor)).size).toBeGreaterThanOrEqual(14)
  })

  it.each(
    CASES.map((one) => [one.vendor, one.status, textOf(one.body).slice(0, 60), one] as const),
  )('%s %i %s', (_vendor, status, _text, { body, outcome, retryAfterMs }) => {
    const text = textOf(body)
    const error = readErrorText(text)
    expect(classifyFailure(status, error)).toBe(outcome)
    if (retryAfterMs === undefined) return
    expect(readRetryAfter({}, 0, `${error.message} ${retryHint(text)}`)).toBe(retryAfterMs)
  })

  it.each([
    ['{"error":{"message":"x","code":"unsupported_parameter","param":"top_k"}}', 'top_k'],
    ['{"error":{"message":"Unrecognized request argument supplied: logit_bias"}}', 'logit_bias'],
    ['{"error":{"message":"Unsupported parameter: \'reasoning_effort\'"}}', 'reasoning_effort'],
    ['{"error":{"message":"x","code":"unsupported_parameter","param":"messages"}}', null],
    ['{"error":{"message":"temperature must be below 2","param":"temperature"}}', null],
  ])('%s refuses %s', (body, name) => {
    expect(refusedParam(readErrorText(body))).toBe(name)
  })
})

describe('readErrorText', () => {
  it.each([
    ['{"error":{"message":"nested"}}', 'nested'],
    ['{"error":"string"}', 'string'],
    ['[{"error":{"message":"listed"}}]', 'listed'],
    ['{"code":"X","message":"flat"}', 'flat'],
    ['{"detail":"fastapi"}', 'fastapi'],
    ['"bare"', 'bare'],
    ['<html><head><style>b{}</style></head><h1>502 Bad</h1></html>', '502 Bad'],
    ['plain words', 'plain words'],
  ])('finds the message in %s', (body, message) => {
    expect(readErrorText(body).message).toBe(message)
  })
})
