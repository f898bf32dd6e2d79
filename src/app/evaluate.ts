import { type Labelled, readLabelled } from '../classify/evaluate/labelled.ts'
import { NOISES } from '../classify/evaluate/noise.ts'
import { type Said, type Score, scoreOf } from '../classify/evaluate/score.ts'
import { readHumanAsk } from '../classify/human-ask.ts'
import { LocalClassifier } from '../classify/local-classifier.ts'
import { decideTier, type Preference } from '../classify/local/decide-tier.ts'
import { TIERS } from '../contract/tier.ts'
import { systemClock } from '../kit/clock.ts'

/** How the shipped classifier does on labelled prompts, beside what costs nothing to know. */
export interface Evaluation {
  readonly model: string
  readonly classifiers: Readonly<Record<'local' | 'length' | 'random' | 'oracle', Score>>
  /** Share of rows whose tier changes, by the kind of noise, and the mean over all kinds. */
  readonly flips: Readonly<Record<string, number>>
  readonly meanFlips: number
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly long: number }
  readonly loadMs: number
  readonly assetBytes: number
}

export type EvaluationResult =
  | { readonly kind: 'evaluated'; readonly evaluation: Evaluation }
  | { readonly kind: 'invalid'; readonly line: number }
  | { readonly kind: 'empty' }

/** Evaluates the local classifier on JSON lines of labelled prompts. */
export function evaluate(text: string, preference: Preference = 'balanced'): EvaluationResult {
  const file = readLabelled(text)
  if (file.kind === 'invalid') return file
  const { rows } = file
  if (rows.length === 0) return { kind: 'empty' }
  const classifier = new LocalClassifier(systemClock)
  const startedAt = performance.now()
  const model = classifier.warm()
  const loadMs = performance.now() - startedAt
  const say = (row: Pick<Labelled, 'ask'>): Said => {
    const { probabilities } = model.estimate(row.ask)
    return { tier: decideTier(probabilities, preference), probabilities: [...probabilities] }
  }
  const local = rows.map(say)
  const classifiers = {
    local: scoreOf(rows, local),
    length: scoreOf(rows, rows.map(byLength)),
    random: scoreOf(rows, rows.map(byChance)),
    oracle: scoreOf(
      rows,
      rows.map(({ tier }) => ({ tier, probabilities: null })),
    ),
  }
  const flips = Object.fromEntries(
    NOISES.map(({ name, apply }) => {
      const noisy = rows.map((row) => say({ ask: readHumanAsk(lastChanged(row, apply)) }))
      const changed = noisy.filter(({ tier }, at) => tier !== local[at]?.tier).length
      return [name, changed / rows.length]
    }),
  )
  const shares = Object.values(flips)
  return {
    kind: 'evaluated',
    evaluation: {
      model: model.version,
      classifiers,
      flips,
      meanFlips: shares.reduce((sum, share) => sum + share, 0) / shares.length,
      latencyMs: measure(rows, say),
      loadMs,
      assetBytes: model.bytes,
    },
  }
}

function lastChanged(
  { messages }: Labelled,
  apply: (text: string) => string,
): Labelled['messages'] {
  const last = messages.findLastIndex(({ role }) => role === 'user')
  return messages.map((message, at) =>
    at === last ? { ...message, text: apply(message.text) } : message,
  )
}

function byLength({ ask }: Labelled): Said {
  const wide = ask.text.match(/[\u3040-\u9fff]/g)?.length ?? 0
  const size = ask.text.length + 2 * wide
  return { tier: size < 60 ? 't1' : size < 300 ? 't2' : 't3', probabilities: null }
}

/** The same for every run: chance that repeats. */
function byChance(_row: Labelled, index: number): Said {
  return { tier: TIERS[((index * 2_654_435_761) % 4_294_967_296) % 3] ?? 't2', probabilities: null }
}

function measure(rows: readonly Labelled[], say: (row: Labelled) => Said): Evaluation['latencyMs'] {
  const taken: number[] = []
  for (let round = 0; round < 5; round++) {
    for (const row of rows) taken.push(timed(() => say(row)))
  }
  const warm = taken.slice(rows.length).sort((a, b) => a - b)
  const text = 'The quick brown fox counts 12 apples, 写一个函数.\n'.repeat(2_200)
  const ask = readHumanAsk([{ role: 'user', text, images: 0, isToolResult: false }])
  const long = Array.from({ length: 50 }, () => timed(() => say({ ...(rows[0] as Labelled), ask })))
  return {
    p50: at(warm, 0.5),
    p99: at(warm, 0.99),
    long: at(
      long.sort((a, b) => a - b),
      0.99,
    ),
  }
}

function timed(run: () => unknown): number {
  const startedAt = performance.now()
  run()
  return performance.now() - startedAt
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
