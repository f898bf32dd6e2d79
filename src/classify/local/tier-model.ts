import type { HumanAsk } from '../human-ask.ts'
import type { ModelAsset } from './asset.ts'
import { modelInput } from './input.ts'
import { SHAPE_NAMES, writeShape } from './shape.ts'

/** Honest probabilities of the three tiers, with what spoke for the strongest. */
export interface Estimate {
  readonly probabilities: Readonly<Logits>
  /** Parts of the decision, strongest first, with what each added; names are ASCII. */
  readonly parts: readonly Part[]
}

/** One number per tier, the cheapest first. */
export type Logits = [t1: number, t2: number, t3: number]

export interface Part {
  readonly name: string
  readonly weight: number
}

/** Pieces read of an ask and of its context; of a long ask the two ends. */
const TEXT_PIECES_MAX = 384
const CONTEXT_PIECES_MAX = 128
/** Pieces cut of a text before its ends are taken. */
const CUT_PIECES_MAX = 2_000
const PLACES = 12
const PLACE_LIMITS = [2, 6, 14, 30, 62] as const
const PARTS_MAX = 4

/**
 * The network: phrases of three pieces, attention over phrases, one hidden layer, pairs of
 * neighbours. It holds its working memory, so one decision allocates next to nothing; a decision
 * is synchronous, so one is enough.
 */
export class TierModel {
  readonly #asset: ModelAsset
  /** What an attention makes of a phrase's place, already as a factor. */
  readonly #placeWeight: Float32Array
  readonly #cut = new Uint16Array(CUT_PIECES_MAX)
  readonly #phrase: Float32Array
  readonly #inputs: Float32Array
  readonly #active: Float32Array
  readonly #slope: Float32Array

  constructor(asset: ModelAsset) {
    this.#asset = asset
    this.#placeWeight = asset.placeBias.map((bias) => Math.exp(bias))
    this.#phrase = new Float32Array(asset.width)
    this.#inputs = new Float32Array((asset.heads + 2) * asset.width + asset.shapes)
    this.#active = new Float32Array(asset.hiddenSize)
    this.#slope = new Float32Array(this.#inputs.length)
  }

  get version(): string {
    return this.#asset.version
  }

  estimate(ask: HumanAsk): Estimate {
    const asset = this.#asset
    const inputs = this.#inputs.fill(0)
    const { text, context } = modelInput(ask)
    const pieces = this.#piecesOf(text)
    this.#readText(pieces)
    const direct = this.#readPairs(pieces)
    this.#readContext(context)
    writeShape(ask, ask.text.toLowerCase(), inputs, inputs.length - asset.shapes)
    const logits = this.#forward(direct)
    const probabilities = calibrated(logits, asset)
    return { probabilities, parts: this.#partsOf(probabilities, direct) }
  }

  /** The pieces that are read of an ask. A view: it holds until the next call. */
  pieces(ask: HumanAsk): Uint16Array {
    return this.#piecesOf(modelInput(ask).text)
  }

  #piecesOf(text: string): Uint16Array {
    const count = this.#asset.vocabulary.encode(text, this.#cut, 0, CUT_PIECES_MAX)
    if (count <= TEXT_PIECES_MAX) return this.#cut.subarray(0, count)
    const half = TEXT_PIECES_MAX / 2
    this.#cut.copyWithin(half, count - half, count)
    return this.#cut.subarray(0, TEXT_PIECES_MAX)
  }

  /** Adds the phrases of the ask to the inputs, as each attention weighs them, and their maxima. */
  #readText(pieces: Uint16Array): void {
    const { width, heads, query } = this.#asset
    const inputs = this.#inputs
    const phrase = this.#phrase
    const totals = new Float64Array(heads)
    const most = heads * width
    for (let index = 0; index < pieces.length; index++) {
      this.#readPhrase(pieces, index, pieces.length)
      const bucket = placeOf(index, pieces.length)
      for (let head = 0; head < heads; head++) {
        const place = this.#placeWeight[head * PLACES + bucket] ?? 0
        const weight = Math.exp(dot(query, head * width, phrase)) * place
        totals[head] = (totals[head] ?? 0) + weight
        addScaled(inputs, head * width, phrase, weight)
      }
      for (let at = 0; at < width; at++) {
        const value = phrase[at] ?? 0
        if (value > (inputs[most + at] ?? 0)) inputs[most + at] = value
      }
    }
    for (let head = 0; head < heads; head++) {
      const total = totals[head] ?? 0
      if (total > 0) scaleBy(inputs, head * width, width, 1 / total)
    }
  }

  /** A piece with what its neighbours add to it, in the working memory. */
  #readPhrase(pieces: Uint16Array, index: number, count: number): void {
    const phrase = this.#phrase
    phrase.set(this.#asset.phraseBias)
    this.#addPiece(pieces[index] ?? 0, 1)
    if (index > 0) this.#addPiece(pieces[index - 1] ?? 0, 0)
    if (index + 1 < count) this.#addPiece(pieces[index + 1] ?? 0, 2)
    for (let at = 0; at < phrase.length; at++) if ((phrase[at] ?? 0) < 0) phrase[at] = 0
  }

  #addPiece(id: number, row: number): void {
    const { table, scale, width } = this.#asset
    const phrase = this.#phrase
    const factor = scale[id * 3 + row] ?? 0
    const from = (id * 3 + row) * width
    for (let at = 0; at < width; at++) {
      phrase[at] = (phrase[at] ?? 0) + factor * (table[from + at] ?? 0)
    }
  }

  /** What pairs of neighbouring pieces say directly. */
  #readPairs(pieces: Uint16Array): Logits {
    const { pairs, pairTable, pairScale } = this.#asset
    const said: Logits = [0, 0, 0]
    for (let index = 1; index < pieces.length; index++) {
      const before = Math.imul(pieces[index - 1] ?? 0, 40_503)
      const at = (((before + Math.imul(pieces[index] ?? 0, 10_007)) >>> 0) % pairs) * 3
      said[0] += pairTable[at] ?? 0
      said[1] += pairTable[at + 1] ?? 0
      said[2] += pairTable[at + 2] ?? 0
    }
    const norm = pairScale / Math.sqrt(Math.max(1, pieces.length - 1))
    return [said[0] * norm, said[1] * norm, said[2] * norm]
  }

  #readContext(context: string): void {
    if (context === '') return
    const { width, heads, vocabulary, contextQuery } = this.#asset
    const count = vocabulary.encode(context, this.#cut, 0, CONTEXT_PIECES_MAX)
    const from = (heads + 1) * width
    let total = 0
    for (let index = 0; index < count; index++) {
      this.#readPhrase(this.#cut, index, count)
      const weight = Math.exp(dot(contextQuery, 0, this.#phrase))
      total += weight
      addScaled(this.#inputs, from, this.#phrase, weight)
    }
    if (total > 0) scaleBy(this.#inputs, from, width, 1 / total)
  }

  #forward(direct: Readonly<Logits>): Logits {
    const { hidden, hiddenBias, out, outBias, skip, hiddenSize } = this.#asset
    const inputs = this.#inputs
    const size = inputs.length
    const logits: Logits = [...direct]
    for (let tier = 0; tier < 3; tier++) {
      logits[tier] = (logits[tier] ?? 0) + (outBias[tier] ?? 0) + dot(skip, tier * size, inputs)
    }
    for (let unit = 0; unit < hiddenSize; unit++) {
      const value = Math.max(0, (hiddenBias[unit] ?? 0) + dot(hidden, unit * size, inputs))
      this.#active[unit] = value
      if (value === 0) continue
      for (let tier = 0; tier < 3; tier++) {
        logits[tier] = (logits[tier] ?? 0) + value * (out[tier * hiddenSize + unit] ?? 0)
      }
    }
    return logits
  }

  /** What spoke for the likeliest tier against the other two: the network is linear around here. */
  #partsOf(probabilities: Readonly<Logits>, direct: Readonly<Logits>): readonly Part[] {
    const best = probabilities.indexOf(Math.max(...probabilities))
    const slope = this.#slopeOf(best)
    const { width, heads, shapes } = this.#asset
    const words = (heads + 1) * width
    const parts: Part[] = [
      { name: 'words', weight: partial(slope, this.#inputs, 0, words) },
      { name: 'context', weight: partial(slope, this.#inputs, words, words + width) },
      { name: 'phrases', weight: against(direct, best) },
    ]
    for (let index = 0; index < shapes; index++) {
      const at = words + width + index
      const weight = (slope[at] ?? 0) * (this.#inputs[at] ?? 0)
      parts.push({ name: SHAPE_NAMES[index] ?? '', weight })
    }
    return parts
      .filter(({ weight }) => weight > 0.05)
      .sort((a, b) => b.weight - a.weight)
      .slice(0, PARTS_MAX)
  }

  #slopeOf(best: number): Float32Array {
    const { hidden, out, skip, hiddenSize } = this.#asset
    const size = this.#inputs.length
    const slope = this.#slope
    for (let at = 0; at < size; at++) slope[at] = contrast(skip, size, at, best)
    for (let unit = 0; unit < hiddenSize; unit++) {
      if (this.#active[unit] === 0) continue
      const weight = contrast(out, hiddenSize, unit, best)
      const row = unit * size
      for (let at = 0; at < size; at++) {
        slope[at] = (slope[at] ?? 0) + weight * (hidden[row + at] ?? 0)
      }
    }
    return slope
  }
}

function placeOf(index: number, length: number): number {
  for (let bucket = 0; bucket < PLACE_LIMITS.length; bucket++) {
    if (index < (PLACE_LIMITS[bucket] ?? 0)) return bucket
  }
  const rest = length - 1 - index
  for (let bucket = 0; bucket < PLACE_LIMITS.length; bucket++) {
    if (rest < (PLACE_LIMITS[bucket] ?? 0)) return PLACES - 1 - bucket
  }
  return 5
}

function addScaled(into: Float32Array, from: number, values: Float32Array, weight: number): void {
  for (let at = 0; at < values.length; at++) {
    into[from + at] = (into[from + at] ?? 0) + weight * (values[at] ?? 0)
  }
}

function scaleBy(values: Float32Array, from: number, count: number, factor: number): void {
  for (let at = from; at < from + count; at++) values[at] = (values[at] ?? 0) * factor
}

function dot(weights: Float32Array, from: number, inputs: Float32Array): number {
  let sum = 0
  for (let at = 0; at < inputs.length; at++) sum += (weights[from + at] ?? 0) * (inputs[at] ?? 0)
  return sum
}

function partial(slope: Float32Array, inputs: Float32Array, from: number, to: number): number {
  let sum = 0
  for (let at = from; at < to; at++) sum += (slope[at] ?? 0) * (inputs[at] ?? 0)
  return sum
}

function contrast(rows: Float32Array, size: number, at: number, best: number): number {
  const own = rows[best * size + at] ?? 0
  const all = (rows[at] ?? 0) + (rows[size + at] ?? 0) + (rows[2 * size + at] ?? 0)
  return own - (all - own) / 2
}

function against(values: Readonly<Logits>, best: number): number {
  const own = values[best] ?? 0
  return own - (values[0] + values[1] + values[2] - own) / 2
}

function calibrated(logits: Readonly<Logits>, { temperature, shift }: ModelAsset): Logits {
  const [a, b, c] = logits.map((logit, tier) => logit / temperature + (shift[tier] ?? 0))
  const most = Math.max(a ?? 0, b ?? 0, c ?? 0)
  const [x, y, z] = [a, b, c].map((value) => Math.exp((value ?? 0) - most)) as [
    number,
    number,
    number,
  ]
  const total = x + y + z
  return [x / total, y / total, z / total]
}
