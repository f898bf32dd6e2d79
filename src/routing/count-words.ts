/** What was counted so far, and what the counting has to remember between texts. */
export interface WordCount {
  tokens: number
  /** Above it nobody asks how many there are. */
  readonly limit: number
  /** How many characters may still be looked at. */
  looks: number
  readonly echo: Echo
}

/** So much is as good as endless, and small enough for the quick kind of numbers. */
const ENDLESS = 2 ** 30 - 1

export function newCount(limit: number, looksPerToken: number): WordCount {
  return {
    tokens: 0,
    limit: Math.min(limit, ENDLESS),
    looks: Math.min(limit * looksPerToken, ENDLESS),
    echo: { seen: new Uint32Array(ECHO_SLOTS), at: ECHO_CHARS, before: 0 },
  }
}

/** Ends a word. */
const BREAK = 0
/** Neither ends a word nor is one: an apostrophe, a symbol, punctuation beyond ASCII. */
const SIGN = 1
const LETTER = 2
/** Of a script without spaces: Chinese characters and kana. */
const HAN = 3
const ESCAPE = 4
/** Characters of two, three and four bytes. */
const TWO = 5
const THREE = 6
const FOUR = 7

/** Chinese and Japanese have 1.3 to 1.7 to a token, and hardly more in the stiffest officialese. */
const HAN_PER_TOKEN = 4

/**
 * Adds the words of the inside of a JSON string, its escapes read as what they stand for.
 *
 * Every tokenizer in use cuts a text into words before it looks for tokens: in the vocabularies of
 * GPT, Claude, Gemma, Llama, Qwen and DeepSeek no token has letters on both sides of white space
 * or punctuation, but for apostrophes, joiners of Persian and underscores of control tokens. So a run of letters and digits is one token at least, however
 * long; what stands between, of which one token can hold dozens, counts for nothing.
 */
export function countWords(text: Buffer, start: number, end: number, count: WordCount): void {
  const { limit, echo } = count
  let { tokens, looks } = count
  /** 1 inside of a word. Sums instead of branches: a word is as short as a branch is dear. */
  let inside = 0
  let words = 0
  let han = 0
  let hanWord = 0
  for (let at = start; at < end && tokens + words <= limit && looks > 0; at++, looks--) {
    const byte = text[at] ?? 0
    let kind = KINDS[byte] ?? BREAK
    let code = byte
    if (kind >= ESCAPE) {
      code = readCode(text, at, kind)
      at += lengthOf(text, at, kind) - 1
      kind = kindOf(code)
    }
    words += (kind >> 1) & (inside ^ 1)
    inside = (inside & kind) | (kind >> 1)
    if (kind !== HAN || !isFresh(echo, code)) continue
    if (hanWord !== words) han = 0
    hanWord = words
    han++
    // The first of a run are counted as its word.
    if (han % HAN_PER_TOKEN === 0 && han > HAN_PER_TOKEN) tokens++
  }
  count.tokens = tokens + words
  count.looks = looks
}

const LOWER_U = 0x75
const SURROGATE = 0xd800

const KINDS = Uint8Array.from({ length: 0x100 }, (_, byte) => {
  if (byte >= 0xf0) return FOUR
  if (byte >= 0xe0) return THREE
  if (byte >= 0xc0) return TWO
  const char = String.fromCharCode(byte)
  if (char === '\\') return ESCAPE
  if (char === "'" || char === '_' || byte >= 0x80) return SIGN
  return /[A-Za-z0-9]/.test(char) ? LETTER : BREAK
})

function lengthOf(text: Buffer, at: number, kind: number): number {
  if (kind === ESCAPE) return text[at + 1] === LOWER_U ? 6 : 2
  return kind - TWO + 2
}

function readCode(text: Buffer, at: number, kind: number): number {
  const second = (text[at + 1] ?? 0) & 0x3f
  if (kind === TWO) return (((text[at] ?? 0) & 0x1f) << 6) | second
  if (kind === THREE)
    return (((text[at] ?? 0) & 0xf) << 12) | (second << 6) | ((text[at + 2] ?? 0) & 0x3f)
  // What takes four bytes is a sign, as its surrogates are.
  if (kind === FOUR) return SURROGATE
  // Escapes without a code are white space or punctuation.
  return text[at + 1] === LOWER_U ? readHex(text, at + 2) : 0
}

function readHex(text: Buffer, start: number): number {
  let code = 0
  for (let at = start; at < start + 4; at++) {
    const byte = text[at] ?? 0
    code = (code << 4) | (byte <= 0x39 ? byte & 0xf : (byte & 0xf) + 9)
  }
  return code
}

function kindOf(code: number): number {
  if (code < 0x80) return code === 0x5c ? BREAK : (KINDS[code] ?? BREAK)
  // Latin-1 signs, general to CJK punctuation, what is beyond 16 bits, full-width forms.
  if (code < 0xc0 || (code >= 0x2000 && code <= 0x3040) || code >= SURROGATE) return SIGN
  return code > 0x3040 && code <= 0x9fff ? HAN : LETTER
}

/** A phrase that comes again within so many characters may be one token, however long it is. */
const ECHO_CHARS = 24
const ECHO_SLOTS = 4_096

interface Echo {
  /** Where two characters were last seen together; pairs that share a place count for less. */
  readonly seen: Uint32Array
  at: number
  before: number
}

function isFresh(echo: Echo, code: number): boolean {
  const { seen } = echo
  const slot = (echo.before * 31 + code) & (ECHO_SLOTS - 1)
  const at = echo.at + 1
  const isEcho = at - (seen[slot] ?? 0) <= ECHO_CHARS
  echo.at = at
  echo.before = code
  seen[slot] = at
  return !isEcho
}
