import { describe, expect, it } from 'vitest'
import { readErrorText } from '../dialect/error-body.ts'
import { classifyFailure } from './failure.ts'

describe('classifyFailure', () => {
  it.each([
    [429, '{"error":{"message":"slow","code":"rate_limit_exceeded"}}', 'rate'],
    [429, '{"error":{"message":"pay","code":"insufficient_quota"}}', 'quota'],
    [429, '{"code":"PrepaidBillOverdue","message":"overdue","request_id":"1"}', 'quota'],
    [400, '{"code":"Arrearage","message":"Access denied"}', 'quota'],
    [402, '{"error":{"message":"Insufficient Balance"}}', 'quota'],
    [400, '{"error":{"message":"bad","type":"invalid_request_error"}}', 'client_fault'],
    [400, '{"error":{"message":"long","code":"context_length_exceeded"}}', 'context'],
    [400, '{"error":{"message":"prompt is too long: 210000 tokens"}}', 'context'],
    [400, '{"error":{"code":"data_inspection_failed","message":"no"}}', 'content'],
    [401, '"Api key is invalid"', 'auth'],
    [403, '<html><body>Forbidden</body></html>', 'auth'],
    [404, '{"error":{"message":"no such model","code":"model_not_found"}}', 'model_missing'],
    [500, '{"error":{"message":"boom 429 rate limit"}}', 'server'],
    [
      529,
      '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
      'overload',
    ],
    [200, '{"error":{"code":"1302","message":"速率限制"}}', 'rate'],
    [200, '{"error":"something broke"}', 'server'],
  ])('names a %i with %s %s', (status, body, outcome) => {
    expect(classifyFailure(status, readErrorText(body))).toBe(outcome)
  })
})

describe('readErrorText', () => {
  it.each([
    ['{"error":{"message":"nested"}}', 'nested'],
    ['{"error":"string"}', 'string'],
    ['{"code":"X","message":"flat"}', 'flat'],
    ['{"detail":"fastapi"}', 'fastapi'],
    ['"bare"', 'bare'],
    ['<html><head><style>b{}</style></head><h1>502 Bad</h1></html>', '502 Bad'],
    ['plain words', 'plain words'],
  ])('finds the message in %s', (body, message) => {
    expect(readErrorText(body).message).toBe(message)
  })
})
