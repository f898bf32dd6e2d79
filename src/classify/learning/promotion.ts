import type { TierIndex } from '../../contract/tier.ts'
import {
  adjusted,
  fitResidual,
  type Hashed,
  type Lesson,
  type Residual,
  weakened,
} from './residual.ts'

/** An ask with its right tier. */
interface Judged extends Hashed {
  readonly tier: TierIndex
}

/** A row of the public set, frozen with what the shipped model says of it. */
export type Frozen = Judged

export type Promotion =
  | { readonly kind: 'promoted'; readonly residual: Residual; readonly report: PromotionReport }
  | { readonly kind: 'refused'; readonly report: PromotionReport }
  | { readonly kind: 'too_few'; readonly lessons: number }

/** Losses are mean negative log likelihoods; accuracies are shares. */
interface PromotionReport {
  readonly lessons: number
  readonly ownLoss: readonly [before: number, after: number]
  readonly ownAccuracy: readonly [before: number, after: number]
  readonly publicAccuracy: readonly [before: number, after: number]
}

/** Below this a correction learns noise. */
const LESSONS_MIN = 50
/** One in so many asks only measures. */
const MEASURE_EVERY = 4
/** Shares of the fitted correction that are tried: what is too much for the public may help by half. */
const STRENGTHS = [1, 0.5, 0.25, 0.12, 0.06]

/**
 * A new correction takes over only where it is better on own lessons that it has not seen, and
 * not worse on the frozen public set. Of the strengths that are, the best on own lessons does.
 * Better is a lower loss and more tiers right: lessons that contradict one another lower the loss
 * by doubt alone, and only to be surer of the same tiers is no reason for another version.
 */
export function promote(
  lessons: readonly Lesson[],
  frozen: readonly Frozen[],
  current: Residual | null,
  version = (current?.version ?? 0) + 1,
): Promotion {
  if (lessons.length < LESSONS_MIN) return { kind: 'too_few', lessons: lessons.length }
  const measured = lessons.filter(onlyMeasures)
  const fitted = fitResidual(
    lessons.filter((lesson) => !onlyMeasures(lesson)),
    version,
  )
  const before = {
    own: loss(measured, current),
    right: accuracy(measured, current),
    public: accuracy(frozen, current),
  }
  const tried = STRENGTHS.map((strength) => weakened(fitted, strength))
    .map((residual) => ({ residual, own: loss(measured, residual) }))
    .sort((left, right) => left.own - right.own)
    .map(({ residual, own }) => {
      const [right, shown] = [accuracy(measured, residual), accuracy(frozen, residual)]
      return { residual, own, right, public: shown }
    })
  const proven = tried.find(
    (trial) =>
      trial.public >= before.public && trial.own < before.own && trial.right > before.right,
  )
  const best = proven ?? tried.find((trial) => trial.public >= before.public) ?? tried[0]
  const report: PromotionReport = {
    lessons: lessons.length,
    ownLoss: [before.own, best?.own ?? before.own],
    ownAccuracy: [before.right, best?.right ?? before.right],
    publicAccuracy: [before.public, best?.public ?? before.public],
  }
  return proven === undefined
    ? { kind: 'refused', report }
    : { kind: 'promoted', residual: proven.residual, report }
}

/**
 * By what is asked, so that nothing is measured that was learnt: equal asks fall on one side, and
 * on the same one in the next round, where the correction in force is measured too.
 */
function onlyMeasures({ buckets }: Hashed): boolean {
  let hash = 0x811c_9dc5
  for (const bucket of buckets) hash = Math.imul(hash ^ bucket, 0x0100_0193)
  // The low bits of a product know only the low bits of its factors.
  return ((hash ^ (hash >>> 15)) >>> 0) % MEASURE_EVERY === 0
}

function loss(lessons: readonly Lesson[], residual: Residual | null): number {
  const losses = lessons.map((lesson) => {
    const said = residual === null ? lesson.probabilities : adjusted(lesson, residual)
    return -Math.log(Math.max(1e-6, said[lesson.tier])) * lesson.weight
  })
  return losses.reduce((sum, value) => sum + value, 0) / Math.max(1, losses.length)
}

function accuracy(rows: readonly Judged[], residual: Residual | null): number {
  const hits = rows.filter((row) => {
    const said = residual === null ? row.probabilities : adjusted(row, residual)
    return said.indexOf(Math.max(...said)) === row.tier
  })
  return hits.length / Math.max(1, rows.length)
}
