/** A piece inside a word starts with this code, so that `cat` is not the `cat` of `concatenate`. */
export const INSIDE = 1
export const OUTSIDE = 0

/** Where a piece stands in its word: the code it begins with inside of one, or nothing. */
export type Mark = typeof OUTSIDE | typeof INSIDE

export const HASH_START = 0x811c9dc5

/** One step of FNV-1a, by UTF-16 code. */
export function hashed(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193) >>> 0
}

/** Twice as many as there can be pieces: few slots are tried in vain. */
const SLOTS = 0x10000

/** Pieces by hash. A Map would need each candidate cut out as a string of its own first. */
export class PieceTable {
  /** The piece that `find` found last. */
  found = 0
  readonly #slots = new Uint16Array(SLOTS)
  readonly #text: string
  /** By piece: where it begins in the text of all; one more says where the last one ends. */
  readonly #starts: Uint32Array

  /** Pieces have numbers from `first` on; 0 is no piece's. */
  constructor(pieces: readonly string[], first: number) {
    this.#text = pieces.join('')
    this.#starts = new Uint32Array(first + pieces.length + 1)
    let start = 0
    for (const [index, piece] of pieces.entries()) {
      const id = first + index
      this.#starts[id] = start
      start += piece.length
      this.#starts[id + 1] = start
      let slot = 0
      for (let at = 0, hash = HASH_START; at < piece.length; at++) {
        hash = hashed(hash, piece.charCodeAt(at))
        slot = slotOf(hash)
      }
      while (this.#slots[slot] !== 0) slot = (slot + 1) % SLOTS
      this.#slots[slot] = id
    }
  }

  /** Whether there is a piece of this hash that reads as `size` characters of `text` from `from` on. */
  find(...[hash, mark, text, from, size]: [number, Mark, string, number, number]): boolean {
    for (let slot = slotOf(hash); ; slot = (slot + 1) % SLOTS) {
      const id = this.#slots[slot] ?? 0
      if (id === 0) return false
      if (!this.#reads(id, mark, text, from, size)) continue
      this.found = id
      return true
    }
  }

  #reads(...[id, mark, text, from, size]: [number, Mark, string, number, number]): boolean {
    let at = this.#starts[id] ?? 0
    const end = this.#starts[id + 1] ?? 0
    if (mark === INSIDE && this.#text.charCodeAt(at++) !== INSIDE) return false
    if (end - at !== size) return false
    for (let back = 0; back < size; back++) {
      if (this.#text.charCodeAt(at + back) !== text.charCodeAt(from + back)) return false
    }
    return true
  }
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 16)) & (SLOTS - 1)
}
