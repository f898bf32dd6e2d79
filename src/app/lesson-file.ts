import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { z } from 'zod'
import type { KeptLesson } from '../classify/learning/kept-lesson.ts'
import { parseJson } from '../kit/json-value.ts'
import { isMissing } from './is-missing.ts'

const tier = z.union([z.literal(0), z.literal(1), z.literal(2)])
/** What older versions did not keep is as good as another model's. */
const lessonSchema = z.object({
  requestId: z.string(),
  buckets: z.array(z.number()),
  probabilities: z.tuple([z.number(), z.number(), z.number()]),
  tier,
  weight: z.number().positive(),
  model: z.string().default(''),
  learnt: z
    .union([z.number(), z.literal('held_out')])
    .nullable()
    .default(null),
  said: tier.nullable().default(null),
})

export interface LessonsRead {
  readonly lessons: readonly KeptLesson[]
  readonly lines: number
  /** How far the file was read: the half line of a write that goes on is left for later. */
  readonly bytes: number
}

/** The weightiest word on a request counts, of equal ones the last; a broken line is passed over. */
export function readLessons(path: string): LessonsRead {
  const text = readText(path)
  const lines = text.split('\n')
  const byRequest = new Map<string, KeptLesson>()
  for (const line of lines) {
    const lesson = lessonOf(line)
    if (lesson === null) continue
    const known = byRequest.get(lesson.requestId)
    if ((known?.weight ?? 0) <= lesson.weight) byRequest.set(lesson.requestId, lesson)
  }
  const last = lines.at(-1) ?? ''
  const late = lessonOf(last) === null ? Buffer.byteLength(last) : 0
  return {
    lessons: [...byRequest.values()],
    lines: lines.length,
    bytes: Buffer.byteLength(text) - late,
  }
}

/** Puts these lessons in the place of what was read; lines that came since are taken over. */
export function replaceLessons(path: string, lessons: readonly KeptLesson[], read: number): void {
  const old = openSync(path, 'r')
  try {
    const draft = `${path}.${process.pid}.new`
    writeFileSync(draft, lessons.map((lesson) => `${JSON.stringify(lesson)}\n`).join(''))
    renameSync(draft, path)
    const late = readFrom(old, read)
    if (late.length > 0) appendFileSync(path, late)
  } finally {
    closeSync(old)
  }
}

function readFrom(file: number, start: number): Buffer {
  const late = Buffer.alloc(Math.max(0, fstatSync(file).size - start))
  return late.subarray(0, readSync(file, late, { position: start }))
}

function lessonOf(line: string): KeptLesson | null {
  return lessonSchema.safeParse(parseJson(line)).data ?? null
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}
