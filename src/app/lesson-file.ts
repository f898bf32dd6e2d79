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
/** Looked at by hand: a schema for each of a million numbers takes most of the time of reading. */
const buckets = z.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.every((bucket) => Number.isFinite(bucket)),
)
/** What older versions did not keep is as good as another model's. */
const lessonSchema = z
  .object({
    requestId: z.string(),
    buckets,
    probabilities: z.tuple([z.number(), z.number(), z.number()]),
    tier,
    weight: z.number().positive(),
    model: z.string().default(''),
    learnt: z
      .union([z.number(), z.literal('held_out')])
      .nullable()
      .default(null),
    said: tier.nullable().default(null),
    by: z.enum(['human', 'caller', 'judge', 'nobody']).optional(),
  })
  // Of what older versions kept, only the full weight tells a human's word.
  .transform(({ by, ...rest }): KeptLesson => ({
    ...rest,
    by: by ?? (rest.weight >= 1 ? 'human' : 'nobody'),
  }))

const withdrawalSchema = z.object({
  requestId: z.string(),
  withdrawn: z.literal(true),
  by: z.enum(['human', 'caller']).default('human'),
})

/** Takes back what one of them said of a request so far; what only suggests something stays. */
export function withdrawalLine(requestId: string, by: 'human' | 'caller'): string {
  return JSON.stringify({ requestId, withdrawn: true, by } satisfies z.infer<
    typeof withdrawalSchema
  >)
}

export interface LessonsRead {
  readonly lessons: readonly KeptLesson[]
  /** Lines with anything in them: more than lessons, where some are superfluous. */
  readonly lines: number
  /** How far the file was read: the half line of a write that goes on is left for later. */
  readonly bytes: number
}

/** What was said of one request: the last word of each human and the weightiest of all others. */
interface Words {
  human: KeptLesson | null
  caller: KeptLesson | null
  other: KeptLesson | null
}

/**
 * Of what was said of a request the weightiest word counts; who speaks anew has changed his mind.
 * A broken line is passed over.
 */
export function readLessons(path: string): LessonsRead {
  const text = readText(path)
  const lines = text.split('\n')
  const byRequest = new Map<string, Words>()
  for (const line of lines) {
    const said = lineOf(line)
    if (said !== null) take(byRequest, said)
  }
  const last = lines.at(-1) ?? ''
  const late = lineOf(last) === null ? Buffer.byteLength(last) : 0
  const counting = ({ human, caller, other }: Words): KeptLesson | null =>
    weightier(weightier(other, caller), human)
  return {
    lessons: [...byRequest.values()].map(counting).filter((lesson) => lesson !== null),
    lines: lines.filter((line) => line !== '').length,
    bytes: Buffer.byteLength(text) - late,
  }
}

function take(byRequest: Map<string, Words>, said: Line): void {
  const words = byRequest.get(said.requestId) ?? { human: null, caller: null, other: null }
  byRequest.set(said.requestId, words)
  if ('withdrawn' in said) words[said.by] = null
  else if (said.by === 'human' || said.by === 'caller') words[said.by] = said
  else words.other = weightier(words.other, said)
}

/** Of equal ones the second. */
function weightier(first: KeptLesson | null, second: KeptLesson | null): KeptLesson | null {
  return (first?.weight ?? 0) <= (second?.weight ?? 0) ? second : first
}

/**
 * Puts these lessons in the place of what was read; lines that came since are taken over. False
 * where somebody else has shortened the file since: it is not what was read any more.
 */
export function replaceLessons(
  path: string,
  lessons: readonly KeptLesson[],
  read: number,
): boolean {
  const old = openSync(path, 'r')
  try {
    if (fstatSync(old).size < read) return false
    const draft = `${path}.${process.pid}.new`
    writeFileSync(draft, lessons.map((lesson) => `${JSON.stringify(lesson)}\n`).join(''))
    renameSync(draft, path)
    const late = readFrom(old, read)
    if (late.length > 0) appendFileSync(path, late)
    return true
  } finally {
    closeSync(old)
  }
}

function readFrom(file: number, start: number): Buffer {
  const late = Buffer.alloc(Math.max(0, fstatSync(file).size - start))
  return late.subarray(0, readSync(file, late, { position: start }))
}

type Line = KeptLesson | z.infer<typeof withdrawalSchema>

function lineOf(line: string): Line | null {
  const value = line === '' ? undefined : parseJson(line)
  return lessonSchema.safeParse(value).data ?? withdrawalSchema.safeParse(value).data ?? null
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}
