import type { HumanAsk } from '../human-ask.ts'
import { withoutCourtesy } from './courtesy.ts'
import { legible } from './legible.ts'

/** The two texts that the model reads. */
export interface ModelInput {
  readonly text: string
  readonly context: string
  /** The whole ask as its shape is counted: in lower case, without courtesies. */
  readonly bare: string
}

/** Of a long ask its two ends are read. */
const HEAD_CHARS = 1_600
const TAIL_CHARS = 1_000
const EARLIER_CHARS = 300
const SURROUNDINGS_CHARS = 600
/** Above this an ask stands for itself, whatever surrounds it. */
const SHORT_CHARS = 120

/** What the model reads of an ask, lower-cased and in one form of every character. */
export function modelInput(ask: HumanAsk): ModelInput {
  const text = withoutCourtesy(legible(ask.text.toLowerCase()).replace(TIER_NAMES, ' '))
  const kept =
    text.length <= HEAD_CHARS + TAIL_CHARS
      ? text
      : `${text.slice(0, HEAD_CHARS)}\n${text.slice(-TAIL_CHARS)}`
  const parts = ask.earlier.map((turn) => turn.slice(0, EARLIER_CHARS))
  if (text.length <= SHORT_CHARS) {
    parts.push(ask.proposal, ask.surroundings.slice(0, SURROUNDINGS_CHARS))
  }
  const context = parts.filter((part) => part !== '').join('\n')
  return { text: folded(kept), context: folded(context), bare: text }
}

/** A text cannot ask for a tier by its name. */
export const TIER_NAMES = /\b(?:t[1-3]|tier[ -]?(?:[1-3]|one|two|three))\b/g

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(TIER_NAMES, ' ')
}
