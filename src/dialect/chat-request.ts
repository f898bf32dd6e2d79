import { isUtf8 } from 'node:buffer'
import { asArray, asObject, asText, type JsonObject, parseJson } from '../kit/json-value.ts'
import {
  type Conversation,
  type ConversationMessage,
  conversationMessage,
  textOf,
} from './conversation.ts'
import { HEAD_BYTES_MAX, headOfString, TAIL_BYTES_MAX, tailOfString } from './head-of-string.ts'
import { type JsonMember, scanElements, scanMembers } from '../kit/json-members.ts'
import { type SessionHint, sessionId, systemHead } from './session-hint.ts'

/** A validated POST /v1/chat/completions body. The bytes stay as the client wrote them. */
export interface ChatRequest {
  readonly bytes: Buffer
  readonly members: readonly JsonMember[]
  readonly model: string
  readonly stream: boolean
  /** The client asked for usage in the stream. */
  readonly includeUsage: boolean
  readonly streamOptions: JsonObject | null
  /** Texts of the human's last turns, oldest first, at most `count`. */
  humanTurns(count: number): readonly string[]
  /** The messages, each read when it is asked for. */
  conversation(): Conversation
  /** The last of them, oldest first, as far back as a few human turns reach. */
  lastMessages(): readonly ConversationMessage[]
  /** What the request says about the conversation it belongs to. */
  sessionHint(): SessionHint
}

interface InvalidRequest {
  readonly kind: 'invalid'
  readonly message: string
  readonly param: string | null
}

export type ParsedRequest =
  | { readonly kind: 'chat'; readonly request: ChatRequest }
  | InvalidRequest

/** Node's own JSON.stringify overflows its stack somewhere above 1,000 levels. */
const DEPTH_MAX = 200
/** Up to here a full JSON.parse costs less than it saves; above it only what is needed is parsed. */
const PARSE_BYTES_MAX = 32 * 1024
const MESSAGES_MAX = 400
const HUMANS_MAX = 8
/** A conversation is known by how it began; an agent may say something before the human does. */
const OPENING_MESSAGES_MAX = 8
const QUOTE = 0x22
const BRACE = 0x7b
/** A model's name goes into headers, logs and metrics. */
const MODEL_CHARS_MAX = 300

/** Checks what routing relies on and no more: unknown fields are the provider's business. */
export function parseChatRequest(bytes: Buffer): ParsedRequest {
  if (!isUtf8(bytes)) return invalid('The body is not valid UTF-8.', null)
  const scan = scanMembers(bytes, DEPTH_MAX)
  if (scan.kind === 'invalid') return invalid(`The body is not valid JSON: ${scan.reason}.`, null)
  const { members } = scan
  const odd = oddKey(members)
  if (odd !== null) return odd
  const reader = new Reader(bytes, members)
  if (reader.broken) return invalid('The body is not valid JSON.', null)
  return checkFields(bytes, members, reader)
}

function checkFields(bytes: Buffer, members: readonly JsonMember[], reader: Reader): ParsedRequest {
  const model = reader.value('model')
  if (typeof model !== 'string' || model === '') {
    return invalid('You must provide a "model" parameter (a string).', 'model')
  }
  if (model.length > MODEL_CHARS_MAX) {
    return invalid(`"model" is longer than ${MODEL_CHARS_MAX} characters.`, 'model')
  }
  const stream = reader.value('stream') ?? false
  if (typeof stream !== 'boolean') return invalid('"stream" must be a boolean.', 'stream')
  const options = reader.value('stream_options') ?? null
  const streamOptions = asObject(options)
  if (options !== null && streamOptions === null) {
    return invalid('"stream_options" must be an object.', 'stream_options')
  }
  const problem = reader.checkMessages()
  if (problem !== null) return invalid(problem, 'messages')
  const request: ChatRequest = {
    bytes,
    members,
    model,
    stream,
    includeUsage: streamOptions?.['include_usage'] === true,
    streamOptions,
    humanTurns: (count) => reader.humanTurns(count),
    conversation: () => reader.conversation(),
    lastMessages: () => reader.lastMessages(),
    sessionHint: () => reader.sessionHint(),
  }
  return { kind: 'chat', request }
}

/**
 * Two members of one name are read differently by different parsers, so what was checked here
 * might not be what the provider obeys; `__proto__` is never a parameter.
 */
function oddKey(members: readonly JsonMember[]): InvalidRequest | null {
  const seen = new Set<string>()
  for (const { key } of members) {
    if (seen.has(key))
      return invalid(`The property "${key.slice(0, 100)}" appears twice.`, key.slice(0, 100))
    if (key === '__proto__') return invalid('The property "__proto__" is not accepted.', key)
    seen.add(key)
  }
  return null
}

function invalid(message: string, param: string | null): InvalidRequest {
  return { kind: 'invalid', message, param }
}

/** Reads values of the body: from one parse of a small body, piece by piece of a large one. */
class Reader {
  readonly broken: boolean
  readonly #bytes: Buffer
  readonly #members: readonly JsonMember[]
  readonly #parsed: JsonObject | null
  #elements: readonly (readonly [number, number])[] | null = null
  #turns: readonly string[] | null = null
  #turnsCount = 0
  /** As far as they were read; null where there is none. */
  readonly #seen: (ConversationMessage | null)[] = []

  constructor(bytes: Buffer, members: readonly JsonMember[]) {
    this.#bytes = bytes
    this.#members = members
    this.#parsed = bytes.length > PARSE_BYTES_MAX ? null : asObject(parseJson(bytes.toString()))
    this.broken = bytes.length <= PARSE_BYTES_MAX && this.#parsed === null
  }

  value(key: string): unknown {
    if (this.#parsed !== null) return this.#parsed[key]
    const member = this.#members.find((candidate) => candidate.key === key)
    if (member === undefined) return undefined
    return this.#parse(member.valueStart, member.valueEnd)
  }

  checkMessages(): string | null {
    const count = this.#count()
    if (count === null) return '"messages" must be an array of at most 100,000.'
    if (count === 0) return '"messages" must not be empty.'
    // Of a large body only the last message is looked at; the provider checks the others.
    const from = this.#parsed === null ? count - 1 : 0
    for (let index = from; index < count; index++) {
      const message = asObject(this.#message(index))
      if (message === null) return `messages[${index}] must be an object.`
      if (typeof message['role'] !== 'string') return `messages[${index}].role must be a string.`
    }
    return null
  }

  humanTurns(count: number): readonly string[] {
    if (this.#turns === null || this.#turnsCount < count) {
      this.#turns = this.#readTurns(count)
      this.#turnsCount = count
    }
    return count === this.#turnsCount ? this.#turns : this.#turns.slice(-count)
  }

  #readTurns(count: number): readonly string[] {
    const turns: string[] = []
    for (let index = (this.#count() ?? 0) - 1; index >= 0 && turns.length < count; index--) {
      const message = asObject(this.#message(index))
      if (message?.['role'] === 'user') turns.push(textOf(message['content']))
    }
    return turns.reverse()
  }

  conversation(): Conversation {
    return { length: this.#count() ?? 0, at: (index) => this.#at(index) ?? undefined }
  }

  #at(index: number): ConversationMessage | null {
    const seen = this.#seen[index]
    if (seen !== undefined) return seen
    const message = asObject(this.#message(index))
    const read = message === null ? null : conversationMessage(message)
    this.#seen[index] = read
    return read
  }

  sessionHint(): SessionHint {
    let system = ''
    let [hasHuman, hasPast] = [false, false]
    const count = Math.min(this.#count() ?? 0, OPENING_MESSAGES_MAX)
    for (let index = 0; index < count; index++) {
      const message = this.#at(index)
      if (message === null) continue
      const { role, text } = message
      if (role === 'assistant') hasPast = true
      else if (role === 'user') hasHuman = true
      else system ||= hasHuman ? '' : systemHead(text)
    }
    const id = sessionId((key) => this.value(key))
    const user = asText(this.value('user'))?.slice(0, 300) ?? ''
    const hasTools = this.#members.some(({ key }) => key === 'tools')
    return { id, user, system, hasTools, hasPast }
  }

  lastMessages(): readonly ConversationMessage[] {
    const found: ConversationMessage[] = []
    const last = (this.#count() ?? 0) - 1
    const first = Math.max(0, last - MESSAGES_MAX + 1)
    for (let index = last, humans = 0; index >= first && humans < HUMANS_MAX; index--) {
      const message = this.#at(index)
      if (message === null) continue
      found.push(message)
      if (message.role === 'user' && !message.isToolResult && message.text !== '') humans++
    }
    return found.reverse()
  }

  #count(): number | null {
    if (this.#parsed !== null) {
      const messages = this.#parsed['messages']
      return Array.isArray(messages) ? messages.length : null
    }
    const member = this.#members.find((candidate) => candidate.key === 'messages')
    if (member === undefined) return null
    this.#elements ??= scanElements(this.#bytes, member.valueStart, DEPTH_MAX)
    return this.#elements?.length ?? null
  }

  #message(index: number): unknown {
    if (this.#parsed !== null) return asArray(this.#parsed['messages'])[index]
    const range = this.#elements?.[index]
    if (range === undefined) return undefined
    const [start, end] = range
    return end - start > PARSE_BYTES_MAX ? this.#longMessage(start, end) : this.#parse(start, end)
  }

  /** Of a very long text only its two ends are decoded: nobody classifies a pasted book. */
  #longMessage(start: number, end: number): unknown {
    const bytes = this.#bytes.subarray(start, end)
    return shortOf(bytes, (key) => key === 'role' || key === 'name' || key === 'content')
  }

  #parse(start: number, end: number): unknown {
    return parseJson(this.#bytes.toString('utf8', start, end))
  }
}

/** Some members of a large object: long texts by their ends, images and files by their type alone. */
function shortOf(bytes: Buffer, isWanted: (key: string) => boolean): JsonObject | undefined {
  const scan = scanMembers(bytes, DEPTH_MAX)
  if (scan.kind === 'invalid') return undefined
  const found: Record<string, unknown> = {}
  for (const { key, valueStart, valueEnd } of scan.members) {
    if (isWanted(key)) found[key] = shortValue(bytes, valueStart, valueEnd)
  }
  return found
}

function shortValue(bytes: Buffer, start: number, end: number): unknown {
  if (end - start <= HEAD_BYTES_MAX + TAIL_BYTES_MAX)
    return parseJson(bytes.toString('utf8', start, end))
  if (bytes[start] === QUOTE) return `${headOfString(bytes, start)}\n${tailOfString(bytes, end)}`
  const parts = scanElements(bytes, start, DEPTH_MAX) ?? []
  return parts.map(([from, to]) =>
    to - from > PARSE_BYTES_MAX && bytes[from] === BRACE
      ? shortOf(bytes.subarray(from, to), (key) => key === 'type' || key === 'text')
      : parseJson(bytes.toString('utf8', from, to)),
  )
}
