import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** A small value that should survive a restart, and whose loss costs nothing but time. */
export interface StateStore {
  /** Null where nothing (readable) was stored. */
  read(): unknown
  /** Never throws: a disk that is full must not disturb a request. */
  write(value: unknown): void
}

/** The value as JSON in a file that is always the old or the new one, never half of it. */
export class StateFile implements StateStore {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  read(): unknown {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8'))
    } catch {
      return null
    }
  }

  write(value: unknown): void {
    const temporary = `${this.#path}.new`
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 })
      const descriptor = openSync(temporary, 'w', 0o600)
      try {
        writeSync(descriptor, JSON.stringify(value))
        fsyncSync(descriptor)
      } finally {
        closeSync(descriptor)
      }
      renameSync(temporary, this.#path)
    } catch {
      // The next save tries again.
    }
  }
}
