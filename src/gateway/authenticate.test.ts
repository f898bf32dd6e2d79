import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../config/snapshot.ts'
import type { Inbound } from '../transport/transport.ts'
import { Authenticator, type StoredKeys } from './authenticate.ts'

const NONE: StoredKeys = { size: 0, find: () => undefined }

function snapshot(...gatewayKeys: string[]): Snapshot {
  return { gatewayKeys } as unknown as Snapshot
}

function call(headers: Record<string, string>, remoteAddress = '127.0.0.1'): Inbound {
  return { remoteAddress, header: (name: string) => headers[name] } as unknown as Inbound
}

function admit(keys: Snapshot, inbound: Inbound, stored = NONE): string {
  const admission = new Authenticator(stored).admit(keys, inbound)
  return admission.kind === 'admitted' ? `admitted ${admission.keyName}` : admission.code
}

describe('a gateway with keys', () => {
  const keys = snapshot('sr-one', 'sr-two')

  it.each([
    [{ authorization: 'Bearer sr-one' }, 'admitted file:1'],
    [{ authorization: 'bearer   sr-two ' }, 'admitted file:2'],
    [{ 'x-api-key': 'sr-two' }, 'admitted file:2'],
    [{ 'api-key': 'sr-one' }, 'admitted file:1'],
    [{ authorization: 'Bearer sr-on' }, 'invalid_api_key'],
    [{ authorization: 'Bearer sr-one2' }, 'invalid_api_key'],
    [{ authorization: 'Basic sr-one' }, 'invalid_api_key'],
    [{ authorization: "Bearer ' OR '1'='1" }, 'invalid_api_key'],
    [{ authorization: 'Bearer __proto__' }, 'invalid_api_key'],
    [{}, 'invalid_api_key'],
  ])('%j: %s', (headers, expected) => {
    expect(admit(keys, call(headers as Record<string, string>, '10.0.0.9'))).toBe(expected)
  })

  it('accepts stored keys by their hash', () => {
    const digest = createHash('sha256').update('sr-stored').digest('hex')
    const stored: StoredKeys = {
      size: 1,
      find: (hash) => (hash === digest ? { name: 'laptop' } : undefined),
    }
    const bearer = call({ authorization: 'Bearer sr-stored' })
    expect(admit(snapshot(), bearer, stored)).toBe('admitted laptop')
    expect(admit(snapshot(), call({}), stored)).toBe('invalid_api_key')
  })
})

describe('a gateway without any key', () => {
  it.each([
    [{ host: '127.0.0.1:6688' }, '127.0.0.1', 'admitted null'],
    [{ host: 'localhost' }, '::1', 'admitted null'],
    [{ host: '[::1]:6688', origin: 'http://localhost:3000' }, '::ffff:127.0.0.1', 'admitted null'],
    [{ host: 'rebound.example' }, '127.0.0.1', 'forbidden'],
    [{ host: 'localhost', origin: 'https://evil.example' }, '127.0.0.1', 'forbidden'],
    [{ host: 'localhost', origin: 'null' }, '127.0.0.1', 'forbidden'],
    [{ host: 'localhost' }, '10.0.0.9', 'forbidden'],
    [{ host: 'localhost' }, '127.0.0.1.evil', 'forbidden'],
  ])('%j from %s: %s', (headers, address, expected) => {
    expect(admit(snapshot(), call(headers as Record<string, string>, address))).toBe(expected)
  })
})
