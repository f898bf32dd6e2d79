import { SPECIALS, Vocabulary } from './vocabulary.ts'

/**
 * The trained model: one file of a JSON header, the pieces, and arrays of numbers, each at a
 * multiple of four bytes. The arrays are views into the file's bytes; nothing is copied.
 */
export interface ModelAsset {
  readonly version: string
  /** Length of the file. */
  readonly bytes: number
  /** Size of a phrase: a piece with its two neighbours. */
  readonly width: number
  readonly heads: number
  /** Attentions that look a second time, for what the first ones found wanting. */
  readonly hops: number
  readonly hopRank: number
  readonly hiddenSize: number
  readonly shapes: number
  readonly pairs: number
  readonly vocabulary: Vocabulary
  readonly pieces: readonly string[]
  /**
   * What a piece adds to the phrase after it, its own, and the phrase before it: three rows of
   * `width` whole numbers of -7 to 7 per piece, two in each byte, the first one in its lower half; and
   * what a one is worth in each row.
   */
  readonly table: Int8Array
  readonly scale: Float32Array
  readonly phraseBias: Float32Array
  /** How much each of the five phrases around one counts, number by number, and what is made of them. */
  readonly reach: Float32Array
  readonly across: Float32Array
  readonly acrossBias: Float32Array
  readonly query: Float32Array
  readonly placeBias: Float32Array
  readonly contextQuery: Float32Array
  readonly want: Float32Array
  readonly wantBias: Float32Array
  readonly hop: Float32Array
  readonly hopBias: Float32Array
  /** The same once more, when the whole of the text has been looked at, and what that adds. */
  readonly reachAgain: Float32Array
  readonly acrossAgain: Float32Array
  readonly acrossAgainBias: Float32Array
  readonly told: Float32Array
  readonly hidden: Float32Array
  readonly hiddenBias: Float32Array
  readonly out: Float32Array
  readonly outBias: Float32Array
  readonly skip: Float32Array
  readonly pairTable: Int8Array
  readonly pairScale: number
  /** Temperatures and shifts that make probabilities honest. */
  readonly temperature: number
  readonly shift: Float32Array
}

const MAGIC = 'SRTIER04'

interface Header {
  readonly version: string
  readonly width: number
  readonly heads: number
  readonly hops: number
  readonly hopRank: number
  readonly hidden: number
  readonly shapes: number
  readonly pairs: number
  readonly pairScale: number
  readonly temperature: number
  readonly shift: readonly number[]
  /** name -> offset and count of values, from the end of the header on. */
  readonly arrays: Readonly<Record<string, readonly [offset: number, count: number]>>
}

/** Reads the asset; throws where the file is not one, because then the package is broken. */
export function readModelAsset(bytes: Buffer): ModelAsset {
  const { header, base } = readHeader(bytes)
  const place = (name: string): readonly [number, number] => {
    const found = header.arrays[name]
    if (found === undefined) throw new Error(`the tier model has no ${name}`)
    return [bytes.byteOffset + base + found[0], found[1]]
  }
  const floats = (name: string): Float32Array => {
    const [offset, count] = place(name)
    // A pooled buffer may begin anywhere; floats must stand at a multiple of four.
    return offset % 4 === 0
      ? new Float32Array(bytes.buffer, offset, count)
      : new Float32Array(bytes.buffer.slice(offset, offset + 4 * count))
  }
  const small = (name: string): Int8Array => new Int8Array(bytes.buffer, ...place(name))
  const [textOffset, textBytes] = place('pieces')
  const pieces = Buffer.from(bytes.buffer, textOffset, textBytes).toString('utf8').split('\n')
  return {
    version: header.version,
    bytes: bytes.length,
    width: header.width,
    heads: header.heads,
    hops: header.hops,
    hopRank: header.hopRank,
    hiddenSize: header.hidden,
    shapes: header.shapes,
    pairs: header.pairs,
    vocabulary: new Vocabulary(pieces),
    pieces: [...SPECIALS, ...pieces],
    table: small('table'),
    scale: floats('scale'),
    phraseBias: floats('phraseBias'),
    reach: floats('reach'),
    across: floats('across'),
    acrossBias: floats('acrossBias'),
    query: floats('query'),
    placeBias: floats('placeBias'),
    contextQuery: floats('contextQuery'),
    want: floats('want'),
    wantBias: floats('wantBias'),
    hop: floats('hop'),
    hopBias: floats('hopBias'),
    reachAgain: floats('reachAgain'),
    acrossAgain: floats('acrossAgain'),
    acrossAgainBias: floats('acrossAgainBias'),
    told: floats('told'),
    hidden: floats('hidden'),
    hiddenBias: floats('hiddenBias'),
    out: floats('out'),
    outBias: floats('outBias'),
    skip: floats('skip'),
    pairTable: small('pairTable'),
    pairScale: header.pairScale,
    temperature: header.temperature,
    shift: Float32Array.from(header.shift),
  }
}

/** The version, from no more of the file than its header. */
export function readModelVersion(bytes: Buffer): string {
  return readHeader(bytes).header.version
}

function readHeader(bytes: Buffer): { readonly header: Header; readonly base: number } {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('not a tier model')
  const start = MAGIC.length + 4
  const base = start + bytes.readUInt32LE(MAGIC.length)
  return { header: JSON.parse(bytes.toString('utf8', start, base)) as Header, base }
}
