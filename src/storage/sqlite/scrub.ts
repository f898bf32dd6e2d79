import type { LogSettings } from '../log-store.ts'

const MARK = '[redacted]'

/** What `bodies: redacted` takes out beside the known secrets. */
const PATTERNS = [
  /\b(?:sk|sr|pk|rk|gsk|xai)-[A-Za-z0-9_-]{16,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+\b/g,
  /(?<![\d.])\+?\d(?:[ -]?\d){10,18}(?![\d.])/g,
]

/** Takes secrets out of what is about to be stored. Nothing reaches the disk without it. */
export class Scrubber {
  readonly #needles: readonly Buffer[]
  readonly #texts: readonly string[]
  readonly #patterns: boolean

  constructor({ secrets, bodies }: Pick<LogSettings, 'secrets' | 'bodies'>) {
    this.#texts = secrets
    this.#needles = this.#texts.map((text) => Buffer.from(text))
    this.#patterns = bodies === 'redacted'
  }

  text(value: string): string {
    let clean = value
    for (const text of this.#texts) clean = clean.replaceAll(text, MARK)
    return clean
  }

  /** The same bytes where there is nothing to hide: the usual case costs a search, no copy. */
  bytes(value: Uint8Array): Uint8Array {
    const buffer = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    const hit = this.#needles.some((needle) => buffer.includes(needle))
    if (!hit && !this.#patterns) return value
    let text = buffer.toString('utf8')
    if (hit) text = this.text(text)
    if (this.#patterns) for (const pattern of PATTERNS) text = text.replace(pattern, MARK)
    return Buffer.from(text)
  }
}
