import { closeSync, ftruncateSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const MB = 1024 * 1024
const CHECK_MS = 5_000
/** Below this (or 5 % of a small disk) bodies are left out, below a quarter of it old days go. */
const LOW_BYTES = 200 * MB
const LOW_SHARE = 0.05
const BALLAST_BYTES = 16 * MB
const BALLAST_SHARE = 0.01
const BLOCK = Buffer.alloc(MB)

export type Space = 'enough' | 'low' | 'critical'

/**
 * Watches the free space beside the log and holds a ballast file: on a full disk SQLite can not
 * even delete, so there must be something that can be let go.
 */
export class DiskSpace {
  readonly #folder: string
  readonly #ballast: string
  readonly #now: () => number
  #space: Space = 'enough'
  #checkedAt = -Infinity
  #hasBallast = false

  constructor(folder: string, now: () => number) {
    this.#folder = folder
    this.#ballast = join(folder, 'ballast')
    this.#now = now
  }

  read(): Space {
    const now = this.#now()
    if (now - this.#checkedAt >= CHECK_MS) {
      this.#checkedAt = now
      this.#space = this.#look()
    }
    return this.#space
  }

  /** The disk is full: makes the last room there is. */
  release(): void {
    rmSync(this.#ballast, { force: true })
    this.#hasBallast = false
    this.#checkedAt = -Infinity
  }

  #look(): Space {
    try {
      const { bavail, blocks, bsize } = statfsSync(this.#folder)
      const total = blocks * bsize
      const free = bavail * bsize
      const low = Math.min(LOW_BYTES, total * LOW_SHARE)
      const ballast = Math.min(BALLAST_BYTES, Math.floor(total * BALLAST_SHARE))
      if (!this.#hasBallast && free > low + 2 * ballast) this.#fill(ballast)
      return free < low / 4 ? 'critical' : free < low ? 'low' : 'enough'
    } catch {
      return 'enough'
    }
  }

  /** Real blocks, not a hole. */
  #fill(bytes: number): void {
    const descriptor = openSync(this.#ballast, 'w', 0o600)
    try {
      for (let at = 0; at < bytes; at += BLOCK.length) {
        writeSync(descriptor, BLOCK, 0, Math.min(BLOCK.length, bytes - at))
      }
      this.#hasBallast = true
    } catch {
      ftruncateSync(descriptor, 0)
    } finally {
      closeSync(descriptor)
    }
  }
}
