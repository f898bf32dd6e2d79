/**
 * How an answer that broke off is continued: `prefill` lets the model go on with its own last
 * words, `continue` asks it to in a new turn, `restart` asks the original question again and
 * keeps what comes after the words that the client already has.
 */
export type ResumeMode = 'prefill' | 'continue' | 'restart'

/** What the client has of an answer that broke off. */
export interface SentAnswer {
  readonly text: string
  /** Of the first chunks, kept for the rest of the stream. */
  readonly id: string | null
  readonly created: number | null
  /** Text alone was sent, of one choice, and not too much of it: it can be continued. */
  readonly isPlain: boolean
}

export interface Resume {
  readonly mode: ResumeMode
  readonly sent: SentAnswer
}

/** How far back a repetition is looked for. */
const OVERLAP_MAX = 200
/** A shorter repetition may be chance, unless it begins with a word or in Chinese. */
const OVERLAP_MIN = 4
const OVERLAP_WORD_MIN = 2
/** A new text that shares this much with the beginning has started over. */
const RESTART_CHARS = 24

/** Finds out which part of a new text continues the old one. */
export class Splice {
  readonly #sent: string
  readonly #mode: ResumeMode
  #held = ''
  #decided = false

  constructor({ mode, sent }: Resume) {
    this.#mode = mode
    this.#sent = sent.text
  }

  /** The part that may go to the client now; null where the text cannot be joined to the old one. */
  push(text: string): string | null {
    if (this.#decided) return text
    this.#held += text
    if (this.#isOpen()) return ''
    return this.#decide()
  }

  /** The new text is over: what is still held. */
  end(): string | null {
    return this.#decided ? '' : this.#decide()
  }

  /** What came so far may still turn out to be a repetition. */
  #isOpen(): boolean {
    const held = this.#held
    const sent = this.#sent
    if (held.length < sent.length && sent.startsWith(held)) return true
    if (this.#mode === 'restart' || held.length >= OVERLAP_MAX) return false
    const tail = sent.slice(-OVERLAP_MAX)
    for (let from = tail.indexOf(held.charAt(0)); from >= 0;) {
      if (tail.length - from > held.length && tail.startsWith(held, from)) return true
      from = tail.indexOf(held.charAt(0), from + 1)
    }
    return held === ''
  }

  #decide(): string | null {
    this.#decided = true
    const held = this.#held
    const sent = this.#sent
    if (held.startsWith(sent)) return held.slice(sent.length)
    if (this.#mode === 'restart') return null
    if (held.length >= RESTART_CHARS && sent.startsWith(held.slice(0, RESTART_CHARS))) return null
    return held.slice(overlap(sent, held))
  }
}

/** Length of the longest end of `sent` with which `text` begins. */
function overlap(sent: string, text: string): number {
  const most = Math.min(OVERLAP_MAX, sent.length, text.length)
  for (let length = most; length >= OVERLAP_WORD_MIN; length--) {
    if (!sent.endsWith(text.slice(0, length))) continue
    if (length >= OVERLAP_MIN) return length
    const before = sent.charAt(sent.length - length - 1)
    if (/[\s\p{P}]/u.test(before) || /\p{Script=Han}/u.test(text.charAt(0))) return length
  }
  return 0
}
