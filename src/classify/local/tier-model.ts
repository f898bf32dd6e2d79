import type { HumanAsk } from '../human-ask.ts'
import type { ModelAsset } from './asset.ts'
import { modelInput } from './input.ts'
import { Kernel, type Place } from './kernel.ts'
import { against, calibrated, contrast, type Logits } from './logits.ts'
import { PLACES, placeOf } from './place.ts'
import { SHAPE_NAMES, writeShape } from './shape.ts'
import { Weights } from './weights.ts'

/** Honest probabilities of the three tiers, with what spoke for the one that was chosen. */
export interface Estimate {
  readonly probabilities: Readonly<Logits>
  /** Parts of the decision, strongest first, with what each added; names are ASCII. */
  readonly parts: readonly Part[]
}

export interface Part {
  readonly name: string
  readonly weight: number
}

/** Which tier a decision is explained for. */
type Choose = (probabilities: Readonly<Logits>) => number

const likeliest: Choose = (probabilities) => probabilities.indexOf(Math.max(...probabilities))

/** Pieces read of an ask and of its context; of a long ask the two ends. */
const TEXT_PIECES_MAX = 384
const CONTEXT_PIECES_MAX = 128
/** Pieces cut of a text before its ends are taken. */
const CUT_PIECES_MAX = 2_000
const PARTS_MAX = 4
const PART_WEIGHT_MIN = 0.05
/** Rows of `width` inputs beside the attentions': the most, how much, the context. */
const ROWS = 3
/** Brings how much of a phrase there is near to the other inputs. */
const MUCH_SCALE = 0.25
/** More than the phrases of the longest ask, the inputs and rows that are made a multiple of four. */
const WORKING_BYTES = 1_000_000

/**
 * The network: phrases of three pieces, each with what its neighbours make of it, attentions over
 * phrases, what the whole makes of each, attentions that look again, one hidden layer, pairs of neighbours. It holds its working memory, so one decision allocates next
 * to nothing; a decision is synchronous, so one is enough.
 */
export class TierModel {
  readonly #asset: ModelAsset
  readonly #kernel: Kernel
  readonly #weights: Weights
  readonly #cut = new Uint16Array(CUT_PIECES_MAX)
  readonly #pieces: Place<Uint16Array>
  /** Where each phrase stands: near the beginning, in the middle, near the end. */
  readonly #places: Place<Uint8Array>
  readonly #phrases: Place<Float32Array>
  /** What stands around each phrase. */
  readonly #sums: Place<Float32Array>
  readonly #told: Place<Float32Array>
  readonly #wanted: Place<Float32Array>
  readonly #second: Place<Float32Array>
  /** Attentions, second attentions, the most, how much: the words; then the context, the shape. */
  readonly #inputs: Place<Float32Array>
  readonly #words: number
  readonly #active: Place<Float32Array>
  readonly #logits: Place<Float32Array>
  /** What one of the inputs adds for the likeliest tier against the other two. */
  readonly #gain: Place<Float32Array>

  constructor(asset: ModelAsset) {
    const { width, heads, hops } = asset
    this.#asset = asset
    this.#kernel = new Kernel(asset.bytes + asset.table.length + WORKING_BYTES)
    this.#weights = new Weights(asset, this.#kernel)
    this.#pieces = this.#kernel.words(TEXT_PIECES_MAX)
    this.#places = this.#kernel.bytes(TEXT_PIECES_MAX)
    this.#phrases = this.#kernel.floats(TEXT_PIECES_MAX * width)
    this.#sums = this.#kernel.floats(TEXT_PIECES_MAX * width)
    this.#told = this.#kernel.floats(width)
    this.#wanted = this.#kernel.floats(asset.hopRank)
    this.#second = this.#kernel.floats(hops * width)
    this.#words = (heads + hops + ROWS - 1) * width
    this.#inputs = this.#kernel.floats(this.#weights.inputs)
    this.#active = this.#kernel.floats(asset.hiddenSize)
    this.#logits = this.#kernel.floats(4)
    this.#gain = this.#kernel.floats(this.#weights.inputs)
  }

  get version(): string {
    return this.#asset.version
  }

  /** Length of the file that it was read from. */
  get bytes(): number {
    return this.#asset.bytes
  }

  estimate(ask: HumanAsk, choose: Choose = likeliest): Estimate {
    const inputs = this.#inputs.values.fill(0)
    const { text, context, bare } = modelInput(ask)
    const count = this.#take(this.#piecesOf(text))
    writeShape(ask, bare, inputs, this.#words + this.#asset.width)
    this.#readText(count)
    this.#lookAgain(count)
    const direct = this.#readPairs(count)
    this.#readContext(context)
    const said = this.#forward()
    const logits: Logits = [said[0] + direct[0], said[1] + direct[1], said[2] + direct[2]]
    const probabilities = calibrated(logits, this.#asset)
    return { probabilities, parts: this.#partsOf(choose(probabilities), said, direct) }
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

  /** Makes phrases of the pieces; returns how many. */
  #take(pieces: Uint16Array): number {
    const { table, scale, phraseBias, reach, across, acrossBias } = this.#weights
    this.#pieces.values.set(pieces)
    const { length } = pieces
    const { at } = this.#pieces
    const { width } = this.#asset
    const { run } = this.#kernel
    const phrases = this.#phrases.at
    run.phrases(at, length, table, scale, phraseBias, width, phrases)
    run.surround(phrases, length, width, reach, this.#sums.at)
    run.respond(phrases, length, width, this.#sums.at, across, acrossBias)
    return length
  }

  /** Where in the inputs the row of `width` numbers with this number is. */
  #row(number: number): number {
    return this.#inputs.at + 4 * number * this.#asset.width
  }

  /** Adds the phrases of the ask to the inputs, as each attention weighs them. */
  #readText(count: number): void {
    const { width, heads } = this.#asset
    const { query, placeWeight } = this.#weights
    const phrases = this.#phrases.at
    for (let index = 0; index < count; index++) this.#places.values[index] = placeOf(index, count)
    for (let head = 0; head < heads; head++) {
      const asked = query + 4 * head * width
      const places = placeWeight + 4 * head * PLACES
      const into = this.#row(head)
      this.#kernel.run.attend(asked, phrases, count, width, this.#places.at, places, into)
    }
  }

  /**
   * Reads the phrases once more in the light of the whole: asks for what the first look and the
   * shape want to know; adds how much there is at the most of each thing, and altogether.
   */
  #lookAgain(count: number): void {
    const { width, heads, hops, hopRank } = this.#asset
    const { want, wantBias, hop, hopBias, inputs } = this.#weights
    const { run } = this.#kernel
    const wanted = this.#wanted.at
    const second = this.#second.at
    run.affine(want, hopRank, inputs, this.#inputs.at, wantBias, wanted)
    run.affine(hop, hops * width, hopRank, wanted, hopBias, second)
    run.squash(second, hops * width)
    this.#tell(count)
    const phrases = this.#phrases.at
    for (let number = 0; number < hops; number++) {
      const asked = second + 4 * number * width
      run.attend(asked, phrases, count, width, 0, 0, this.#row(heads + number))
    }
    const most = heads + hops
    run.extremes(phrases, count, width, this.#row(most), this.#row(most + 1))
    const values = this.#inputs.values
    for (let at = (most + 1) * width; at < (most + 2) * width; at++) {
      values[at] = Math.log1p(values[at] ?? 0) * MUCH_SCALE
    }
  }

  /** Tells each phrase what its neighbours and the whole make of it. */
  #tell(count: number): void {
    const { width, hopRank } = this.#asset
    const { reachAgain, acrossAgain, acrossAgainBias, told } = this.#weights
    const { run } = this.#kernel
    const wanted = this.#wanted.at
    const phrases = this.#phrases.at
    run.squash(wanted, hopRank)
    run.affine(told, width, hopRank, wanted, acrossAgainBias, this.#told.at)
    run.surround(phrases, count, width, reachAgain, this.#sums.at)
    run.respond(phrases, count, width, this.#sums.at, acrossAgain, this.#told.at)
  }

  /** What pairs of neighbouring pieces say directly. */
  #readPairs(count: number): Logits {
    const { pairs, pairTable, pairScale } = this.#asset
    const pieces = this.#pieces.values
    const said: Logits = [0, 0, 0]
    for (let index = 1; index < count; index++) {
      const before = Math.imul(pieces[index - 1] ?? 0, 40_503)
      const at = (((before + Math.imul(pieces[index] ?? 0, 10_007)) >>> 0) % pairs) * 3
      said[0] += pairTable[at] ?? 0
      said[1] += pairTable[at + 1] ?? 0
      said[2] += pairTable[at + 2] ?? 0
    }
    const norm = pairScale / Math.sqrt(Math.max(1, count - 1))
    return [said[0] * norm, said[1] * norm, said[2] * norm]
  }

  #readContext(context: string): void {
    if (context === '') return
    const { vocabulary, width, heads, hops } = this.#asset
    const pieces = vocabulary.encode(context, this.#cut, 0, CONTEXT_PIECES_MAX)
    const count = this.#take(this.#cut.subarray(0, pieces))
    const into = this.#row(heads + hops + ROWS - 1)
    this.#kernel.run.attend(this.#weights.contextQuery, this.#phrases.at, count, width, 0, 0, into)
  }

  #forward(): Logits {
    const { hiddenSize } = this.#asset
    const { hidden, hiddenBias, out, outBias, skip, zeroes, inputs } = this.#weights
    const { run } = this.#kernel
    const logits = this.#logits
    run.affine(hidden, hiddenSize, inputs, this.#inputs.at, hiddenBias, this.#active.at)
    run.rectify(this.#active.at, hiddenSize)
    run.affine(out, 3, hiddenSize, this.#active.at, outBias, logits.at)
    const [a = 0, b = 0, c = 0] = logits.values
    run.affine(skip, 3, inputs, this.#inputs.at, zeroes, logits.at)
    const [x = 0, y = 0, z = 0] = logits.values
    return [a + x, b + y, c + z]
  }

  /**
   * What spoke for a tier against the other two: the network is linear around here. `said`
   * is what all inputs add and the biases; what is not the context's, the shape's or a bias is the words'.
   */
  #partsOf(best: number, said: Readonly<Logits>, direct: Readonly<Logits>): readonly Part[] {
    const about = this.#words + this.#asset.width
    const biases = this.#weighInputs(best)
    const context = this.#spoke(this.#words, about)
    const parts: Part[] = []
    let rest = against(said, best) - biases - context
    for (let at = about; at < about + this.#asset.shapes; at++) {
      const weight = this.#spoke(at, at + 1)
      rest -= weight
      if (weight > PART_WEIGHT_MIN) parts.push({ name: SHAPE_NAMES[at - about] ?? '', weight })
    }
    parts.push(
      { name: 'words', weight: rest },
      { name: 'context', weight: context },
      { name: 'phrases', weight: against(direct, best) },
    )
    return parts
      .filter(({ weight }) => weight > PART_WEIGHT_MIN)
      .sort((a, b) => b.weight - a.weight)
      .slice(0, PARTS_MAX)
  }

  /** Finds what each input that is no word's adds for one tier; returns what the biases add. */
  #weighInputs(best: number): number {
    const { hiddenSize, outBias } = this.#asset
    const { skip, hidden, inputs } = this.#weights
    const { run } = this.#kernel
    const gain = this.#gain
    const from = this.#words
    const size = inputs - from
    gain.values.fill(0)
    for (let tier = 0; tier < 3; tier++) {
      const weight = tier === best ? 1 : -0.5
      run.add(gain.at + 4 * from, skip + 4 * (tier * inputs + from), size, weight)
    }
    let biases = against(outBias, best)
    for (let unit = 0; unit < hiddenSize; unit++) {
      if (this.#active.values[unit] === 0) continue
      const weight = contrast(this.#asset.out, hiddenSize, unit, best)
      biases += weight * (this.#asset.hiddenBias[unit] ?? 0)
      run.add(gain.at + 4 * from, hidden + 4 * (unit * inputs + from), size, weight)
    }
    return biases
  }

  /** What the inputs from `from` to `to` add for the likeliest tier. */
  #spoke(from: number, to: number): number {
    const gain = this.#gain.values
    const inputs = this.#inputs.values
    let sum = 0
    for (let at = from; at < to; at++) sum += (gain[at] ?? 0) * (inputs[at] ?? 0)
    return sum
  }
}
