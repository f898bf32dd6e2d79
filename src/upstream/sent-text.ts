import type { AnswerFacts } from '../dialect/answer.ts'
import { asObject, asText } from '../kit/json-value.ts'
import type { SentAnswer } from './continuation.ts'

/** Longer answers are not continued: the request would carry all of it again. */
const TEXT_CHARS_MAX = 256 * 1024

/** Remembers what the client has of an answer, in case it breaks off. */
export class SentText {
  #text: string
  #id: string | null
  #created: number | null
  #isPlain = true

  constructor(before: SentAnswer | null) {
    this.#text = before?.text ?? ''
    this.#id = before?.id ?? null
    this.#created = before?.created ?? null
  }

  note(chunk: unknown, facts: AnswerFacts): void {
    if (this.#id === null) {
      const head = asObject(chunk)
      this.#id = asText(head?.['id'])
      const created = head?.['created']
      this.#created = typeof created === 'number' ? created : null
    }
    if (facts.indexMax > 0 || facts.structured) this.#isPlain = false
    if (!this.#isPlain) return
    this.#text += facts.text
    if (this.#text.length <= TEXT_CHARS_MAX) return
    this.#isPlain = false
    this.#text = ''
  }

  read(): SentAnswer {
    return { text: this.#text, id: this.#id, created: this.#created, isPlain: this.#isPlain }
  }
}
