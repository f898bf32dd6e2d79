import { describe, expect, it } from 'vitest'
import { headerText } from './header-text.ts'

describe('the header fields of a log row', () => {
  it.each([
    'authorization',
    'Proxy-Authorization',
    'proxy-connection',
    'Cookie',
    'set-cookie',
    'x-api-key',
    'Api-Key',
    'x-amz-security-token',
    'Client-Secret-Id',
    'x-password',
    'x-goog-credentials',
  ])('leave out %s', (name) => {
    expect(headerText([name, 'abc', 'accept', '*/*'])).toBe('accept: */*\n')
  })

  it.each(['content-type', 'x-api-keys', 'my-cookie', 'x-authorization-id', 'user-agent'])(
    'hold %s',
    (name) => {
      expect(headerText([name, 'abc'])).toBe(`${name}: abc\n`)
    },
  )
})
