import { withoutEncoded } from './encoded.ts'

/** A text without what nobody reads: the same thing again and again, bare signs, bytes written as text. */
export function legible(text: string): string {
  const repeated = text.length < REPEATS_MIN ? null : REPEATED.exec(text)
  if (repeated !== null) return (repeated[1] ?? '').repeat(UNITS_KEPT)
  if (text.length > SIGNS_CHARS_MAX && !WORDS.test(text)) return firstSigns(text)
  return firstUnits(text) ?? withoutEncoded(text)
}

/** Nothing but one thing again and again says no more than a few of them. */
const REPEATED = /^\s*(\S.{0,3}?)\s*(?:\1\s*){7,}$/su
const REPEATS_MIN = 8
const UNITS_KEPT = 3

/** Emoji and punctuation ask for nothing, however many there are. */
const WORDS = /[\p{L}\p{N}]/u
const SIGNS_CHARS_MAX = 16
const FIRST_SIGNS = /^.{1,3}/su

function firstSigns(text: string): string {
  return FIRST_SIGNS.exec(text)?.[0] ?? ''
}

const UNIT_CHARS_MAX = 40
/** Eight of the longest unit, with as much white space again. */
const PROBE_CHARS = 2 * REPEATS_MIN * UNIT_CHARS_MAX
const SPACE = /\s+/g

/**
 * The same of longer things, compared character by character: an expression that looks for them
 * would try every length at every place.
 */
function firstUnits(text: string): string | null {
  const probe = text.slice(0, PROBE_CHARS).replace(SPACE, '')
  const unit = periodOf(probe)
  if (unit === null) return null
  const bare = text.replace(SPACE, '')
  return bare.length >= REPEATS_MIN * unit && isPeriodic(bare, unit)
    ? beginning(text, UNITS_KEPT * unit)
    : null
}

function periodOf(probe: string): number | null {
  for (let unit = 1; unit <= UNIT_CHARS_MAX && unit * REPEATS_MIN <= probe.length; unit++) {
    let at = unit
    while (at < probe.length && probe[at] === probe[at - unit]) at++
    if (at === probe.length) return unit
  }
  return null
}

/** Where the middle of a long text was cut out, one unit is torn: what differs is less than a unit long. */
function isPeriodic(text: string, unit: number): boolean {
  let first = text.length
  let last = -1
  for (let at = unit; at < text.length; at++) {
    if (text[at] === text[at - unit]) continue
    first = Math.min(first, at)
    last = at
    if (last - first >= unit) return false
  }
  return last < text.length - REPEATS_MIN * unit
}

/** The text up to so many characters that are no white space. */
function beginning(text: string, chars: number): string {
  let left = chars
  let at = 0
  for (; at < text.length && left > 0; at++) if (text[at]?.trim() !== '') left--
  return text.slice(0, at)
}
