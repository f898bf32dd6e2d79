import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

const TOKEN_MS = 30 * 60_000
const SESSION_MS = 12 * 3_600_000
const WRONG_MAX = 10
const WRONG_WINDOW_MS = 60_000
const SESSIONS_MAX = 100

export type SetupAnswer =
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'throttled' }

/**
 * The one-time setup token and the sessions it opens. The token is 128 random bits, works once
 * and for half an hour; sessions are random, kept as hashes, and end with the process.
 */
export class Setup {
  readonly #now: () => number
  readonly #madeAt: number
  #token: string | null = randomBytes(16).toString('base64url')
  #wrong: number[] = []
  readonly #sessions = new Map<string, number>()

  constructor(now: () => number) {
    this.#now = now
    this.#madeAt = now()
  }

  /** Null once it has been used or has expired. */
  get token(): string | null {
    return this.#now() - this.#madeAt < TOKEN_MS ? this.#token : null
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
    const id = randomBytes(32).toString('base64url')
    if (this.#sessions.size < SESSIONS_MAX) this.#sessions.set(hash('sha256', id), now + SESSION_MS)
    return { kind: 'session', id }
  }

  isSession(id: string): boolean {
    const until = this.#sessions.get(hash('sha256', id))
    return until !== undefined && until > this.#now()
  }
}

/** Compares two secrets without telling by its duration where they differ. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer'))
}
