import { describe, expect, it } from 'vitest'
import { decideTier, type Preference } from '../local/decide-tier.ts'
import type { Logits } from '../local/logits.ts'
import { type LabelledFile, readLabelled } from './labelled.ts'
import { type Score, scoreOf } from './score.ts'

type Rows = Extract<LabelledFile, { kind: 'rows' }>['rows']

function labelled(tiers: readonly string[]): Rows {
  const lines = tiers.map((tier) => JSON.stringify({ prompt: 'a', tier }))
  const file = readLabelled(lines.join('\n'))
  if (file.kind !== 'rows') throw new Error(JSON.stringify(file.problems))
  return file.rows
}

/** The likeliest tier is right twice of three times, at a confidence of 0.6. */
const ROWS = labelled(['t1', 't1', 't2'])
const PROBABILITIES: Logits = [0.6, 0.38, 0.02]

function scored(preference: Preference): Score {
  const tier = decideTier(PROBABILITIES, preference)
  return scoreOf(
    ROWS,
    ROWS.map(() => ({ tier, probabilities: PROBABILITIES })),
  )
}

describe('the calibration error', () => {
  it('is that of the likeliest tier, whichever tier is preferred', () => {
    const [economy, quality] = [scored('economy'), scored('quality')]
    // Else there is nothing to tell apart.
    expect(economy.accuracy).not.toBe(quality.accuracy)
    for (const { calibrationError } of [economy, quality]) {
      expect(calibrationError).toBeCloseTo(2 / 3 - 0.6)
    }
  })
})
