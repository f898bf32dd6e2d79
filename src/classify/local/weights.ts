import type { ModelAsset } from './asset.ts'
import type { Kernel, Place } from './kernel.ts'

/** Four numbers are computed at a time. */
const STEP = 4

/** The asset's numbers in the kernel's memory: each member is where one array begins. */
export class Weights {
  /** How many inputs there are, made a multiple of four. */
  readonly inputs: number
  readonly table: number
  readonly scale: number
  readonly phraseBias: number
  readonly reach: number
  readonly across: number
  readonly acrossBias: number
  readonly query: number
  /** What an attention makes of a phrase's place, already as a factor. */
  readonly placeWeight: number
  readonly contextQuery: number
  readonly want: number
  readonly wantBias: number
  readonly hop: number
  readonly hopBias: number
  readonly reachAgain: number
  readonly acrossAgain: number
  readonly acrossAgainBias: number
  readonly told: number
  readonly hidden: number
  readonly hiddenBias: number
  readonly out: number
  readonly outBias: number
  readonly skip: number
  readonly zeroes: number

  constructor(asset: ModelAsset, kernel: Kernel) {
    const { width, heads, hopRank, hiddenSize } = asset
    const inputs = asset.skip.length / 3
    this.inputs = Math.ceil(inputs / STEP) * STEP
    const whole = (values: Float32Array): number => {
      const place = kernel.floats(Math.ceil(values.length / STEP) * STEP)
      place.values.set(values)
      return place.at
    }
    /** Rows that are as long as the inputs: `from` numbers are for the first ones, the rest for the last. */
    const wide = (values: Float32Array, rows: number, from: number): number => {
      const size = values.length / rows
      const place = kernel.floats(rows * this.inputs)
      for (let row = 0; row < rows; row++) {
        const own = values.subarray(row * size, (row + 1) * size)
        place.values.set(own.subarray(0, from), row * this.inputs)
        place.values.set(own.subarray(from), row * this.inputs + inputs - (size - from))
      }
      return place.at
    }
    this.table = unpacked(asset.table, kernel).at
    this.scale = whole(asset.scale)
    this.phraseBias = whole(asset.phraseBias)
    this.reach = whole(asset.reach)
    this.across = whole(asset.across)
    this.acrossBias = whole(asset.acrossBias)
    this.query = whole(asset.query)
    this.placeWeight = whole(asset.placeBias.map((bias) => Math.exp(bias)))
    this.contextQuery = whole(asset.contextQuery)
    this.want = wide(asset.want, hopRank, heads * width)
    this.wantBias = whole(asset.wantBias)
    this.hop = whole(asset.hop)
    this.hopBias = whole(asset.hopBias)
    this.reachAgain = whole(asset.reachAgain)
    this.acrossAgain = whole(asset.acrossAgain)
    this.acrossAgainBias = whole(asset.acrossAgainBias)
    this.told = whole(asset.told)
    this.hidden = wide(asset.hidden, hiddenSize, inputs)
    this.hiddenBias = whole(asset.hiddenBias)
    this.out = whole(asset.out)
    this.outBias = whole(asset.outBias)
    this.skip = wide(asset.skip, 3, inputs)
    this.zeroes = whole(new Float32Array(STEP))
  }
}

/** The kernel has a byte for each number that the asset has half a byte for. */
function unpacked(packed: Int8Array, kernel: Kernel): Place<Uint8Array> {
  const table = kernel.bytes(2 * packed.length)
  const { values } = table
  for (let index = 0; index < packed.length; index++) {
    const both = packed[index] ?? 0
    values[2 * index] = (both << 28) >> 28
    values[2 * index + 1] = both >> 4
  }
  return table
}
