import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeptLesson } from '../classify/learning/kept-lesson.ts'
import type { Noted } from '../classify/learning/residual.ts'
import type { LearningFault } from './learning-fault.ts'
import { Learning } from './learning.ts'
import { readLessons } from './lesson-file.ts'

const MODEL = 'model-2'
const decision: Noted = {
  model: MODEL,
  buckets: [7],
  probabilities: [0.2, 0.6, 0.2],
  learnt: null,
  said: 1,
}

const course = { named: 1, answered: 1, keyName: null } as const

/** Even ones are deep work that the model takes for routine. */
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

const correction = (version: number, model?: string): object => ({
  version,
  ...(model === undefined ? {} : { model }),
  bias: [0, 0, 0],
  weights: [1, 2, 3],
})

let dataDir = ''
let faults: LearningFault[] = []
const pathOf = (name: string): string => join(dataDir, 'learning', name)
const open = (model = MODEL): Learning =>
  new Learning(dataDir, { model, onFault: (fault) => faults.push(fault) })
const append = (more: readonly object[]): void =>
  appendFileSync(pathOf('lessons.jsonl'), more.map((line) => `${JSON.stringify(line)}\n`).join(''))
const writeCorrections = (value: unknown): void =>
  writeFileSync(pathOf('corrections.json'), JSON.stringify(value))

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'learning-'))
  mkdirSync(join(dataDir, 'learning'))
  faults = []
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

describe('what is taught', () => {
  it('is on disk when keeping it resolves, with the model that decided', async () => {
    const learning = open()
    learning.note('a', { ...decision, learnt: 'held_out' }, course)
    expect(await learning.keep({ requestId: 'a', tier: 2, weight: 1, by: 'human' })).toBe('kept')
    expect(await learning.keep({ requestId: 'b', tier: 2, weight: 1, by: 'human' })).toBe(
      'unknown_request',
    )
    expect(readLessons(pathOf('lessons.jsonl')).lessons).toMatchObject([
      { requestId: 'a', tier: 2, model: MODEL, learnt: 'held_out', said: 1 },
    ])
  })

  it('fails nobody but who asks, and is complained of once', async () => {
    mkdirSync(pathOf('lessons.jsonl'))
    const learning = open()
    learning.note('a', decision, course)
    learning.teach({ requestId: 'a', tier: 2, weight: 0.3, by: 'nobody' })
    expect(await learning.keep({ requestId: 'a', tier: 2, weight: 1, by: 'human' })).toBe(
      'unwritable',
    )
    await learning.flush()
    expect(faults).toMatchObject([{ kind: 'unwritable', path: pathOf('lessons.jsonl') }])
    rmSync(pathOf('lessons.jsonl'), { recursive: true })
    expect(await learning.keep({ requestId: 'a', tier: 2, weight: 1, by: 'human' })).toBe('kept')
    expect(faults.map(({ kind }) => kind)).toEqual(['unwritable', 'writable'])
  })
})

describe('lessons and corrections of another model', () => {
  it('are counted apart and never used', () => {
    append([
      ...lessons(0, 60, { model: 'model-1' }),
      ...lessons(60, 70).map((one) => ({ ...one, model: undefined })),
      ...lessons(70, 80),
    ])
    writeCorrections([correction(1), correction(2, 'model-1')])
    const learning = open()
    expect(learning.residual(0)).toBeNull()
    expect(learning.status()).toMatchObject({
      lessons: 10,
      version: 0,
      others: { lessons: 70, corrections: 2 },
    })
    expect(learning.isDue()).toBe(false)
    expect(learning.refit([])).toEqual({ kind: 'too_few', lessons: 10 })
    expect(open('model-1').residual(0)).toMatchObject({ version: 2 })
  })

  it('stay where they are when the own one is taken back', () => {
    writeCorrections([correction(2, 'model-1'), correction(1, MODEL), correction(2, MODEL)])
    expect([open().rollback(), open().rollback(), open().rollback()]).toEqual([1, 0, 0])
    expect(open('model-1').residual(0)).toMatchObject({ version: 2 })
  })
})

describe('whether there is enough to learn from', () => {
  it('is still told when the file holds all it may, and after a restart', () => {
    append(lessons(0, 4_100))
    expect(open().isDue()).toBe(true)
    expect(open().refit([]).kind).toBe('promoted')
    expect(open().isDue()).toBe(false)
    expect(readLessons(pathOf('lessons.jsonl')).lessons).toHaveLength(4_000)
    append(lessons(5_000, 5_049))
    expect(open().isDue()).toBe(false)
    append(lessons(5_049, 5_050))
    expect(open().isDue()).toBe(true)
    open().refit([])
    expect(open().isDue()).toBe(false)
    append(lessons(6_000, 6_050))
    expect(open().isDue()).toBe(true)
  })

  it('begins anew where somebody deleted the lessons', () => {
    append(lessons(0, 200))
    open().refit([])
    rmSync(pathOf('lessons.jsonl'))
    append(lessons(300, 349))
    expect(open().isDue()).toBe(false)
    append(lessons(349, 350))
    expect(open().isDue()).toBe(true)
  })

  it("drops a human's word last and another model's lessons first", () => {
    append([
      ...lessons(0, 10, { weight: 1 }),
      ...lessons(10, 20, { model: 'model-1', weight: 1 }),
      ...lessons(20, 4_020),
    ])
    open().refit([])
    const left = readLessons(pathOf('lessons.jsonl')).lessons.map(({ requestId }) => requestId)
    expect(left).toHaveLength(4_000)
    expect(left.slice(0, 11)).toEqual([...lessons(0, 10).map((one) => one.requestId), 'r30'])
    expect(left.at(-1)).toBe('r4019')
  })
})

describe('a broken file of corrections', () => {
  const broken = '[{"version": 3, "bias'

  it('is moved aside and spoken of, whoever finds it', () => {
    const finders = [
      (): unknown => open().residual(0),
      (): unknown => open().rollback(),
      (): unknown => open().refit([]),
    ]
    for (const [at, find] of finders.entries()) {
      writeFileSync(pathOf('corrections.json'), `${broken}${at}`)
      find()
      expect(existsSync(pathOf('corrections.json'))).toBe(false)
      const aside = pathOf(`corrections.json.broken${at === 0 ? '' : `-${at + 1}`}`)
      expect(readFileSync(aside, 'utf8')).toBe(`${broken}${at}`)
      expect(faults.at(-1)).toEqual({ kind: 'broken', path: pathOf('corrections.json'), aside })
    }
  })

  it('is left alone by who only asks how things are', () => {
    writeFileSync(pathOf('corrections.json'), broken)
    expect(open().status()).toMatchObject({ version: 0, broken: pathOf('corrections.json') })
    expect(readFileSync(pathOf('corrections.json'), 'utf8')).toBe(broken)
  })

  it('fails no request where it cannot even be read', () => {
    mkdirSync(pathOf('corrections.json'))
    const learning = open()
    expect([learning.residual(0), learning.residual(10_000)]).toEqual([null, null])
    expect(faults).toMatchObject([{ kind: 'unreadable', path: pathOf('corrections.json') }])
  })
})

describe('the effect of what was learnt', () => {
  it('is counted for corrected and for held out decisions', () => {
    writeCorrections([correction(1, MODEL)])
    const by = 'human'
    append([
      ...lessons(0, 6, { learnt: 1, said: 2, by }),
      ...lessons(6, 10, { learnt: 'held_out', said: 0, by: 'judge' }),
      ...lessons(10, 20, { by }),
    ])
    expect(open().status().effect).toEqual({
      learnt: { lessons: 6, right: 3 },
      heldOut: { lessons: 4, right: 0 },
    })
  })

  it('counts what somebody said of the correction in force, and nothing else', () => {
    writeCorrections([correction(1, MODEL), correction(3, MODEL)])
    const by = 'human'
    append([
      ...lessons(0, 10, { learnt: 1, by }),
      ...lessons(10, 14, { learnt: 'held_out', by }),
      ...lessons(14, 20, { learnt: 3, said: 2, by }),
      ...lessons(20, 24, { learnt: 'held_out', said: 2, by }),
      ...lessons(24, 60, { learnt: 3 }),
    ])
    expect(open().status().effect).toEqual({
      learnt: { lessons: 6, right: 3 },
      heldOut: { lessons: 4, right: 2 },
    })
  })
})

describe('what is taken back', () => {
  const human = { requestId: 'a', tier: 2, weight: 1, by: 'human' } as const
  const read = (): unknown => readLessons(pathOf('lessons.jsonl')).lessons

  it('teaches no more, until it is said anew', async () => {
    const learning = open()
    learning.note('a', decision, course)
    learning.teach(human)
    await learning.withdraw('a')
    expect(read()).toEqual([])
    await learning.keep({ ...human, tier: 0 })
    expect(read()).toMatchObject([{ requestId: 'a', tier: 0 }])
  })

  it('leaves what the course of things suggests, and what humans said of others', async () => {
    append([lesson(0), lesson(0, { weight: 1, by: 'human' }), lesson(1, { by: 'human' })])
    await open().withdraw('r0')
    expect(read()).toEqual([lesson(0), lesson(1, { by: 'human' })])
  })

  it('writes nothing where nothing was ever taught', async () => {
    await open().withdraw('a')
    expect(existsSync(pathOf('lessons.jsonl'))).toBe(false)
    const learning = open()
    learning.note('a', decision, course)
    await learning.keep(human)
    await learning.withdraw('a', 'caller')
    expect(read()).toMatchObject([{ requestId: 'a' }])
  })

  it('is the word of who takes it back, and no other', async () => {
    const learning = open()
    learning.note('a', decision, course)
    learning.teach({ ...human, tier: 0, by: 'caller' })
    learning.teach(human)
    await learning.withdraw('a')
    expect(read()).toMatchObject([{ tier: 0, by: 'caller' }])
    await learning.withdraw('a', 'caller')
    expect(read()).toEqual([])
  })
})

describe('who speaks anew', () => {
  it('has changed his mind, however light the new word is', async () => {
    const learning = open()
    learning.note('a', decision, course)
    const read = (): unknown => readLessons(pathOf('lessons.jsonl')).lessons
    learning.teach({ requestId: 'a', tier: 2, weight: 1, by: 'caller' })
    await learning.keep({ requestId: 'a', tier: 1, weight: 0.5, by: 'caller' })
    expect(read()).toMatchObject([{ tier: 1, weight: 0.5 }])
    // The operator's word is another one's: it is neither replaced nor does it replace.
    learning.teach({ requestId: 'a', tier: 0, weight: 1, by: 'human' })
    await learning.keep({ requestId: 'a', tier: 2, weight: 0.5, by: 'caller' })
    expect(read()).toMatchObject([{ tier: 0, by: 'human' }])
  })
})

describe('the number of a correction', () => {
  it('is never given twice, whoever took back the one that had it', () => {
    append(lessons(0, 200))
    const numberOf = (): unknown => open().status().version
    open().refit([])
    expect(numberOf()).toBe(1)
    expect(open().rollback()).toBe(0)
    open().refit([])
    expect(numberOf()).toBe(2)
    rmSync(pathOf('corrections.json'))
    rmSync(pathOf('progress.json'))
    append(lessons(200, 210, { learnt: 5 }))
    open().refit([])
    expect(numberOf()).toBe(6)
  })
})
