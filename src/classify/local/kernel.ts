import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The arithmetic in `kernel.as`: arguments are addresses in the shared memory and counts. */
interface Arithmetic {
  add(into: number, values: number, size: number, weight: number): void
  affine(
    ...parts: [matrix: number, rows: number, size: number, x: number, bias: number, out: number]
  ): void
  rectify(values: number, size: number): void
  squash(values: number, size: number): void
  phrases(
    ...parts: [
      pieces: number,
      count: number,
      table: number,
      scale: number,
      bias: number,
      width: number,
      out: number,
    ]
  ): void
  surround(
    ...parts: [phrases: number, count: number, width: number, reach: number, sums: number]
  ): void
  respond(
    ...parts: [
      phrases: number,
      count: number,
      width: number,
      sums: number,
      matrix: number,
      bias: number,
    ]
  ): void
  attend(
    ...parts: [
      query: number,
      phrases: number,
      count: number,
      width: number,
      places: number,
      placeWeight: number,
      out: number,
    ]
  ): void
  extremes(
    ...parts: [phrases: number, count: number, width: number, most: number, much: number]
  ): void
}

/** Numbers in the shared memory: where they are, and a view of them. */
export interface Place<Values> {
  readonly at: number
  readonly values: Values
}

const PAGE_BYTES = 65_536
/** The kernel keeps its constants in the first page. */
const FIRST = PAGE_BYTES
const ALIGNMENT = 16

const FILE = fileURLToPath(new URL('../../../assets/tier-kernel.wasm', import.meta.url))

/** The kernel with its memory, which is given out piece by piece and never taken back. */
export class Kernel {
  readonly run: Arithmetic
  readonly #memory: WebAssembly.Memory
  #free = FIRST

  /** `bytes` is how much will be asked for at most. */
  constructor(bytes: number, file: string = FILE) {
    this.#memory = new WebAssembly.Memory({ initial: 1 + Math.ceil(bytes / PAGE_BYTES) })
    const module = new WebAssembly.Module(readFileSync(file))
    const imports = { env: { memory: this.#memory, abort: stop } }
    this.run = new WebAssembly.Instance(module, imports).exports as Arithmetic
  }

  floats(size: number): Place<Float32Array> {
    const at = this.#take(size * 4)
    return { at, values: new Float32Array(this.#memory.buffer, at, size) }
  }

  bytes(size: number): Place<Uint8Array> {
    const at = this.#take(size)
    return { at, values: new Uint8Array(this.#memory.buffer, at, size) }
  }

  words(size: number): Place<Uint16Array> {
    const at = this.#take(size * 2)
    return { at, values: new Uint16Array(this.#memory.buffer, at, size) }
  }

  #take(bytes: number): number {
    const at = this.#free
    this.#free = Math.ceil((at + bytes) / ALIGNMENT) * ALIGNMENT
    return at
  }
}

function stop(): never {
  throw new Error('the arithmetic of the local classifier stopped')
}
