import { field, parseJson } from '../../kit/json-value.ts'

/** What people said and were told in the stored bodies of a chat request. */

const PREVIEW_CHARS = 160
/** Of longer bodies no word is read. The events of a stream are mostly not words. */
export const READ_BYTES_MAX = { request: 200_000, response: 1_000_000 }

/** The human's last words, cut; null where there are none. */
export function previewOf(request: Uint8Array | null): string | null {
  const messages = messagesOf(request)
  const last = messages.findLast(({ role }) => role === 'user')
  if (last === undefined) return null
  const text = last.text.replace(/\s+/g, ' ').trim()
  return text.length <= PREVIEW_CHARS ? text : `${text.slice(0, PREVIEW_CHARS)}…`
}

/** All words of the request. */
export function requestText(request: Uint8Array | null): string {
  return messagesOf(request)
    .map(({ text }) => text)
    .join('\n')
}

/** All words of the answer, also of one that was streamed. */
export function responseText(response: Uint8Array | null, kind: 'json' | 'sse' | 'none'): string {
  if (response === null || response.byteLength > READ_BYTES_MAX.response) return ''
  const text = decoded(response)
  if (kind !== 'sse') return choiceText(parseJson(text))
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => choiceText(parseJson(line.slice(6))))
    .join('')
}

function choiceText(value: unknown): string {
  const choices = field(value, 'choices')
  const first = Array.isArray(choices) ? (choices as readonly unknown[])[0] : undefined
  const said = field(first, 'message') ?? field(first, 'delta')
  return textOf(field(said, 'content'))
}

function messagesOf(request: Uint8Array | null): readonly { role: string; text: string }[] {
  if (request === null || request.byteLength > READ_BYTES_MAX.request) return []
  const messages = field(parseJson(decoded(request)), 'messages')
  if (!Array.isArray(messages)) return []
  return messages.map((message: unknown) => ({
    role: textOf(field(message, 'role')),
    text: textOf(field(message, 'content')),
  }))
}

/** Without a copy of the bytes. */
function decoded(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: unknown) => textOf(field(part, 'text'))).join('\n')
}
