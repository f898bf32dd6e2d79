import type { ModelAsset } from './asset.ts'
import { softmax } from '../softmax.ts'

/** One number per tier, the cheapest first. */
export type Logits = [t1: number, t2: number, t3: number]

/** What one unit adds for the tier `best` against the other two; `rows` has `size` units for each tier. */
export function contrast(rows: Float32Array, size: number, at: number, best: number): number {
  const own = rows[best * size + at] ?? 0
  const all = (rows[at] ?? 0) + (rows[size + at] ?? 0) + (rows[2 * size + at] ?? 0)
  return own - (all - own) / 2
}

/** How much more the tier `best` has than the other two. */
export function against([a = 0, b = 0, c = 0]: Iterable<number>, best: number): number {
  const own = [a, b, c][best] ?? 0
  return own - (a + b + c - own) / 2
}

/** Honest probabilities. */
export function calibrated(logits: Readonly<Logits>, { temperature, shift }: ModelAsset): Logits {
  const heated = logits.map((logit, tier) => logit / temperature + (shift[tier] ?? 0))
  return softmax([heated[0] ?? 0, heated[1] ?? 0, heated[2] ?? 0])
}
