/** The pieces that texts are cut into. Numbers up to `SPECIALS` are kinds, not texts. */
export const SPECIALS = [
  '<pad>',
  '<unknown>',
  '<n1>',
  '<n2>',
  '<n3>',
  '<n4>',
  '<n5+>',
  '<line>',
] as const

const UNKNOWN = 1
const NUMBER = 2
const NUMBER_DIGITS_MAX = 5
const LINE = 7
const WORD_CHARS_MAX = 24
const HAN_CHARS_MAX = 4
/** A piece inside a word starts with this, so that `cat` is not the `cat` of `concatenate`. */
const INSIDE = '\u0001'

/** What a character is to the cutting. */
const Kind = { Space: 0, Line: 1, Digit: 2, Letter: 3, Han: 4, Mark: 5 } as const
type Kind = (typeof Kind)[keyof typeof Kind]

/**
 * Cuts text into known pieces: whole words, else the longest known beginnings; Han and kana by
 * longest match; marks one by one; numbers by their length. One pass, no regular expressions.
 */
export class Vocabulary {
  readonly #ids: ReadonlyMap<string, number>

  constructor(pieces: readonly string[]) {
    const ids = new Map<string, number>()
    for (const [index, piece] of pieces.entries()) ids.set(piece, SPECIALS.length + index)
    this.#ids = ids
  }

  /** Appends at most `most` pieces to `out` from `at` on; returns where it ended. */
  encode(text: string, out: Uint16Array, at: number, most: number): number {
    const end = Math.min(out.length, at + most)
    const { length } = text
    let from = 0
    let to = at
    while (from < length && to < end) {
      const kind = kindOf(text.charCodeAt(from))
      let next = from + 1
      switch (kind) {
        case Kind.Space:
          break
        case Kind.Line:
          while (next < length && text.charCodeAt(next) <= 0x20) next++
          out[to++] = LINE
          break
        case Kind.Mark:
          out[to++] = this.#ids.get(text.charAt(from)) ?? UNKNOWN
          // One mark said forty times says nothing more.
          while (next < length && text.charCodeAt(next) === text.charCodeAt(from)) next++
          break
        case Kind.Digit:
          while (next < length && kindOf(text.charCodeAt(next)) === Kind.Digit) next++
          out[to++] = NUMBER + Math.min(next - from, NUMBER_DIGITS_MAX) - 1
          break
        case Kind.Letter:
          while (next < length && kindOf(text.charCodeAt(next)) === Kind.Letter) next++
          to = this.#word(text.slice(from, Math.min(next, from + 4 * WORD_CHARS_MAX)), out, to, end)
          break
        case Kind.Han:
          next = from + this.#han(text, from, out, to++)
      }
      from = next
    }
    return to
  }

  #word(word: string, out: Uint16Array, at: number, end: number): number {
    const whole = word.length <= WORD_CHARS_MAX ? this.#ids.get(word) : undefined
    if (whole !== undefined) {
      out[at] = whole
      return at + 1
    }
    let from = 0
    let to = at
    while (from < word.length && to < end) {
      const mark = from === 0 ? '' : INSIDE
      let size = Math.min(word.length - from, PIECE_CHARS_MAX)
      let id: number | undefined
      for (; size > 0; size--) {
        id = this.#ids.get(mark + word.slice(from, from + size))
        if (id !== undefined) break
      }
      out[to++] = id ?? UNKNOWN
      from += id === undefined ? 1 : size
      // A word of unknown letters, a key, base64: its first pieces say as much as all of them.
      if (to - at >= WORD_PIECES_MAX) break
    }
    return to
  }

  #han(text: string, from: number, out: Uint16Array, to: number): number {
    for (let size = Math.min(HAN_CHARS_MAX, text.length - from); size > 0; size--) {
      const id = this.#ids.get(text.slice(from, from + size))
      if (id === undefined) continue
      out[to] = id
      return size
    }
    out[to] = UNKNOWN
    return 1
  }
}

const PIECE_CHARS_MAX = 10
const WORD_PIECES_MAX = 6

function kindOf(code: number): Kind {
  if (code < 0x80) return ASCII[code] ?? Kind.Mark
  if (code >= 0x4e00 && code <= 0x9fff) return Kind.Han
  if (code >= 0x3040 && code <= 0x30ff) return Kind.Han
  if (code >= 0x3400 && code <= 0x4dbf) return Kind.Han
  if (code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200f)) return Kind.Space
  if (code < 0xc0 || code === 0xd7 || code === 0xf7) return Kind.Mark
  if ((code >= 0x2010 && code <= 0x2bff) || (code >= 0x3001 && code <= 0x303f)) return Kind.Mark
  if (code >= 0xd800 && code <= 0xf8ff) return Kind.Mark
  if (code >= 0xfe00 && code <= 0xfe6f) return Kind.Mark
  if (code >= 0xff00 && code <= 0xffef) return Kind.Mark
  return Kind.Letter
}

const ASCII: readonly Kind[] = Array.from({ length: 0x80 }, (_, code) => {
  if (code === 0x0a) return Kind.Line
  if (code <= 0x20) return Kind.Space
  if (code >= 0x30 && code <= 0x39) return Kind.Digit
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
  return isLetter ? Kind.Letter : Kind.Mark
})
