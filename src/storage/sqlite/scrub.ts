import type { StoredExchange } from '../../contract/exchange-row.ts'
import { masked, maskedJson } from '../../kit/mask.ts'
import type { LogSettings } from '../log-store.ts'
import { maskedStream } from './mask-stream.ts'

const MARK = '[redacted]'

/** Takes secrets out of what is about to be stored. Nothing reaches the disk without it. */
export class Scrubber {
  readonly #needles: readonly Buffer[]
  readonly #texts: readonly string[]
  readonly #patterns: boolean
  readonly #bodies: LogSettings['bodies']

  constructor({ secrets, bodies }: Pick<LogSettings, 'secrets' | 'bodies'>) {
    this.#texts = secrets
    this.#needles = this.#texts.map((text) => Buffer.from(text))
    this.#patterns = bodies === 'redacted'
    this.#bodies = bodies
  }

  text(value: string): string {
    let clean = value
    for (const text of this.#texts) clean = clean.replaceAll(text, MARK)
    return clean
  }

  /** A row beside its bodies. Only words are looked through: its numbers are counts and times. */
  row(exchange: StoredExchange): string {
    if (this.#bodies === 'none') return this.text(JSON.stringify(withoutConversation(exchange)))
    return this.text(JSON.stringify(this.#patterns ? withMaskedWords(exchange) : exchange))
  }

  /** The same bytes where there is nothing to hide: the usual case costs a search, no copy. */
  bytes(value: Uint8Array, isStream = false): Uint8Array {
    const buffer = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    const hit = this.#needles.some((needle) => buffer.includes(needle))
    if (!hit && !this.#patterns) return value
    let text = buffer.toString('utf8')
    if (hit) text = this.text(text)
    if (this.#patterns) text = maskedBody(text, isStream)
    return Buffer.from(text)
  }
}

function maskedBody(text: string, isStream: boolean): string {
  if (isStream) return maskedJson(maskedStream(text))
  return /^\s*[[{]/.test(text) ? maskedJson(text) : masked(text)
}

/** What a resumed attempt was sent holds the conversation. */
function withoutConversation(exchange: StoredExchange): StoredExchange {
  const attempts = exchange.attempts.map((attempt) => {
    const { messages } = attempt.changes
    if (messages === undefined || messages === null) return attempt
    return { ...attempt, changes: { ...attempt.changes, messages: '"[not kept]"' } }
  })
  return { ...exchange, attempts }
}

/** What people and models said, what providers repeat of it in an error, and what clients send beside it. */
function withMaskedWords(exchange: StoredExchange): StoredExchange {
  const { route, attempts, errorMessage, headers } = exchange
  const { ask, classifier } = route
  const judged = classifier === null ? null : { ...classifier, ...maskedIn(classifier) }
  return {
    ...exchange,
    route: { ...route, classifier: judged, ...(ask === undefined ? {} : { ask: hidden(ask) }) },
    attempts: attempts.map((attempt) => ({
      ...attempt,
      error: hidden(attempt.error),
      changes: Object.fromEntries(
        Object.entries(attempt.changes).map(([name, json]) => [
          name,
          json === null ? null : maskedJson(json),
        ]),
      ),
    })),
    userAgent: masked(exchange.userAgent),
    errorMessage: hidden(errorMessage),
    headers: { ...headers, request: masked(headers.request) },
  }
}

type Classified = NonNullable<StoredExchange['route']['classifier']>

function maskedIn({ answer, error }: Classified): Pick<Classified, 'answer' | 'error'> {
  return { answer: hidden(answer), error: hidden(error) }
}

function hidden(text: string | null): string | null {
  return text === null ? null : masked(text)
}
