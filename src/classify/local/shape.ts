import type { HumanAsk } from '../human-ask.ts'
import { CUE_NAMES, writeCues } from './cues.ts'

/** What is counted of an ask beside its words: the model's dense inputs, each about 0 to 1. */
export const SHAPE_NAMES = [
  'length',
  'long',
  'lines',
  'cjk',
  'digits',
  'symbols',
  'upper',
  'other script',
  'code fence',
  'code marks',
  'formula',
  'question marks',
  'sentences',
  'list items',
  'numbers',
  'choices',
  'clauses',
  'first paragraph',
  'last paragraph',
  'quoted',
  'word length',
  'repetition',
  'earlier turns',
  'earlier length',
  'proposal',
  'surroundings',
  'images',
  'continuation',
  'tool loop',
  'empty',
  'ends with question',
  'paths',
  'single letters',
  'commands',
  'long words',
  'paragraphs',
  'sentence length',
  ...CUE_NAMES,
] as const

/** Counting stops here: a pasted book has the shape of its beginning. */
const CHARS_MAX = 4_000

interface Counts {
  cjk: number
  digits: number
  symbols: number
  upper: number
  other: number
  lines: number
  letters: number
  words: number
  questions: number
  stops: number
  clauses: number
  numbers: number
  code: number
  formula: number
  paths: number
  singles: number
  commands: number
  longWords: number
  paragraphs: number
}

/** Writes the shape of an ask into `out` from `at` on. `text` is the normalised ask. */
export function writeShape(ask: HumanAsk, text: string, out: Float32Array, at: number): void {
  const head = text.length > CHARS_MAX ? text.slice(0, CHARS_MAX) : text
  const size = Math.max(1, head.length)
  const counts = count(head)
  const values = [
    log(text.length, 10),
    Math.min(1, text.length / 4_000),
    log(counts.lines, 6),
    counts.cjk / size,
    counts.digits / size,
    counts.symbols / size,
    counts.upper / size,
    counts.other / size,
    head.includes('```') ? 1 : 0,
    log(counts.code, 5),
    log(counts.formula, 5),
    log(counts.questions, 3),
    log(counts.stops, 5),
    log(listItems(head), 4),
    log(counts.numbers, 5),
    /(?:^|\n|\s)[(（]?a[).、．][^\n]{1,200}(?:\n|\s)[(（]?b[).、．]/.test(head) ? 1 : 0,
    log(counts.clauses, 6),
    log(edge(head.indexOf('\n'), head.length), 9),
    log(text.length - 1 - text.lastIndexOf('\n'), 9),
    log(quotes(head), 4),
    Math.min(1, counts.letters / Math.max(1, counts.words) / 12),
    repetition(head),
    ask.earlier.length / 3,
    log(
      ask.earlier.reduce((sum, turn) => sum + turn.length, 0),
      9,
    ),
    log(ask.proposal.length, 6),
    log(ask.surroundings.length, 8),
    Math.min(1, ask.images),
    ask.phase === 'continuation' ? 1 : 0,
    ask.phase === 'tool_loop' ? 1 : 0,
    text === '' ? 1 : 0,
    /[?？]\s*$/.test(text.slice(-20)) ? 1 : 0,
    log(counts.paths, 4),
    log(counts.singles, 4),
    log(counts.commands, 4),
    log(counts.longWords, 4),
    log(counts.paragraphs, 3),
    log(size / (1 + counts.stops + counts.questions), 8),
  ]
  for (const [index, value] of values.entries()) out[at + index] = value
  writeCues(text, out, at + values.length)
}

function log(value: number, scale: number): number {
  return Math.min(1.5, Math.log1p(Math.max(0, value)) / scale)
}

function edge(at: number, otherwise: number): number {
  return at < 0 ? otherwise : at
}

/** One pass over the character codes. */
function count(text: string): Counts {
  const c: Counts = {
    cjk: 0,
    digits: 0,
    symbols: 0,
    upper: 0,
    other: 0,
    lines: 1,
    letters: 0,
    words: 0,
    questions: 0,
    stops: 0,
    clauses: 0,
    numbers: 0,
    code: 0,
    formula: 0,
    paths: 0,
    singles: 0,
    commands: 0,
    longWords: 0,
    paragraphs: 0,
  }
  let before = 0x20
  let word = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isLetter(code)) word++
    else {
      if (word > 0) countWord(c, word)
      word = 0
      if (code >= 0x80) countWide(c, code)
      else countPlain(c, code, before)
    }
    // A backslash before a letter is a command of LaTeX.
    if (before === 0x5c && isLetter(code)) c.commands++
    before = code
  }
  if (word > 0) countWord(c, word)
  return c
}

function isLetter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a
}

const LONG_WORD = 9

function countWord(c: Counts, letters: number): void {
  c.words++
  c.letters += letters
  if (letters === 1) c.singles++
  else if (letters >= LONG_WORD) c.longWords++
}

function countPlain(c: Counts, code: number, before: number): void {
  if (code >= 0x30 && code <= 0x39) {
    c.digits++
    if (before < 0x30 || before > 0x39) c.numbers++
  } else if (code === 0x0a) {
    if (before === 0x0a) c.paragraphs++
    else c.lines++
  } else if (code > 0x20) countMark(c, code, before)
}

function countWide(c: Counts, code: number): void {
  if (code >= 0x3040 && code <= 0x9fff) c.cjk++
  else if (code === 0xff1f) c.questions++
  else if (code === 0x3002 || code === 0xff01) c.stops++
  else if (code === 0xff0c || code === 0x3001 || code === 0xff1b || code === 0xff1a) c.clauses++
  else if (code >= 0x2200 && code <= 0x22ff) c.formula++
  else if (code >= 0x400) c.other++
}

const CODE = new Set('{}()[];=<>_`|&'.split('').map((mark) => mark.charCodeAt(0)))
const FORMULA = new Set('\\^$'.split('').map((mark) => mark.charCodeAt(0)))

function countMark(c: Counts, code: number, before: number): void {
  c.symbols++
  if (CODE.has(code)) c.code++
  else if (FORMULA.has(code)) c.formula++
  else if (code === 0x3f) c.questions++
  else if (code === 0x2e || code === 0x21) c.stops++
  else if (code === 0x2c || code === 0x3a) c.clauses++
  else if (code === 0x2f && before > 0x2f) c.paths++
}

function listItems(text: string): number {
  let items = 0
  for (const _ of text.matchAll(/(?:^|\n)\s{0,8}(?:[-*•]|\d{1,2}[.)、]|[(（]\d{1,2}[)）]|[①-⑳])/g))
    items++
  for (const _ of text.matchAll(/[(（](?:[a-e]|i{1,3}|iv|\d)[)）]|[①-⑳]/g)) items++
  return items
}

function quotes(text: string): number {
  let marks = 0
  for (const _ of text.matchAll(/["“”「」『』《》]/g)) marks++
  return marks
}

/** In which call each character was seen last, by the low half of its code point: a set that nobody has to empty. */
const seenIn = new Uint32Array(0x10000)
let call = 0

/** How much of the text says the same again, by its first characters. */
function repetition(text: string): number {
  const length = Math.min(256, text.length)
  if (length < 16) return 0
  call = (call + 1) >>> 0
  let different = 0
  for (let at = 0; at < length; at++) {
    const code = text.codePointAt(at) ?? 0
    if (code > 0xffff) at++
    const character = code & 0xffff
    if (seenIn[character] !== call) different++
    seenIn[character] = call
  }
  return 1 - different / Math.min(length, 60)
}
