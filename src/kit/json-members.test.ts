import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanElements, scanMembers } from './json-members.ts'
import { spliceMembers } from './splice-members.ts'

function members(text: string): Record<string, string> | string {
  const bytes = Buffer.from(text)
  const scan = scanMembers(bytes, 50)
  if (scan.kind === 'invalid') return scan.reason
  return Object.fromEntries(
    scan.members.map((m) => [m.key, bytes.toString('utf8', m.valueStart, m.valueEnd)]),
  )
}

function splice(text: string, edits: Record<string, string | null>): string {
  const bytes = Buffer.from(text)
  const scan = scanMembers(bytes, 50)
  if (scan.kind === 'invalid') throw new Error(scan.reason)
  return spliceMembers(bytes, scan.members, new Map(Object.entries(edits))).toString()
}

describe('scanMembers', () => {
  it('finds the members of every object that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const scan = scanMembers(Buffer.from(JSON.stringify(object, null, 1)), 500)
        expect(scan.kind === 'members' && scan.members.map((member) => member.key)).toEqual(
          Object.keys(object),
        )
      }),
    )
  })

  it('decodes an escaped key, so that it cannot slip past an edit', () => {
    expect(members('{"\\u006dodel":1}')).toEqual({ model: '1' })
  })

  it.each([
    ['', 'JSON object'],
    ['[]', 'JSON object'],
    ['{"a":1', 'expected "," or "}"'],
    ['{"a":}', 'invalid value'],
    ['{"a":tru}', 'invalid value'],
    ['{"a":01}', 'invalid value'],
    ['{"a" 1}', 'expected ":"'],
    ['{"a":"x', 'invalid value'],
    ['{"a":[1}', 'invalid value'],
    ['{"a":1,}', 'property name'],
    ['{"a":1} x', 'text after'],
    [`{"a":${'['.repeat(60)}${']'.repeat(60)}}`, 'deeper'],
  ])('refuses %s', (text, reason) => {
    expect(members(text)).toContain(reason)
  })
})

describe('scanElements', () => {
  it('gives the byte range of each element', () => {
    const bytes = Buffer.from('[ {"a":"]"}, 2 ,"x" ]')
    const texts = scanElements(bytes, 0, 9)?.map(([start, end]) =>
      bytes.toString('utf8', start, end),
    )
    expect(texts).toEqual(['{"a":"]"}', '2', '"x"'])
  })
})

describe('spliceMembers', () => {
  it('leaves every byte that it does not edit: big numbers, 1.0, order, white space', () => {
    const text = '{ "n" : 9007199254740993, "model":"a",\n"t":1.0, "e":1e999 }'
    expect(splice(text, { model: '"b"', x: '1' })).toBe(
      '{ "n" : 9007199254740993, "model":"b",\n"t":1.0, "e":1e999 ,"x":1}',
    )
  })

  it('removes a member with its comma, wherever it stands', () => {
    const text = '{"a":1,"b":2,"c":3}'
    expect(splice(text, { a: null })).toBe('{"b":2,"c":3}')
    expect(splice(text, { b: null, d: '4' })).toBe('{"a":1,"c":3,"d":4}')
    expect(splice(text, { b: null, c: null })).toBe('{"a":1}')
    expect(splice(text, { a: null, b: null, c: null })).toBe('{}')
  })

  it('does what parse, assign and stringify do', () => {
    const edits = fc.dictionary(
      fc.string(),
      fc.option(fc.jsonValue().map((v) => JSON.stringify(v))),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), edits, (object, changes) => {
        const expected = new Map(Object.entries(JSON.parse(JSON.stringify(object)) as object))
        for (const [key, json] of Object.entries(changes)) {
          if (json === null) expected.delete(key)
          else expected.set(key, JSON.parse(json))
        }
        const result = JSON.parse(splice(JSON.stringify(object), changes)) as object
        expect(new Map(Object.entries(result))).toEqual(expected)
      }),
    )
  })
})

it('counts no more elements and members than any request has', () => {
  expect(scanElements(Buffer.from(`[${'0,'.repeat(99_998)}0]`), 0, 9)).toHaveLength(99_999)
  expect(scanElements(Buffer.from(`[${'0,'.repeat(100_000)}0]`), 0, 9)).toBeNull()
  const members = Array.from({ length: 100_001 }, (_, at) => `"k${at}":0`).join(',')
  expect(scanMembers(Buffer.from(`{${members}}`), 9).kind).toBe('invalid')
})
