import { describe, expect, it } from 'vitest'
import { askedBefore, askingOf } from './asking.ts'
import { saysAgain } from './says-again.ts'

type Said = Parameters<typeof askedBefore>[0][number]
const user = (text: string, more: Partial<Said> = {}): Said => ({
  role: 'user',
  text,
  images: 0,
  isToolResult: false,
  ...more,
})
const answer = (text = 'Lima.'): Said => user(text, { role: 'assistant' })

describe('what was asked before and is asked again', () => {
  const asked = [user('hello'), answer('Hi.'), user('Name a fruit')]

  it.each(['name a fruit!', 'Name  a fruit', 'regenerate', '重新生成'])('is found by: %s', (text) =>
    expect(askedBefore([...asked, answer(), user(text)])).toEqual(asked),
  )

  it('is the ask before the first "again"', () => {
    const again = [user('try again'), answer(), user('wrong, try again')]
    expect(askedBefore([...asked, answer(), ...again])).toEqual(asked)
  })

  it('is nothing where the human goes on, works, or shows something else', () => {
    expect(askedBefore(asked)).toBeNull()
    expect(askedBefore([...asked, answer(), user('and a tree')])).toBeNull()
    expect(askedBefore([...asked, answer(), user('regenerate'), answer()])).toBeNull()
    expect(askedBefore([user('continue'), answer(), user('continue')])).toBeNull()
    expect(askedBefore([user('B'), answer(), user('B')])).toBeNull()
    expect(askedBefore([user('regenerate')])).toBeNull()
    const result = user('exit 1', { role: 'tool', isToolResult: true })
    expect(askedBefore([...asked, answer(''), result, answer(), user('try again')])).toBeNull()
    const image = { images: 1 }
    expect(askedBefore([user('read it', image), answer(), user('read it', image)])).toBeNull()
  })

  it('has the name that it had when it was asked, also in a long conversation', () => {
    const turns = Array.from({ length: 9 }, (_, at) => [user(`ask ${at}`), answer(`said ${at}`)])
    const long = turns.flat()
    const then = long.slice(0, -1).slice(-13)
    const now = [...long, user('ask 8')].slice(-14)
    expect(askingOf('a', askedBefore(now) ?? [])).toEqual(askingOf('a', then))
    expect(askingOf('b', then)).not.toEqual(askingOf('a', then))
  })
})

describe('a message that wants another answer', () => {
  it.each([
    'regenerate',
    'Regenerate the response, please.',
    'try again',
    'Wrong, try again!',
    "No, that's wrong. Try again please",
    'please answer again',
    'redo it',
    'Give me a better answer',
    '重新生成',
    '请重新回答',
    '不对，重新来',
    '答案错了，再试一次',
    '换个答案吧',
    '請重新回答一次',
  ])('is one: %s', (text) => expect(saysAgain(text)).toBe(true))

  it.each([
    'continue',
    'another joke',
    'say it differently',
    'try again with Python 3',
    'regenerate the types from the schema',
    'wrong directory',
    'rewrite the introduction',
    '再来一个',
    '重新设计数据库',
    '不对',
    '换个话题',
  ])('is none: %s', (text) => expect(saysAgain(text)).toBe(false))
})

describe('words made to be read in many ways', () => {
  it.each([
    '好'.repeat(60),
    '对好'.repeat(30),
    '那就'.repeat(30),
    '错误'.repeat(30),
    'thats still '.repeat(5),
  ])('are read at once: %s', (text) => expect(saysAgain(text)).toBe(false))
})

it('compares words with a long tail of points', () => {
  const pointed = [user('x'), answer(), user(`${'.'.repeat(60_000)}a`)]
  expect(askedBefore(pointed)).toBeNull()
})
