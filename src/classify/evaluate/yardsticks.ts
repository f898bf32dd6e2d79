import { TIERS } from '../../contract/tier.ts'
import { CUE_NAMES, writeCues } from '../local/cues.ts'
import type { Labelled } from './labelled.ts'
import type { Said } from './score.ts'

/** What costs nothing to know, or to copy: a classifier has to beat all of these. */
export const YARDSTICKS = {
  keywords: byKeywords,
  length: byLength,
  random: byChance,
  oracle: ({ tier }: Labelled): Said => ({ tier, probabilities: null }),
} as const satisfies Readonly<Record<string, (row: Labelled, index: number) => Said>>

/** Characters beyond which a text counts as long. */
const LONG_CHARS = 1_600
/** So many hits of one kind count in full. */
const HITS_FULL = 2

/**
 * A weighted sum of tell-tale words and length, the way most gateways do it today; weights and
 * limits are those of LiteLLM's complexity router, the words are our own.
 */
function byKeywords({ ask }: Labelled): Said {
  const text = ask.text.toLowerCase()
  const cues = new Float32Array(CUE_NAMES.length)
  writeCues(text, cues, 0)
  const share = (...names: readonly (typeof CUE_NAMES)[number][]): number => {
    // The cues are logarithms of their hits.
    const hits = names.map((name) => Math.expm1(2 * (cues[CUE_NAMES.indexOf(name)] ?? 0)))
    return Math.min(1, hits.reduce((sum, count) => sum + count, 0) / HITS_FULL)
  }
  const score =
    0.1 * Math.min(1, text.length / LONG_CHARS) +
    0.3 * share('code') +
    0.25 * share('proof', 'reasoning') +
    0.25 * share('design', 'diagnosis') +
    0.03 * share('planning') -
    0.05 * share('facts', 'chat')
  return { tier: score < 0.15 ? 't1' : score < 0.35 ? 't2' : 't3', probabilities: null }
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
