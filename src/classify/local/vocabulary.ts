import { hashed, HASH_START, INSIDE, type Mark, OUTSIDE, PieceTable } from './piece-table.ts'

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

/** What a character is to the cutting. */
const Kind = { Space: 0, Line: 1, Digit: 2, Letter: 3, Han: 4, Mark: 5 } as const
type Kind = (typeof Kind)[keyof typeof Kind]

/**
 * Cuts text into known pieces: whole words, else the longest known beginnings; Han and kana by
 * longest match; marks one by one; numbers by their length. One pass, no regular expressions.
 */
export class Vocabulary {
  readonly #pieces: PieceTable
  /** By UTF-16 code: the piece that is this character alone, and the longest that begins with it. */
  readonly #alone = new Uint16Array(0x10000).fill(UNKNOWN)
  readonly #longest = new Uint8Array(0x10000).fill(1)
  /** Hashes of the beginnings of what is looked up. */
  readonly #hashes = new Uint32Array(WORD_CHARS_MAX + 1)

  constructor(pieces: readonly string[]) {
    this.#pieces = new PieceTable(pieces, SPECIALS.length)
    for (const [index, piece] of pieces.entries()) {
      const code = piece.charCodeAt(0)
      if (piece.length === 1) this.#alone[code] = SPECIALS.length + index
      this.#longest[code] = Math.max(this.#longest[code] ?? 1, piece.length)
    }
  }

  /** Appends at most `most` pieces to `out` from `at` on; returns where it ended. */
  encode(text: string, out: Uint16Array, at: number, most: number): number {
    const end = Math.min(out.length, at + most)
    const { length } = text
    let from = 0
    let to = at
    while (from < length && to < end) {
      const code = text.charCodeAt(from)
      const kind = kindOf(code)
      let next = from + 1
      if (kind === Kind.Han) next = from + this.#han(text, from, out, to++)
      else if (kind === Kind.Letter || kind === Kind.Digit) {
        next = endOfRun(text, from, kind)
        if (kind === Kind.Digit) {
          out[to++] = NUMBER + Math.min(next - from, NUMBER_DIGITS_MAX) - 1
        } else {
          to = this.#word(text, from, Math.min(next, from + 4 * WORD_CHARS_MAX), out, to, end)
        }
      } else if (kind === Kind.Mark) {
        out[to++] = this.#alone[code] ?? UNKNOWN
        // One mark said forty times says nothing more.
        while (text.charCodeAt(next) === code) next++
      } else if (kind === Kind.Line) {
        out[to++] = LINE
        while (text.charCodeAt(next) <= 0x20) next++
      }
      from = next
    }
    return to
  }

  /** Cuts the word from `start` to `stop`; `at` and `end` bound what is written. */
  #word(
    ...[text, start, stop, out, at, end]: [string, number, number, Uint16Array, number, number]
  ): number {
    if (stop - start <= WORD_CHARS_MAX) {
      const whole = this.#longestPiece(text, start, stop - start, stop - start, OUTSIDE)
      if (whole > 0) {
        out[at] = this.#pieces.found
        return at + 1
      }
    }
    let from = start
    let to = at
    while (from < stop && to < end) {
      const most = Math.min(stop - from, PIECE_CHARS_MAX)
      const size = this.#longestPiece(text, from, most, 1, from === start ? OUTSIDE : INSIDE)
      out[to++] = size === 0 ? UNKNOWN : this.#pieces.found
      from += Math.max(1, size)
      // A word of unknown letters, a key, base64: its first pieces say as much as all of them.
      if (to - at >= WORD_PIECES_MAX) break
    }
    return to
  }

  #han(text: string, from: number, out: Uint16Array, to: number): number {
    const code = text.charCodeAt(from)
    const most = Math.min(HAN_CHARS_MAX, this.#longest[code] ?? 1, text.length - from)
    const size = most < 2 ? 0 : this.#longestPiece(text, from, most, 2, OUTSIDE)
    out[to] = size === 0 ? (this.#alone[code] ?? UNKNOWN) : this.#pieces.found
    return Math.max(1, size)
  }

  /** Characters of the longest piece of `most` to `least` that stands at `from`, which is in `found` then; 0: none. */
  #longestPiece(
    ...[text, from, most, least, mark]: [string, number, number, number, Mark]
  ): number {
    const hashes = this.#hashes
    let hash = mark === INSIDE ? hashed(HASH_START, INSIDE) : HASH_START
    for (let size = 1; size <= most; size++) {
      hash = hashed(hash, text.charCodeAt(from + size - 1))
      hashes[size] = hash
    }
    for (let size = most; size >= least; size--) {
      if (this.#pieces.find(hashes[size] ?? 0, mark, text, from, size)) return size
    }
    return 0
  }
}

function endOfRun(text: string, from: number, kind: Kind): number {
  let end = from + 1
  while (end < text.length && kindOf(text.charCodeAt(end)) === kind) end++
  return end
}

const PIECE_CHARS_MAX = 10
const WORD_PIECES_MAX = 6

function kindOf(code: number): Kind {
  return (KINDS[code] ?? Kind.Letter) as Kind
}

/** Ranges of UTF-16 codes; what no range holds is a letter. Later ranges win. */
const RANGES: readonly (readonly [from: number, to: number, kind: Kind])[] = [
  [0x00, 0x20, Kind.Space],
  [0x0a, 0x0a, Kind.Line],
  [0x21, 0x7f, Kind.Mark],
  [0x30, 0x39, Kind.Digit],
  [0x41, 0x5a, Kind.Letter],
  [0x61, 0x7a, Kind.Letter],
  [0x80, 0xbf, Kind.Mark],
  [0xa0, 0xa0, Kind.Space],
  [0xd7, 0xd7, Kind.Mark],
  [0xf7, 0xf7, Kind.Mark],
  [0x2000, 0x200f, Kind.Space],
  [0x2010, 0x2bff, Kind.Mark],
  [0x3000, 0x3000, Kind.Space],
  [0x3001, 0x303f, Kind.Mark],
  [0x3040, 0x30ff, Kind.Han],
  [0x3400, 0x4dbf, Kind.Han],
  [0x4e00, 0x9fff, Kind.Han],
  [0xd800, 0xf8ff, Kind.Mark],
  [0xfe00, 0xfe6f, Kind.Mark],
  [0xff00, 0xffef, Kind.Mark],
]

const KINDS: Readonly<Uint8Array> = kinds()

function kinds(): Uint8Array {
  const table = new Uint8Array(0x10000).fill(Kind.Letter)
  for (const [from, to, kind] of RANGES) table.fill(kind, from, to + 1)
  return table
}
