import { existsSync, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  type Effect,
  effectOf,
  type KeptLesson,
  worthKeeping,
} from '../classify/learning/kept-lesson.ts'
import { type Frozen, promote, type Promotion } from '../classify/learning/promotion.ts'
import type { Noted, Residual } from '../classify/learning/residual.ts'
import { shippedVersion } from '../classify/shipped-model.ts'
import type { Course, Feedback, Kept, Lessons } from '../gateway/lessons.ts'
import { StateFile } from '../storage/state-file.ts'
import { type Correction, readCorrections, setAside, writeCorrections } from './corrections-file.ts'
import type { LearningFault } from './learning-fault.ts'
import { type LessonsRead, readLessons, replaceLessons, withdrawalLine } from './lesson-file.ts'
import { LessonQueue } from './lesson-queue.ts'
import { NotedDecisions } from './noted-decisions.ts'

/** Lessons that are kept, and that a correction is fitted to. */
const LESSONS_MAX = 4_000
/** More than lessons of 900 bytes take; requests wait 0.15 s for cutting it, once in 8,000 lessons. */
const LESSON_BYTES_MAX = 4 * 1024 * 1024
/** Fewer new lessons would fit the same correction again. */
const NEW_LESSONS_MIN = 50
const REFRESH_MS = 5_000

/** How far learning got on one version of the model. */
const progressSchema = z.object({
  model: z.string(),
  /** Lessons that are no longer in the file. */
  dropped: z.number(),
  /** Lessons there had been, with those dropped, when a correction was fitted last. */
  fitted: z.number(),
  /** The highest number that a correction ever got, of whichever model. */
  numbered: z.number().default(0),
})
type Progress = z.infer<typeof progressSchema>

interface LearningOptions {
  /** The version of the model that decisions are made with. */
  readonly model?: string
  readonly onFault?: (fault: LearningFault) => void
}

export interface LearningStatus {
  readonly model: string
  readonly lessons: number
  /** Number of the correction in force, 0 for none. */
  readonly version: number
  /** What belongs to other versions of the model. */
  readonly others: { readonly lessons: number; readonly corrections: number }
  /** The file of corrections, where it holds something else. */
  readonly broken: string | null
  readonly effect: Effect
}

/**
 * What this gateway learns from its own use: lessons as lines of one file, corrections in another,
 * the current one last.
 */
export class Learning implements Lessons {
  readonly #lessonsPath: string
  readonly #correctionsPath: string
  readonly #model: string
  readonly #onFault: (fault: LearningFault) => void
  readonly #queue: LessonQueue
  readonly #progress: StateFile
  readonly #noted = new NotedDecisions()
  #isWritable = true
  #bytesMax = LESSON_BYTES_MAX
  #residual: Residual | null = null
  #changedAt = 0
  #checkedAt = -Infinity

  constructor(dataDir: string, { model, onFault }: LearningOptions = {}) {
    const folder = join(dataDir, 'learning')
    this.#lessonsPath = join(folder, 'lessons.jsonl')
    this.#correctionsPath = join(folder, 'corrections.json')
    this.#progress = new StateFile(join(folder, 'progress.json'))
    this.#model = model ?? shippedVersion()
    this.#onFault = onFault ?? (() => {})
    this.#queue = new LessonQueue(this.#lessonsPath, (fault) => {
      this.#onWrite(fault)
      if (fault === null) this.#keepShort()
    })
  }

  /** The correction in force. The file is looked at now and then: `smartroute learn` writes it. */
  residual(now: number): Residual | null {
    if (now - this.#checkedAt < REFRESH_MS) return this.#residual
    this.#checkedAt = now
    try {
      // The change of its rights counts too, which leaves the time of its content as it was.
      const file = statSync(this.#correctionsPath, { throwIfNoEntry: false })
      const changedAt = file?.ctimeMs ?? 0
      if (changedAt === this.#changedAt) return this.#residual
      this.#changedAt = changedAt
      this.#residual = this.#ownOf(this.#corrections()).at(-1) ?? null
    } catch (error) {
      this.#residual = null
      const detail = (error as Error).message
      this.#onFault({ kind: 'unreadable', path: this.#correctionsPath, detail })
    }
    return this.#residual
  }

  note(requestId: string, decision: Noted, course: Course): void {
    this.#noted.add(requestId, decision, course)
  }

  courseOf(requestId: string): Course | null {
    return this.#noted.of(requestId)?.course ?? null
  }

  decidedTier(requestId: string): number | null {
    return this.courseOf(requestId)?.answered ?? null
  }

  teach(feedback: Feedback): void {
    void this.keep(feedback)
  }

  async keep(feedback: Feedback): Promise<Kept> {
    const noted = this.#noted.of(feedback.requestId)
    if (noted === null) return 'unknown_request'
    if (feedback.by === 'caller') noted.isRated = true
    const lesson: KeptLesson = { ...noted.decision, ...feedback }
    return (await this.#queue.add(JSON.stringify(lesson))) ? 'kept' : 'unwritable'
  }

  async withdraw(requestId: string, by: 'human' | 'caller' = 'human'): Promise<Kept> {
    if (by === 'caller' && this.#noted.of(requestId)?.isRated !== true) return 'kept'
    await this.#queue.flush()
    if (!existsSync(this.#lessonsPath)) return 'kept'
    return (await this.#queue.add(withdrawalLine(requestId, by))) ? 'kept' : 'unwritable'
  }

  /** Everything taught is on disk, or known not to be, when this resolves. */
  flush(): Promise<void> {
    return this.#queue.flush()
  }

  /** Length of the file of lessons: while it stays the same there is nothing new. */
  async bytes(): Promise<number> {
    return stat(this.#lessonsPath).then(
      ({ size }) => size,
      () => 0,
    )
  }

  /** Whether enough was taught since a correction was fitted last. */
  isDue(): boolean {
    const own = this.#ownOf(this.#tidied(2 * LESSONS_MAX))
    const { dropped, fitted } = this.#progressMade()
    const taught = dropped + own.length
    // Who deletes the lessons begins anew.
    return taught - (fitted > taught ? 0 : fitted) >= NEW_LESSONS_MIN
  }

  /** Fits a correction to the lessons; it takes over only if it proves better. */
  refit(frozen: readonly Frozen[]): Promotion {
    const corrections = this.#corrections()
    const own = this.#ownOf(this.#tidied(LESSONS_MAX))
    const { dropped, numbered } = this.#numbered(corrections, own)
    const current = this.#ownOf(corrections).at(-1) ?? null
    const result = promote(own, frozen, current, numbered + 1)
    if (result.kind === 'too_few') return result
    if (result.kind === 'promoted') {
      const correction = { ...result.residual, model: this.#model }
      writeCorrections(this.#correctionsPath, [...corrections, correction])
    }
    const progress: Progress = {
      model: this.#model,
      dropped,
      fitted: dropped + own.length,
      numbered: result.kind === 'promoted' ? numbered + 1 : numbered,
    }
    this.#progress.write(progress)
    return result
  }

  /** Goes back to the correction before; the number of the one now in force, 0 for none. */
  rollback(): number {
    const corrections = this.#corrections()
    const current = this.#ownOf(corrections).at(-1)
    if (current === undefined) return 0
    this.#progress.write({ ...this.#numbered(corrections, []), model: this.#model })
    const left = corrections.filter((correction) => correction !== current)
    writeCorrections(this.#correctionsPath, left)
    return this.#ownOf(left).at(-1)?.version ?? 0
  }

  status(): LearningStatus {
    const { lessons } = readLessons(this.#lessonsPath)
    const corrections = readCorrections(this.#correctionsPath)
    const own = this.#ownOf(lessons)
    const ownCorrections = this.#ownOf(corrections ?? [])
    const version = ownCorrections.at(-1)?.version ?? 0
    return {
      model: this.#model,
      lessons: own.length,
      version,
      others: {
        lessons: lessons.length - own.length,
        corrections: (corrections ?? []).length - ownCorrections.length,
      },
      broken: corrections === null ? this.#correctionsPath : null,
      effect: effectOf(own, version),
    }
  }

  #ownOf<T extends { readonly model: string }>(items: readonly T[]): readonly T[] {
    return items.filter(({ model }) => model === this.#model)
  }

  /** Kept by hand or by half, a file may hold anything: it is moved aside, not written over. */
  #corrections(): readonly Correction[] {
    const path = this.#correctionsPath
    const corrections = readCorrections(path)
    if (corrections !== null) return corrections
    this.#onFault({ kind: 'broken', path, aside: setAside(path) })
    return []
  }

  #progressMade(): Omit<Progress, 'model'> {
    const { data } = progressSchema.safeParse(this.#progress.read())
    return data?.model === this.#model
      ? data
      : { dropped: 0, fitted: 0, numbered: data?.numbered ?? 0 }
  }

  /** A number that was taken back still stands in logs and lessons: it is not given again. */
  #numbered(
    corrections: readonly Correction[],
    lessons: readonly KeptLesson[],
  ): Omit<Progress, 'model'> {
    const progress = this.#progressMade()
    const given = [
      ...corrections.map(({ version }) => version),
      ...lessons.map(({ learnt }) => (typeof learnt === 'number' ? learnt : 0)),
    ]
    return { ...progress, numbered: Math.max(progress.numbered, ...given) }
  }

  /** The lessons, after the file was rid of what is superfluous, or of what is beyond its limit. */
  #tidied(linesMax: number): readonly KeptLesson[] {
    const read = readLessons(this.#lessonsPath)
    const { lessons, lines } = read
    if (lines <= linesMax && lines === lessons.length) return lessons
    return this.#trim(read)
  }

  /** Whoever only counts or measures lessons goes on where the file cannot be shortened. */
  #trim({ lessons, bytes }: LessonsRead): readonly KeptLesson[] {
    const kept = worthKeeping(lessons, this.#model, LESSONS_MAX)
    try {
      if (!replaceLessons(this.#lessonsPath, kept, bytes)) return kept
    } catch (error) {
      this.#onWrite((error as Error).message)
      return kept
    }
    const progress = this.#progressMade()
    const dropped = progress.dropped + this.#ownOf(lessons).length - this.#ownOf(kept).length
    this.#progress.write({ ...progress, model: this.#model, dropped })
    return kept
  }

  /** Between two refits the file grows with whoever teaches. No write of the queue goes on now. */
  #keepShort(): void {
    try {
      if (statSync(this.#lessonsPath).size <= this.#bytesMax) return
      this.#trim(readLessons(this.#lessonsPath))
      // What cannot be shortened is not tried again with every lesson.
      this.#bytesMax = Math.max(LESSON_BYTES_MAX, 2 * statSync(this.#lessonsPath).size)
    } catch (error) {
      this.#onWrite((error as Error).message)
    }
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
