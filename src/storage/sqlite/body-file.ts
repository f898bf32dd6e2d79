import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'

/** A body from this size on is appended to a plain file beside its segment. */
export const BODY_FILE_BYTES_MIN = 64 * 1024

/** Where a body stands in its file. */
export interface BodyPlace {
  readonly at: number
  readonly length: number
}

/** `2026-01-31.db` -> `2026-01-31.bodies` */
export function bodyFileName(segment: string): string {
  return segment.replace(/\.db$/, '.bodies')
}

/**
 * Long bodies of one day, appended. A database would write each of them twice (journal and
 * checkpoint). Bytes are written before the row that points at them is committed, so a crash
 * leaves unused bytes and never a row that points at nothing.
 */
export class BodyFile {
  readonly #descriptor: number
  #end: number

  constructor(path: string) {
    this.#descriptor = openSync(path, 'a', 0o600)
    this.#end = fstatSync(this.#descriptor).size
  }

  append(bytes: Uint8Array): BodyPlace {
    const at = this.#end
    let written = 0
    while (written < bytes.byteLength) {
      written += writeSync(this.#descriptor, bytes, written, bytes.byteLength - written)
    }
    this.#end += written
    return { at, length: written }
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

/** Null where the file has been deleted or is shorter than it should be. */
export function readBody(path: string, { at, length }: BodyPlace): Uint8Array | null {
  let descriptor: number | null = null
  try {
    descriptor = openSync(path, 'r')
    const bytes = new Uint8Array(length)
    return readSync(descriptor, bytes, 0, length, at) === length ? bytes : null
  } catch {
    return null
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}
