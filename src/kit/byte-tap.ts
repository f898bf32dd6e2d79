const BLOCK_BYTES = 4 * 1024

/**
 * A bounded copy of bytes that pass by. Copies into blocks, because keeping the small buffers of
 * a stream alive would cost more in object headers than their content.
 */
export class ByteTap {
  readonly #bytesMax: number
  readonly #full: Buffer[] = []
  #block: Buffer | null = null
  #used = 0
  #kept = 0
  /** True count, also beyond what is kept. */
  total = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  append(bytes: Buffer): void {
    this.total += bytes.length
    const room = Math.min(bytes.length, this.#bytesMax - this.#kept)
    this.#kept += Math.max(0, room)
    for (let from = 0; from < room;) {
      const block = this.#room()
      const count = bytes.copy(block, this.#used, from, room)
      this.#used += count
      from += count
    }
  }

  pieces(): Buffer[] {
    return this.#block === null ? this.#full : [...this.#full, this.#block.subarray(0, this.#used)]
  }

  #room(): Buffer {
    if (this.#block !== null && this.#used < BLOCK_BYTES) return this.#block
    if (this.#block !== null) this.#full.push(this.#block)
    this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
    this.#used = 0
    return this.#block
  }
}
