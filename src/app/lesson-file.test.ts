import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeptLesson } from '../classify/learning/kept-lesson.ts'
import type { LearningFault } from './learning-fault.ts'
import { Learning } from './learning.ts'
import { readLessons, replaceLessons } from './lesson-file.ts'

const decision = {
  model: 'model-2',
  buckets: [7],
  probabilities: [0.2, 0.6, 0.2],
  learnt: null,
  said: 1,
} as const
const lesson = (index: number, more: Partial<KeptLesson> = {}): KeptLesson => ({
  ...decision,
  requestId: `r${index}`,
  buckets: index % 2 === 0 ? [7, 100 + (index % 9)] : [300 + (index % 11)],
  tier: index % 2 === 0 ? 2 : 1,
  weight: 0.3,
  by: 'nobody',
  ...more,
})
const lessons = (from: number, to: number, more: Partial<KeptLesson> = {}): KeptLesson[] =>
  Array.from({ length: to - from }, (_, index) => lesson(from + index, more))

let dataDir = ''
let faults: LearningFault[] = []
const pathOf = (name: string): string => join(dataDir, 'learning', name)
const open = (): Learning =>
  new Learning(dataDir, { model: decision.model, onFault: (fault) => faults.push(fault) })
const append = (more: readonly object[]): void =>
  appendFileSync(pathOf('lessons.jsonl'), more.map((line) => `${JSON.stringify(line)}\n`).join(''))

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lessons-'))
  mkdirSync(join(dataDir, 'learning'))
  faults = []
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

describe('the file of lessons', () => {
  const linesOf = (): number => readFileSync(pathOf('lessons.jsonl'), 'utf8').split('\n').length - 1

  it('loses superfluous lines whenever it is looked at for a refit', () => {
    append([...lessons(0, 40), ...lessons(0, 40)])
    expect(open().isDue()).toBe(false)
    expect(linesOf()).toBe(40)
  })

  it('is cut to its limit once it holds twice as much, and what was cut still counts', () => {
    append(lessons(0, 8_001))
    expect(open().isDue()).toBe(true)
    expect(linesOf()).toBe(4_000)
    expect(open().isDue()).toBe(true)
    open().refit([])
    expect(open().isDue()).toBe(false)
  })

  it('is cut before the next refit where lessons come too fast', async () => {
    const long = { buckets: Array.from({ length: 128 }, (_, at) => 1_000 + at) }
    append(lessons(0, 6_000, long))
    const learning = open()
    learning.note('a', decision, { named: 1, answered: 1, keyName: null })
    await learning.keep({ requestId: 'a', tier: 2, weight: 1, by: 'human' })
    expect(linesOf()).toBe(4_000)
    expect(readLessons(pathOf('lessons.jsonl')).lessons.at(-1)).toMatchObject({ requestId: 'a' })
    expect(faults).toEqual([])
  })

  it('is not put in the place of one that was cut by somebody else', () => {
    const path = pathOf('lessons.jsonl')
    append(lessons(0, 20))
    const seen = readLessons(path)
    replaceLessons(path, seen.lessons.slice(15), seen.bytes)
    append([lesson(20)])
    expect(replaceLessons(path, seen.lessons.slice(10), seen.bytes)).toBe(false)
    expect(readLessons(path).lessons).toEqual([...lessons(15, 20), lesson(20)])
  })

  it('loses no lesson that comes while the file is trimmed', () => {
    const path = pathOf('lessons.jsonl')
    append(lessons(0, 20))
    const half = JSON.stringify(lesson(20)).slice(0, 30)
    appendFileSync(path, half)
    const read = readLessons(path)
    appendFileSync(path, `${JSON.stringify(lesson(20)).slice(30)}\n`)
    append([lesson(21)])
    replaceLessons(path, read.lessons.slice(10), read.bytes)
    expect(readLessons(path).lessons).toEqual([...lessons(10, 20), lesson(20), lesson(21)])
  })
})
