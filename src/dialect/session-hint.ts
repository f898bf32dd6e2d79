import { asObject, asText } from '../kit/json-value.ts'

/** What a request says about the conversation it belongs to. */
export interface SessionHint {
  /** An id that the client sends for this purpose, or null. */
  readonly id: string | null
  /** The beginning of the system prompt, without what agents change in it each time. */
  readonly system: string
  /** The person or program that the client names, or empty. */
  readonly user: string
  /** It offers tools. */
  readonly hasTools: boolean
  /** Somebody has answered before. */
  readonly hasPast: boolean
}

const ID_CHARS_MAX = 300
const SYSTEM_CHARS_MAX = 300
/** Dates, times and counts are others with each request. */
const NUMBERS = /\d+/g
/** An agent's accounting: another one with each request. */
const BILLING = /^x-anthropic-billing-header:[^\n]*\n*/

export function systemHead(text: string): string {
  return text
    .slice(0, 2 * SYSTEM_CHARS_MAX)
    .replace(BILLING, '')
    .replaceAll(NUMBERS, '')
    .slice(0, SYSTEM_CHARS_MAX)
}

/** The id among the members that clients use for one; `user` names a person, no conversation. */
export function sessionId(value: (key: string) => unknown): string | null {
  for (const key of ['session_id', 'conversation_id', 'prompt_cache_key']) {
    const text = asText(value(key))
    if (text !== null && text !== '') return text.slice(0, ID_CHARS_MAX)
  }
  const metadata = asObject(value('metadata'))
  for (const key of ['session_id', 'conversation_id', 'thread_id', 'user_id']) {
    const text = asText(metadata?.[key])
    // Some agents put the session into the user's id, after a word that says so.
    if (text !== null && text !== '' && (key !== 'user_id' || text.includes('session'))) {
      return text.slice(0, ID_CHARS_MAX)
    }
  }
  return null
}
