import type { Logits } from '../local/logits.ts'
import type { TierIndex } from '../../contract/tier.ts'
import { softmax } from '../softmax.ts'

/** What is kept of an ask for learning: no words, only which buckets its pieces fall into. */
export interface Hashed {
  readonly buckets: readonly number[]
  /** What the shipped model said. */
  readonly probabilities: Readonly<Logits>
}

/**
 * The number of the correction that a decision was made with, or that one was in force and held
 * out; null where there was none.
 */
export type Applied = number | 'held_out' | null

/** A decision of the local model as it waits for a word on it. */
export interface Noted extends Hashed {
  /** Version of the shipped model: buckets of another one stand for other words. */
  readonly model: string
  readonly learnt: Applied
  /** Index of the tier that the local model said, with the correction where it applied. */
  readonly said: TierIndex
}

/** An ask whose right tier somebody told, or that something suggests. */
export interface Lesson extends Hashed {
  readonly requestId: string
  /** Index of the right tier. */
  readonly tier: TierIndex
  /** 1 for a human's word, less for what only suggests it. */
  readonly weight: number
}

/** A small correction on top of the shipped model, learnt here. Its weights stay near zero. */
export interface Residual {
  readonly version: number
  readonly bias: Readonly<Logits>
  /** Three numbers per bucket. */
  readonly weights: readonly number[]
}

const BUCKETS = 2_048

const PIECES_MAX = 128
const EPOCHS = 30
const RATE = 0.3
const DECAY = 0.002
const FLOOR = 1e-4

/** Each bucket once: how often a word stands there does not matter. */
export function bucketsOf(pieces: Uint16Array): readonly number[] {
  const seen = new Set<number>()
  for (let at = 0; at < pieces.length && seen.size < PIECES_MAX; at++) {
    seen.add((Math.imul(pieces[at] ?? 0, 0x9e37_79b1) >>> 0) % BUCKETS)
  }
  return [...seen]
}

export function adjusted({ buckets, probabilities }: Hashed, residual: Residual): Logits {
  return softmax(logitsOf(probabilities, buckets, residual))
}

/** Fits a correction to lessons; the same lessons in the same order give the same numbers. */
export function fitResidual(lessons: readonly Lesson[], version: number): Residual {
  const weights = Array.from({ length: BUCKETS * 3 }, () => 0)
  const bias: Logits = [0, 0, 0]
  const residual: Residual = { version, bias, weights }
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const rate = RATE / (1 + epoch / 5)
    for (const lesson of lessons) learn(lesson, residual, weights, { bias, rate })
    const left = 1 - DECAY * lessons.length * rate * 0.1
    for (const [at, weight] of weights.entries()) {
      if (weight !== 0) weights[at] = weight * left
    }
    for (const tier of [0, 1, 2] as const) bias[tier] *= left
  }
  return weakened({ version, bias, weights }, 1)
}

/** The same correction with a share of its strength. */
export function weakened({ version, bias, weights }: Residual, strength: number): Residual {
  const scaled = (value: number): number => Number((value * strength).toFixed(4))
  const [first, second, third] = bias
  return {
    version,
    bias: [scaled(first), scaled(second), scaled(third)],
    weights: weights.map(scaled),
  }
}

function learn(
  lesson: Lesson,
  residual: Residual,
  weights: number[],
  { bias, rate }: { readonly bias: Logits; readonly rate: number },
): void {
  const said = adjusted(lesson, residual)
  const norm = 1 / Math.sqrt(Math.max(1, lesson.buckets.length))
  for (let tier = 0; tier < 3; tier++) {
    const error = ((tier === lesson.tier ? 1 : 0) - (said[tier] ?? 0)) * lesson.weight * rate
    bias[tier] = (bias[tier] ?? 0) + error * 0.1
    for (const bucket of lesson.buckets) {
      const at = bucket * 3 + tier
      weights[at] = (weights[at] ?? 0) + error * norm
    }
  }
}

function logitsOf(
  probabilities: Readonly<Logits>,
  buckets: readonly number[],
  { bias, weights }: Residual,
): Logits {
  const norm = 1 / Math.sqrt(Math.max(1, buckets.length))
  const logit = (tier: 0 | 1 | 2): number => {
    let sum = 0
    for (const bucket of buckets) sum += weights[bucket * 3 + tier] ?? 0
    return Math.log(Math.max(FLOOR, probabilities[tier])) + bias[tier] + sum * norm
  }
  return [logit(0), logit(1), logit(2)]
}
