import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LessonQueue } from './lesson-queue.ts'

describe('LessonQueue', () => {
  let folder = ''
  let path = ''
  let faults: (string | null)[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lessons-'))
    path = join(folder, 'learning', 'lessons.jsonl')
    faults = []
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const queueOf = (): LessonQueue => new LessonQueue(path, (fault) => void faults.push(fault))

  it('writes every line once, in order', async () => {
    const queue = queueOf()
    const lines = Array.from({ length: 300 }, (_, index) => `line ${index}`)
    const first = lines.slice(0, 100).map((line) => queue.add(line))
    await queue.add(lines[100] ?? '')
    for (const line of lines.slice(101)) void queue.add(line)
    await queue.flush()
    expect(new Set(await Promise.all(first))).toEqual(new Set([true]))
    expect(readFileSync(path, 'utf8')).toBe(`${lines.join('\n')}\n`)
  })

  it('says that a line was not stored, and goes on where the fault is gone', async () => {
    mkdirSync(path, { recursive: true })
    const queue = queueOf()
    expect(await queue.add('lost')).toBe(false)
    expect(faults).toEqual([expect.stringContaining('EISDIR')])
    rmdirSync(path)
    expect(await queue.add('kept')).toBe(true)
    expect(faults.at(-1)).toBeNull()
    expect(readFileSync(path, 'utf8').trim()).toBe('kept')
  })

  it('holds so many lines and no more', async () => {
    const queue = queueOf()
    const added = Array.from({ length: 3_000 }, (_, index) => queue.add(`line ${index}`))
    const stored = (await Promise.all(added)).filter((isStored) => isStored).length
    expect(stored).toBeGreaterThanOrEqual(1_000)
    expect(stored).toBeLessThan(3_000)
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(stored)
  })
})
