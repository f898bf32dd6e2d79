import { type Labelled, type RowProblem, readLabelled } from '../classify/evaluate/labelled.ts'
import { NOISES } from '../classify/evaluate/noise.ts'
import { type Said, type Score, scoreOf } from '../classify/evaluate/score.ts'
import { YARDSTICKS } from '../classify/evaluate/yardsticks.ts'
import { readHumanAsk } from '../classify/human-ask.ts'
import { judgedAsk } from '../classify/judged-ask.ts'
import { adjusted, bucketsOf, type Residual } from '../classify/learning/residual.ts'
import { LocalClassifier } from '../classify/local-classifier.ts'
import { decideTier, type Preference } from '../classify/local/decide-tier.ts'
import type { TierModel } from '../classify/local/tier-model.ts'
import { systemClock } from '../kit/clock.ts'

/** How the shipped classifier does on labelled prompts, beside what costs nothing to know. */
export interface Evaluation {
  readonly model: string
  readonly preference: Preference
  /** `learnt` is the local classifier with the correction in force, where there is one. */
  readonly classifiers: Readonly<Record<'local' | keyof typeof YARDSTICKS, Score>> &
    Readonly<Partial<Record<'learnt', Score>>>
  /**
   * Share of rows whose tier changes, of those whose text the noise changes, by its kind. The mean
   * is over the kinds.
   */
  readonly flips: Readonly<Record<string, number>>
  readonly meanFlips: number | null
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly long: number }
  readonly loadMs: number
  readonly assetBytes: number
}

export type EvaluationResult =
  | { readonly kind: 'evaluated'; readonly evaluation: Evaluation }
  | { readonly kind: 'invalid'; readonly problems: readonly RowProblem[]; readonly count: number }
  | { readonly kind: 'empty' }

/** Evaluates the local classifier on JSON lines of labelled prompts, and what was learnt on top of it. */
export function evaluate(
  text: string,
  preference: Preference = 'balanced',
  residual: Residual | null = null,
): EvaluationResult {
  const file = readLabelled(text)
  if (file.kind === 'invalid') return file
  const { rows } = file
  if (rows.length === 0) return { kind: 'empty' }
  const classifier = new LocalClassifier(systemClock)
  const startedAt = performance.now()
  const { model } = classifier
  const loadMs = performance.now() - startedAt
  const say = (row: Pick<Labelled, 'ask'>): Said => {
    const { probabilities } = model.estimate(judgedAsk(row.ask))
    return { tier: decideTier(probabilities, preference), probabilities: [...probabilities] }
  }
  const local = rows.map(say)
  const correct = (correction: Residual): readonly Said[] =>
    rows.map((row) => corrected(model, row, correction, preference))
  const learnt = residual === null ? {} : { learnt: scoreOf(rows, correct(residual)) }
  const beside = Object.entries(YARDSTICKS).map(([name, judge]) => [
    name,
    scoreOf(rows, rows.map(judge)),
  ])
  const classifiers = { local: scoreOf(rows, local), ...learnt, ...Object.fromEntries(beside) }
  const flips = Object.fromEntries(
    NOISES.flatMap(({ name, apply }) => {
      const same = rows.flatMap((row, at) => {
        const noisy = lastChanged(row, at, apply)
        return noisy === null ? [] : [say({ ask: readHumanAsk(noisy) }).tier === local[at]?.tier]
      })
      return same.length === 0 ? [] : [[name, same.filter((is) => !is).length / same.length]]
    }),
  )
  const shares = Object.values(flips)
  return {
    kind: 'evaluated',
    evaluation: {
      model: model.version,
      preference,
      classifiers,
      flips,
      meanFlips:
        shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length,
      latencyMs: measure(rows, say),
      loadMs,
      assetBytes: model.bytes,
    },
  }
}

/** What the model says with a correction on top. */
function corrected(
  model: TierModel,
  { ask }: Labelled,
  correction: Residual,
  preference: Preference,
): Said {
  const judged = judgedAsk(ask)
  const { probabilities } = model.estimate(judged)
  const learnt = adjusted({ buckets: bucketsOf(model.pieces(judged)), probabilities }, correction)
  return { tier: decideTier(learnt, preference), probabilities: [...learnt] }
}

/** Null where the noise leaves the last words as they are: capitals do nothing to Chinese. */
function lastChanged(
  row: Labelled,
  index: number,
  apply: (typeof NOISES)[number]['apply'],
): Labelled['messages'] | null {
  const { messages } = row
  const last = messages.findLastIndex(({ role }) => role === 'user')
  const message = messages[last]
  if (message === undefined) return null
  const text = apply(message.text, row, index)
  return text === null || text === message.text ? null : messages.with(last, { ...message, text })
}

/** Of fewer the 99th percentile would be the slowest one. */
const CALLS_MIN = 100
const CALLS_ENOUGH = 300
/** Beyond it a busy machine measures no more than it must. */
const LONG_MS = 1_000
const LONG_WARM_CALLS = 20

function measure(rows: readonly Labelled[], say: (row: Labelled) => Said): Evaluation['latencyMs'] {
  const taken: number[] = []
  const rounds = Math.max(5, 1 + Math.ceil(CALLS_ENOUGH / rows.length))
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) taken.push(timed(() => say(row)))
  }
  const warm = sorted(taken.slice(rows.length))
  const text = 'The quick brown fox counts 12 apples, 写一个函数.\n'.repeat(2_200)
  const ask = readHumanAsk([{ role: 'user', text, images: 0, isToolResult: false }])
  const long = timesOf(() => say({ ...(rows[0] as Labelled), ask }))
  return { p50: percentile(warm, 0.5), p99: percentile(warm, 0.99), long: percentile(long, 0.99) }
}

function timesOf(run: () => unknown): readonly number[] {
  for (let call = 0; call < LONG_WARM_CALLS; call++) run()
  const taken: number[] = []
  const endsAt = performance.now() + LONG_MS
  while (taken.length < CALLS_MIN || (taken.length < CALLS_ENOUGH && performance.now() < endsAt)) {
    taken.push(timed(run))
  }
  return sorted(taken)
}

function timed(run: () => unknown): number {
  const startedAt = performance.now()
  run()
  return performance.now() - startedAt
}

const sorted = (times: readonly number[]): readonly number[] => times.toSorted((a, b) => a - b)

/** The time that this share of the calls did not take longer than. */
export function percentile(times: readonly number[], share: number): number {
  return times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? 0
}
