import { adjusted, fitResidual, type Hashed, type Lesson, type Residual } from './residual.ts'

/** A row of the public set, frozen with what the shipped model says of it. */
export interface Frozen extends Hashed {
  readonly tier: 0 | 1 | 2
}

export type Promotion =
  | { readonly kind: 'promoted'; readonly residual: Residual; readonly report: PromotionReport }
  | { readonly kind: 'refused'; readonly report: PromotionReport }
  | { readonly kind: 'too_few'; readonly lessons: number }

/** Losses are mean negative log likelihoods; accuracies are shares. */
interface PromotionReport {
  readonly lessons: number
  readonly ownLoss: readonly [before: number, after: number]
  readonly publicAccuracy: readonly [before: number, after: number]
}

/** Below this a correction learns noise. */
const LESSONS_MIN = 50
/** One in so many lessons only measures. */
const MEASURE_EVERY = 4

/**
 * A new correction takes over only where it is better on own lessons that it has not seen, and
 * not worse on the frozen public set.
 */
export function promote(
  lessons: readonly Lesson[],
  frozen: readonly Frozen[],
  current: Residual | null,
): Promotion {
  if (lessons.length < LESSONS_MIN) return { kind: 'too_few', lessons: lessons.length }
  const measured = lessons.filter((_, index) => index % MEASURE_EVERY === 0)
  const learnt = lessons.filter((_, index) => index % MEASURE_EVERY !== 0)
  const residual = fitResidual(learnt, (current?.version ?? 0) + 1)
  const report: PromotionReport = {
    lessons: lessons.length,
    ownLoss: [loss(measured, current), loss(measured, residual)],
    publicAccuracy: [accuracy(frozen, current), accuracy(frozen, residual)],
  }
  const isBetter = report.ownLoss[1] < report.ownLoss[0]
  const isNotWorse = report.publicAccuracy[1] >= report.publicAccuracy[0]
  return isBetter && isNotWorse
    ? { kind: 'promoted', residual, report }
    : { kind: 'refused', report }
}

function loss(lessons: readonly Lesson[], residual: Residual | null): number {
  const losses = lessons.map((lesson) => {
    const said = residual === null ? lesson.probabilities : adjusted(lesson, residual)
    return -Math.log(Math.max(1e-6, said[lesson.tier])) * lesson.weight
  })
  return losses.reduce((sum, value) => sum + value, 0) / Math.max(1, losses.length)
}

function accuracy(rows: readonly Frozen[], residual: Residual | null): number {
  const hits = rows.filter((row) => {
    const said = residual === null ? row.probabilities : adjusted(row, residual)
    return said.indexOf(Math.max(...said)) === row.tier
  })
  return hits.length / Math.max(1, rows.length)
}
