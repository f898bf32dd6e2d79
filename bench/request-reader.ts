const HEAD_END = Buffer.from('\r\n\r\n')

/** Just enough HTTP/1.1 to know when a request with a content-length is complete. */
export class RequestReader {
  readonly #onRequest: (path: string) => void
  #head: Buffer = Buffer.alloc(0)
  #path = ''
  #bodyLeft = -1

  constructor(onRequest: (path: string) => void) {
    this.#onRequest = onRequest
  }

  push(bytes: Buffer): void {
    let rest = bytes
    while (rest.length > 0) {
      if (this.#bodyLeft < 0) {
        rest = this.#readHead(rest)
        if (this.#bodyLeft < 0) return
      }
      const taken = Math.min(this.#bodyLeft, rest.length)
      this.#bodyLeft -= taken
      rest = rest.subarray(taken)
      if (this.#bodyLeft > 0) return
      this.#bodyLeft = -1
      this.#onRequest(this.#path)
    }
  }

  /** Returns what follows the head, once it is whole. */
  #readHead(bytes: Buffer): Buffer {
    const all = this.#head.length === 0 ? bytes : Buffer.concat([this.#head, bytes])
    const end = all.indexOf(HEAD_END)
    if (end < 0) {
      this.#head = all
      return Buffer.alloc(0)
    }
    const head = all.toString('latin1', 0, end)
    this.#head = Buffer.alloc(0)
    this.#path = head.split(' ')[1] ?? '/'
    this.#bodyLeft = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
    return all.subarray(end + HEAD_END.length)
  }
}
