import { asArray, asObject, asText, type JsonObject } from '../kit/json-value.ts'
import { HEAD_BYTES_MAX, TAIL_BYTES_MAX } from './head-of-string.ts'

/** One message without its bytes: text, images counted, results of tools marked. */
export interface ConversationMessage {
  readonly role: string
  readonly name?: string
  readonly text: string
  readonly images: number
  readonly isToolResult: boolean
}

/** Messages, oldest first. */
export interface Conversation {
  readonly length: number
  at(index: number): ConversationMessage | undefined
}

export function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  const texts: string[] = []
  for (const part of asArray(content)) {
    const text = asText(asObject(part)?.['text'])
    if (text !== null) texts.push(text)
  }
  return ends(texts.join('\n'))
}

/** Of many parts together the two ends, as of one long text. */
function ends(text: string): string {
  if (text.length <= HEAD_BYTES_MAX + TAIL_BYTES_MAX + 1) return text
  return `${text.slice(0, HEAD_BYTES_MAX)}\n${text.slice(-TAIL_BYTES_MAX)}`
}

export function conversationMessage(message: JsonObject): ConversationMessage {
  const role = asText(message['role']) ?? ''
  const isToolResult = role === 'tool' || role === 'function'
  const { content } = message
  const name = asText(message['name'])
  const who = name === null ? { role } : { role, name }
  if (typeof content === 'string') return { ...who, text: content, images: 0, isToolResult }
  const texts: string[] = []
  let images = 0
  let results = isToolResult
  for (const entry of asArray(content)) {
    const part = asObject(entry)
    const type = asText(part?.['type']) ?? ''
    const text = asText(part?.['text'])
    if (type === 'tool_result') results = true
    else if (type.includes('image')) images++
    else if (text !== null) texts.push(text)
  }
  return { ...who, text: ends(texts.join('\n')), images, isToolResult: results }
}
