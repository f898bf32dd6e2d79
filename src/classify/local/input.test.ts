import { describe, expect, it } from 'vitest'
import { readHumanAsk } from '../human-ask.ts'
import { modelInput } from './input.ts'
import { legible } from './legible.ts'

const read = (text: string): string =>
  modelInput(readHumanAsk([{ role: 'user', text, images: 0, isToolResult: false }])).text

/** Bytes as good as random, the same every time. */
const BYTES = Buffer.from(
  Array.from({ length: 3_000 }, (_, at) => Math.imul(at + 1, 2_654_435_761) >>> 24),
)
const BASE64 = BYTES.toString('base64')
const lined = (text: string, width: number): string =>
  (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n')
const pairs = (bytes: Buffer): string => (bytes.toString('hex').match(/../g) ?? []).join(' ')
const dump = (after: string, column: string): string =>
  Array.from({ length: 60 }, (_, line) => {
    const offset = (line * 16).toString(16).padStart(8, '0')
    return `${offset}${after}${pairs(BYTES.subarray(line * 16, line * 16 + 16))}${column}`
  }).join('\n')

describe('what the model reads', () => {
  it.each([
    ['好'.repeat(60), '好好好'],
    ['😀'.repeat(2_000), '😀😀😀'],
    ['| '.repeat(60), '|||'],
    ['哈哈 '.repeat(30), '哈哈哈'],
    [`what is this? ${'QUJDREVG'.repeat(4_000)}`, `what is this? ${'qujdrevg'.repeat(5)}`],
    ['<div></div>'.repeat(300), '<div></div>'.repeat(3)],
    ['<a>'.repeat(700_000), '<a><a><a>'],
    ['<context>'.repeat(200_000), '<context>'.repeat(3)],
    ['lorem ipsum '.repeat(100), 'lorem ipsum '.repeat(3).trim()],
    ['hahaha', 'hahaha'],
    [`${'how are you '.repeat(30)}really?`, `${'how are you '.repeat(30)}really?`],
    [
      `${'abcdef'.repeat(30)}x${'abcdef'.repeat(30)}`,
      `${'abcdef'.repeat(30)}x${'abcdef'.repeat(30)}`,
    ],
    ['a a a a a a a b', 'a a a a a a a b'],
    ['is 1000000000000 a power of ten?', 'is 1000000000000 a power of ten?'],
  ])('is no more than there is to read in %#', (text, seen) => {
    expect(read(text).trim()).toBe(seen)
  })

  it.each(['😀🎉😎🚀', '🇨🇳🇺🇸🇬🇧', '👩‍👩‍👧‍👦👍🏽', '!?.,;'])('is a few signs of many: %s', (signs) => {
    const shuffled = Array.from(
      { length: 300 },
      (_, at) => signs.match(/./gsu)?.[(at * at) % 4],
    ).join('')
    for (const text of [signs.repeat(10), signs.repeat(300), shuffled]) {
      expect(read(text).length).toBeLessThanOrEqual(24)
      expect(text.startsWith(read(text).slice(0, 2))).toBe(true)
    }
  })

  it.each([
    ['mail', lined(BASE64, 76), ''],
    ['mail of another system', lined(BASE64, 76).replaceAll('\n', '\r\n'), ''],
    ['more than is read', lined(BASE64.repeat(20), 76), ''],
    [
      'a key',
      `-----begin x-----\n${lined(BASE64.slice(0, 1_600), 64)}\n-----end x-----\n`,
      'is it a key?',
    ],
    ['digits of bytes', lined(BYTES.toString('hex'), 64), 'what is it?'],
    ['a dump', dump(': ', ''), 'what is it?'],
    ['a dump with its text', dump('  ', '  |.ELF............|'), 'what is it?'],
    ['bytes of a program', pairs(BYTES).replaceAll(' ', ', 0x'), 'what is it?'],
    ['bytes in a line', pairs(BYTES), 'what is it?'],
  ])('is the beginning of bytes as text: %s', (_name, bytes, ask) => {
    const seen = read(`${bytes}\n${ask}`)
    expect(seen.length).toBeLessThan(130)
    expect(seen.endsWith(ask)).toBe(true)
  })

  it.each([
    ['names', 'the_quick_brown_fox_jumps_over_the_lazy_dog\n'.repeat(7)],
    ['three hashes', lined(BYTES.subarray(0, 96).toString('hex'), 64)],
    ['genes', lined('acgtgcatta'.repeat(30), 57)],
    [
      'numbers',
      Array.from({ length: 40 }, (_, at) => `${at + 10} 20 35 ${99 - at} 47 18`).join('\n'),
    ],
  ])('is all of what only looks like them: %s', (_name, text) => {
    expect(read(`what are these?\n${text}`)).toBe(`what are these?\n${text}`.trim())
  })

  it('takes no time for megabytes of anything', () => {
    const startedAt = performance.now()
    for (const unit of ['a', 'ab', ' ', 'a ', '好', 'abcde', 'ab\n']) read(unit.repeat(1_000_000))
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  it('takes no time for megabytes that are nearly what it looks for', () => {
    const startedAt = performance.now()
    for (const unit of [
      '7f 4',
      '7f 45 4c 46 ',
      '0x7f',
      '\n',
      `${'a'.repeat(39)}\n`,
      `${'a'.repeat(50)}\n`,
      '10 20 30 40 50\n',
      'be ad ',
      `${'a1'.repeat(30)}\n`,
      '😀',
      '<div>',
      `${'7f '.repeat(79)}x`,
    ]) {
      legible(unit.repeat(1_000_000 / unit.length))
      legible(`${unit.repeat(1_000_000 / unit.length)}?`)
    }
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})
