import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SseEvent, SseReader } from './sse-reader.ts'

function readAll(chunks: readonly Buffer[]): SseEvent[] {
  const reader = new SseReader(1_000_000)
  const events = chunks.flatMap((chunk) => reader.push(chunk))
  const last = reader.end()
  return last === null ? events : [...events, last]
}

function dataOf(chunks: readonly Buffer[]): (string | null)[] {
  return readAll(chunks)
    .map((event) => event.data)
    .filter((data) => data !== null)
}

/** Cuts a buffer at the given fractions. */
function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b)
  return [...at, bytes.length].map((end, index) => bytes.subarray(at[index - 1] ?? 0, end))
}

describe('SseReader', () => {
  it('gives the same events for every split of the bytes', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\ufeff]/g, ''))
    const newline = fc.constantFrom('\n', '\r\n', '\r')
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1 }),
        newline,
        fc.array(fc.nat(), { maxLength: 30 }),
        (lines, end, cuts) => {
          const bytes = Buffer.from(lines.map((text) => `data: ${text}${end}${end}`).join(''))
          expect(dataOf(split(bytes, cuts))).toEqual(lines)
        },
      ),
    )
  })

  it('reads one byte at a time: CRLF, a comment, several data lines, no space, a name', () => {
    const text =
      '\ufeff: hi\r\n\r\ndata: {"a":"你"}\r\n\r\ndata:x\rdata: y\r\revent: error\ndata: z\n\n'
    const bytes = [...Buffer.from(text)].map((byte) => Buffer.from([byte]))
    const events = readAll(bytes)
    expect(events.map((event) => event.data)).toEqual([null, '{"a":"你"}', 'x\ny', 'z'])
    expect(events.at(-1)?.name).toBe('error')
  })

  it('keeps the raw bytes of an event and ends a last one that lacks its blank line', () => {
    const events = readAll([Buffer.from('data: 1\n\ndata: [DONE]')])
    expect(events.map((event) => event.raw.toString())).toEqual(['data: 1\n\n', 'data: [DONE]\n\n'])
  })

  it('refuses an event that never ends', () => {
    const reader = new SseReader(1_000)
    expect(() => reader.push(Buffer.alloc(2_000, 'a'))).toThrow(RangeError)
  })
})

describe('a long event in thousands of pieces', () => {
  it('is the event that it was, and so are those beside it', () => {
    const long = Buffer.from(`data: ${'0123456789'.repeat(90_000)}\n\n`)
    const bytes = Buffer.concat([long, Buffer.from('data: a\n\ndata: b'), long, long])
    const pieces = Array.from({ length: Math.ceil(bytes.length / 1_000) }, (_, at) =>
      bytes.subarray(at * 1_000, (at + 1) * 1_000),
    )
    const inOne = readAll([bytes])
    expect(readAll(pieces).map(({ data }) => data)).toEqual(inOne.map(({ data }) => data))
    // Nothing that was given away is written over by what comes after it.
    expect(Buffer.concat(readAll(pieces).map(({ raw }) => raw))).toEqual(
      Buffer.concat(inOne.map(({ raw }) => raw)),
    )
  })
})
