/** One server-sent event. */
export interface SseEvent {
  /** The bytes as they came, with the blank line that ends them where there was one. */
  readonly raw: Buffer
  /** The joined data lines; null for comments and other events without data. */
  readonly data: string | null
  /** The `event:` name, if any. */
  readonly name: string | null
}

const LF = 0x0a
const CR = 0x0d
const EMPTY = Buffer.alloc(0)
const GROWING_BYTES_MIN = 64 * 1024

/**
 * Incremental reader of text/event-stream (WHATWG HTML, 9.2.6). Survives any split of the bytes,
 * LF, CRLF and CR, comments, several data lines, a missing space and a missing last blank line.
 * Text is decoded per event, so a character split over two reads is never broken.
 */
export class SseReader {
  #pending: Buffer = EMPTY
  /** Where a long event grows; what was given away of it is never written again. */
  #room: Buffer = EMPTY
  #scanned = 0
  #lineStart = 0
  #skipLineFeed = false
  readonly #eventBytesMax: number

  constructor(eventBytesMax: number) {
    this.#eventBytesMax = eventBytesMax
  }

  /** Takes the next bytes; returns the events they complete. Throws RangeError over the limit. */
  push(chunk: Buffer): SseEvent[] {
    const events: SseEvent[] = []
    const bytes = this.#append(chunk)
    let eventStart = 0
    let at = this.#scanned
    let lineStart = this.#lineStart
    for (; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte !== LF && byte !== CR) continue
      const empty = at === lineStart
      // In a CRLF pair split over two reads the LF arrives later and is skipped then.
      if (byte === CR && bytes[at + 1] === LF) at++
      else if (byte === CR && at + 1 === bytes.length) this.#skipLineFeed = true
      lineStart = at + 1
      if (!empty) continue
      if (lineStart - eventStart > 2) events.push(readEvent(bytes.subarray(eventStart, lineStart)))
      eventStart = lineStart
    }
    this.#keep(bytes, eventStart, lineStart)
    return events
  }

  /** The event that was cut off by the end of the stream, if it has data. */
  end(): SseEvent | null {
    const rest = this.#pending
    this.#pending = EMPTY
    if (rest.length === 0) return null
    const event = readEvent(rest)
    return event.data === null
      ? null
      : { ...event, raw: Buffer.concat([rest, Buffer.from('\n\n')]) }
  }

  #append(chunk: Buffer): Buffer {
    let fresh = chunk
    if (this.#skipLineFeed && chunk.length > 0) {
      this.#skipLineFeed = false
      if (fresh[0] === LF) fresh = fresh.subarray(1)
    }
    const kept = this.#pending.length
    if (kept === 0) return fresh
    if (kept < GROWING_BYTES_MIN) return Buffer.concat([this.#pending, fresh])
    return this.#grown(fresh)
  }

  /** A long event comes in thousands of pieces: to copy all that came with each takes half a minute of 16 MB. */
  #grown(fresh: Buffer): Buffer {
    const kept = this.#pending.length
    const length = kept + fresh.length
    const { buffer, byteOffset } = this.#pending
    const isGrowing = buffer === this.#room.buffer && byteOffset === this.#room.byteOffset
    if (!isGrowing || length > this.#room.length) {
      this.#room = Buffer.allocUnsafeSlow(2 * length)
      this.#pending.copy(this.#room)
    }
    fresh.copy(this.#room, kept)
    return this.#room.subarray(0, length)
  }

  #keep(bytes: Buffer, eventStart: number, lineStart: number): void {
    this.#pending = eventStart === bytes.length ? EMPTY : bytes.subarray(eventStart)
    this.#scanned = this.#pending.length
    this.#lineStart = lineStart - eventStart
    if (this.#pending.length > this.#eventBytesMax) {
      throw new RangeError(`an event is longer than ${this.#eventBytesMax} bytes`)
    }
  }
}

function readEvent(raw: Buffer): SseEvent {
  const text = raw.toString('utf8')
  // Nearly every event of every provider is one line `data: …` and a blank one.
  if (text.startsWith('data: ') && text.indexOf('\n') === text.length - 2 && !text.includes('\r')) {
    return { raw, data: text.slice(6, -2), name: null }
  }
  let data: string | null = null
  let name: string | null = null
  // A byte order mark may stand before the very first field.
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') data = data === null ? value : `${data}\n${value}`
    else if (field === 'event') name = value
  }
  return { raw, data, name }
}
