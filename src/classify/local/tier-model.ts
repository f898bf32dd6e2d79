import type { HumanAsk } from '../human-ask.ts'
import type { ModelAsset } from './asset.ts'
import { modelInput } from './input.ts'
import { PLACES, placeOf } from './place.ts'
import { SHAPE_NAMES, writeShape } from './shape.ts'
import { addScaled, dot, partialDot, scaleBy, softmax } from './vector.ts'

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
const PARTS_MAX = 4
/** Rows of `width` inputs beside the attentions': the most, how much, the context. */
const ROWS = 3
/** Brings how much of a phrase there is near to the other inputs. */
const MUCH_SCALE = 0.25

/**
 * The network: phrases of three pieces, attentions over phrases, attentions that look again, one
 * hidden layer, pairs of neighbours. It holds its working memory, so one decision allocates next
 * to nothing; a decision is synchronous, so one is enough.
 */
export class TierModel {
  readonly #asset: ModelAsset
  /** What an attention makes of a phrase's place, already as a factor. */
  readonly #placeWeight: Float32Array
  readonly #cut = new Uint16Array(CUT_PIECES_MAX)
  readonly #phrase: Float32Array
  /** Every phrase of the ask, for the second look. */
  readonly #phrases: Float32Array
  readonly #wanted: Float32Array
  readonly #second: Float32Array
  /** Attentions, second attentions, the most, how much: the words; then the context, the shape. */
  readonly #inputs: Float32Array
  readonly #words: number
  readonly #active: Float32Array

  constructor(asset: ModelAsset) {
    this.#asset = asset
    this.#placeWeight = asset.placeBias.map((bias) => Math.exp(bias))
    this.#phrase = new Float32Array(asset.width)
    this.#phrases = new Float32Array(asset.width * TEXT_PIECES_MAX)
    this.#wanted = new Float32Array(asset.hopRank)
    this.#second = new Float32Array(asset.width)
    this.#words = (asset.heads + asset.hops + ROWS - 1) * asset.width
    this.#inputs = new Float32Array(this.#words + asset.width + asset.shapes)
    this.#active = new Float32Array(asset.hiddenSize)
  }

  get version(): string {
    return this.#asset.version
  }

  /** Length of the file that it was read from. */
  get bytes(): number {
    return this.#asset.bytes
  }

  estimate(ask: HumanAsk): Estimate {
    const asset = this.#asset
    const inputs = this.#inputs.fill(0)
    const { text, context } = modelInput(ask)
    const pieces = this.#piecesOf(text)
    writeShape(ask, ask.text.toLowerCase(), inputs, inputs.length - asset.shapes)
    this.#readText(pieces)
    this.#lookAgain(pieces.length)
    const direct = this.#readPairs(pieces)
    this.#readContext(context)
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

  /** Adds the phrases of the ask to the inputs: as each attention weighs them, the most, how much. */
  #readText(pieces: Uint16Array): void {
    const { width, heads, query } = this.#asset
    const inputs = this.#inputs
    const phrase = this.#phrase
    const totals = new Float64Array(heads)
    const most = this.#words - 2 * width
    const much = most + width
    for (let index = 0; index < pieces.length; index++) {
      this.#readPhrase(pieces, index, pieces.length)
      this.#phrases.set(phrase, index * width)
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
        inputs[much + at] = (inputs[much + at] ?? 0) + value
      }
    }
    for (let at = much; at < much + width; at++) {
      inputs[at] = Math.log1p(inputs[at] ?? 0) * MUCH_SCALE
    }
    for (let head = 0; head < heads; head++) {
      const total = totals[head] ?? 0
      if (total > 0) scaleBy(inputs, head * width, width, 1 / total)
    }
  }

  /** Attends to the phrases once more, asking for what the first look and the shape want to know. */
  #lookAgain(count: number): void {
    const { width, heads, hops, hopRank, want, wantBias, hop, hopBias, shapes } = this.#asset
    const inputs = this.#inputs
    const pooled = heads * width
    const size = pooled + shapes
    const shape = inputs.subarray(inputs.length - shapes)
    for (let at = 0; at < hopRank; at++) {
      const seen = partialDot(want, at * size, inputs, [0, pooled])
      this.#wanted[at] = (wantBias[at] ?? 0) + seen + dot(want, at * size + pooled, shape)
    }
    for (let number = 0; number < hops; number++) {
      for (let at = 0; at < width; at++) {
        const row = number * width + at
        this.#second[at] = Math.tanh((hopBias[row] ?? 0) + dot(hop, row * hopRank, this.#wanted))
      }
      this.#attend(count, (heads + number) * width)
    }
  }

  /** Adds the phrases, weighed by how well they fit `second`, to the inputs from `from` on. */
  #attend(count: number, from: number): void {
    const { width } = this.#asset
    let total = 0
    for (let index = 0; index < count; index++) {
      const phrase = this.#phrases.subarray(index * width, (index + 1) * width)
      const weight = Math.exp(dot(this.#second, 0, phrase))
      total += weight
      addScaled(this.#inputs, from, phrase, weight)
    }
    if (total > 0) scaleBy(this.#inputs, from, width, 1 / total)
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
    const { width, vocabulary, contextQuery } = this.#asset
    const count = vocabulary.encode(context, this.#cut, 0, CONTEXT_PIECES_MAX)
    const from = this.#words
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
    const { width, shapes } = this.#asset
    const words = this.#words
    const parts: Part[] = [
      { name: 'words', weight: this.#spoke(best, 0, words) },
      { name: 'context', weight: this.#spoke(best, words, words + width) },
      { name: 'phrases', weight: against(direct, best) },
    ]
    for (let index = 0; index < shapes; index++) {
      const at = words + width + index
      if (this.#inputs[at] === 0) continue
      parts.push({ name: SHAPE_NAMES[index] ?? '', weight: this.#spoke(best, at, at + 1) })
    }
    return parts
      .filter(({ weight }) => weight > 0.05)
      .sort((a, b) => b.weight - a.weight)
      .slice(0, PARTS_MAX)
  }

  /** What the inputs from `from` to `to` add for one tier against the other two. */
  #spoke(best: number, from: number, to: number): number {
    const { hidden, out, skip, hiddenSize } = this.#asset
    const inputs = this.#inputs
    const size = inputs.length
    const part = [from, to] as const
    const logits: Logits = [0, 0, 0]
    for (let tier = 0; tier < 3; tier++) logits[tier] = partialDot(skip, tier * size, inputs, part)
    let sum = against(logits, best)
    for (let unit = 0; unit < hiddenSize; unit++) {
      if (this.#active[unit] === 0) continue
      sum += contrast(out, hiddenSize, unit, best) * partialDot(hidden, unit * size, inputs, part)
    }
    return sum
  }
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
  const heated = logits.map((logit, tier) => logit / temperature + (shift[tier] ?? 0))
  return softmax([heated[0] ?? 0, heated[1] ?? 0, heated[2] ?? 0])
}
