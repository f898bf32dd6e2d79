import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Frozen, promote, type Promotion } from '../classify/learning/promotion.ts'
import type { Hashed, Lesson, Residual } from '../classify/learning/residual.ts'
import { type Tier, TIERS } from '../contract/tier.ts'
import type { Feedback, Kept, Lessons } from '../gateway/lessons.ts'
import type { LearningFault } from './learning-fault.ts'
import { LessonQueue } from './lesson-queue.ts'

/** Decisions that feedback may still name; older ones are forgotten. */
const NOTED_MAX = 5_000
/** Lessons that a correction is fitted to, the newest. */
const LESSONS_MAX = 4_000
/** Corrections kept for going back. */
const VERSIONS_MAX = 5
const REFRESH_MS = 5_000

const triple = z.tuple([z.number(), z.number(), z.number()])
const lessonSchema = z.object({
  requestId: z.string(),
  buckets: z.array(z.number()),
  probabilities: triple,
  tier: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  weight: z.number(),
})
const residualSchema = z.object({
  version: z.number(),
  bias: triple,
  weights: z.array(z.number()),
})
const versionsSchema = z.array(residualSchema)

/**
 * What this gateway learns from its own use: lessons as lines of one file, corrections in another,
 * the current one last. Decisions wait in memory until somebody says how good they were.
 */
export class Learning implements Lessons {
  readonly #folder: string
  readonly #onFault: (fault: LearningFault) => void
  readonly #queue: LessonQueue
  #isWritable = true
  readonly #noted = new Map<string, { readonly hashed: Hashed; readonly tier: Tier }>()
  #residual: Residual | null = null
  #mtime = 0
  #checkedAt = -Infinity

  constructor(dataDir: string, onFault: (fault: LearningFault) => void = () => {}) {
    this.#folder = join(dataDir, 'learning')
    this.#onFault = onFault
    this.#queue = new LessonQueue(this.#lessonsPath, (fault) => this.#onWrite(fault))
  }

  /** The correction in force. The file is looked at now and then: `smartroute learn` writes it. */
  residual(now: number): Residual | null {
    if (now - this.#checkedAt < REFRESH_MS) return this.#residual
    this.#checkedAt = now
    const mtime = statSync(this.#versionsPath, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (mtime !== this.#mtime) {
      this.#mtime = mtime
      this.#residual = this.#versions().at(-1) ?? null
    }
    return this.#residual
  }

  note(requestId: string, hashed: Hashed, tier: Tier): void {
    this.#noted.set(requestId, { hashed, tier })
    if (this.#noted.size <= NOTED_MAX) return
    const [oldest] = this.#noted.keys()
    if (oldest !== undefined) this.#noted.delete(oldest)
  }

  decidedTier(requestId: string): number | null {
    const noted = this.#noted.get(requestId)
    return noted === undefined ? null : TIERS.indexOf(noted.tier)
  }

  teach(feedback: Feedback): void {
    void this.keep(feedback)
  }

  async keep(feedback: Feedback): Promise<Kept> {
    const noted = this.#noted.get(feedback.requestId)
    if (noted === undefined) return 'unknown_request'
    const lesson: Lesson = { ...noted.hashed, ...feedback }
    return (await this.#queue.add(JSON.stringify(lesson))) ? 'kept' : 'unwritable'
  }

  /** Everything taught is on disk, or known not to be, when this resolves. */
  flush(): Promise<void> {
    return this.#queue.flush()
  }

  /** Fits a correction to the newest lessons; it takes over only if it proves better. */
  refit(frozen: readonly Frozen[]): Promotion {
    const versions = this.#versions()
    const result = promote(this.#lessons(), frozen, versions.at(-1) ?? null)
    if (result.kind === 'promoted') this.#write([...versions, result.residual])
    return result
  }

  /** Goes back to the correction before; the number of the one now in force, 0 for none. */
  rollback(): number {
    const versions = this.#versions().slice(0, -1)
    this.#write(versions)
    return versions.at(-1)?.version ?? 0
  }

  status(): { readonly lessons: number; readonly version: number } {
    return { lessons: this.#lessons().length, version: this.#versions().at(-1)?.version ?? 0 }
  }

  get #lessonsPath(): string {
    return join(this.#folder, 'lessons.jsonl')
  }

  get #versionsPath(): string {
    return join(this.#folder, 'corrections.json')
  }

  #versions(): readonly Residual[] {
    const read = versionsSchema.safeParse(json(readText(this.#versionsPath)))
    return read.success ? read.data : []
  }

  /** Replaced in one step: a gateway may read it at any moment. */
  #write(versions: readonly Residual[]): void {
    mkdirSync(this.#folder, { recursive: true })
    const draft = `${this.#versionsPath}.new`
    writeFileSync(draft, JSON.stringify(versions.slice(-VERSIONS_MAX)))
    renameSync(draft, this.#versionsPath)
  }

  /** The weightiest word on a request counts, of equal ones the last; a broken line is passed over. */
  #lessons(): readonly Lesson[] {
    const byRequest = new Map<string, Lesson>()
    for (const line of readText(this.#lessonsPath).split('\n')) {
      const lesson = lessonSchema.safeParse(json(line))
      if (!lesson.success) continue
      const known = byRequest.get(lesson.data.requestId)
      if ((known?.weight ?? 0) <= lesson.data.weight) {
        byRequest.set(lesson.data.requestId, lesson.data)
      }
    }
    return [...byRequest.values()].slice(-LESSONS_MAX)
  }

  /** Said when it begins and when it is over, not for every lesson. */
  #onWrite(fault: string | null): void {
    const isWritable = fault === null
    if (isWritable === this.#isWritable) return
    this.#isWritable = isWritable
    const path = this.#lessonsPath
    this.#onFault(
      isWritable ? { kind: 'writable', path } : { kind: 'unwritable', path, detail: fault },
    )
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
