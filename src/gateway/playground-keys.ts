import { hash, randomBytes } from 'node:crypto'

const LIFE_MS = 10 * 60_000
const KEYS_MAX = 100

/** Keys for the panel's playground: made when it is opened, in memory only, short-lived. */
export class PlaygroundKeys {
  readonly #now: () => number
  readonly #keys = new Map<string, number>()

  constructor(now: () => number) {
    this.#now = now
  }

  make(): { readonly key: string; readonly expiresAt: number } {
    for (const [digest, expiresAt] of this.#keys) {
      if (expiresAt <= this.#now() || this.#keys.size >= KEYS_MAX) this.#keys.delete(digest)
    }
    const key = `sr-play-${randomBytes(32).toString('base64url')}`
    const expiresAt = this.#now() + LIFE_MS
    this.#keys.set(hash('sha256', key), expiresAt)
    return { key, expiresAt }
  }

  find(digest: string): { readonly name: string } | undefined {
    const expiresAt = this.#keys.get(digest)
    return expiresAt !== undefined && expiresAt > this.#now() ? { name: 'playground' } : undefined
  }
}
