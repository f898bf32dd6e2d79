import type { HumanAsk } from '../human-ask.ts'
import { withoutCourtesy } from './courtesy.ts'

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

/** Nothing but one thing again and again says no more than a few of them. */
const REPEATED = /^\s*(\S.{0,3}?)\s*(?:\1\s*){7,}$/su
/** Bytes written as text: nobody reads them. */
const ENCODED = /[a-z0-9+/=_-]{400,}/g

function legible(text: string): string {
  const repeated = text.length < 8 ? null : REPEATED.exec(text)
  if (repeated !== null) return (repeated[1] ?? '').repeat(3)
  return holdsEncoded(text) ? text.replaceAll(ENCODED, (bytes) => bytes.slice(0, 40)) : text
}

const OTHER = /[^a-z0-9+/=_-]/
const STEP = 200

/** A run of twice the step fills one step at least; prose has a space in the first few characters. */
function holdsEncoded(text: string): boolean {
  for (let at = 0; at + STEP <= text.length; at += STEP) {
    if (!OTHER.test(text.slice(at, at + STEP))) return true
  }
  return false
}

/** A text cannot ask for a tier by its name. */
export const TIER_NAMES = /\b(?:t[1-3]|tier[ -]?(?:[1-3]|one|two|three))\b/g

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(TIER_NAMES, ' ')
}
