import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

const TOKEN_MS = 30 * 60_000
const WRONG_MAX = 10
const WRONG_WINDOW_MS = 60_000

export type SetupAnswer = { readonly kind: 'right' | 'wrong' | 'throttled' }

/** The one-time setup token: 128 random bits that work once and for half an hour. */
export class Setup {
  readonly #now: () => number
  readonly #madeAt: number
  #token: string | null = randomBytes(16).toString('base64url')
  #wrong: number[] = []

  constructor(now: () => number) {
    this.#now = now
    this.#madeAt = now()
  }

  /** Null once it has been used or has expired. */
  get token(): string | null {
    return this.#now() - this.#madeAt < TOKEN_MS ? this.#token : null
  }

  /** Nobody needs it any more. */
  close(): void {
    this.#token = null
  }

  exchange(presented: string): SetupAnswer {
    const now = this.#now()
    this.#wrong = this.#wrong.filter((at) => now - at < WRONG_WINDOW_MS)
    if (this.#wrong.length >= WRONG_MAX) return { kind: 'throttled' }
    const { token } = this
    if (token === null || !sameSecret(token, presented)) {
      this.#wrong.push(now)
      return { kind: 'wrong' }
    }
    this.#token = null
    return { kind: 'right' }
  }
}

/** Compares two secrets without telling by its duration where they differ. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer'))
}
