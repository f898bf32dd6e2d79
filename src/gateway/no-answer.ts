import { assembleStream } from '../dialect/assemble-stream.ts'
import type { ChatRequest } from '../dialect/chat-request.ts'
import { asArray, asObject, asText, field, parseJson } from '../kit/json-value.ts'
import type { AttemptResult } from '../upstream/attempt-result.ts'
import { isRefusal } from './plain-refusal.ts'

/** What is told of the answers of one request; read only where there is a decision to learn about. */
export interface Answers {
  readonly attempts: readonly Pick<AttemptResult, 'outcome' | 'finishReason' | 'body'>[]
  /** The stream that the client got, or null where there was none or not all of it was kept. */
  readonly streamed: () => readonly Buffer[] | null
  readonly request: Pick<ChatRequest, 'bytes' | 'members' | 'humanTurns'>
}

/** A longer answer is an answer. */
const ANSWER_BYTES_MAX = 256 * 1024

/** Whether one of the attempts brought an answer that was none. */
export function hasNoAnswer(answers: Answers): boolean {
  return answers.attempts.some((attempt) => isPoor(attempt, answers))
}

function isPoor(
  { outcome, finishReason, body }: Answers['attempts'][number],
  { streamed, request }: Answers,
): boolean {
  if (outcome === 'empty') return true
  if (outcome !== 'ok') return false
  if (finishReason === 'content_filter') return true
  // What was cut off cannot be complete: that is the limit's fault, not the model's.
  if (finishReason === 'length') return false
  const completion = body === null ? assembled(streamed()) : parsed(body)
  const form = formOf(request)
  return asArray(field(completion, 'choices')).some((choice) => {
    const message = field(choice, 'message')
    return isUnreadable(message, form) || isRefused(message, request)
  })
}

function parsed(body: Buffer): unknown {
  return body.length > ANSWER_BYTES_MAX ? null : parseJson(body.toString())
}

function assembled(pieces: readonly Buffer[] | null): unknown {
  return pieces === null ? null : assembleStream(pieces)
}

/** The client's program reads the answer: as JSON, in which it needs these members. */
interface Form {
  readonly required: readonly string[]
}

/** "json_object" or "json_schema"; only a strict schema is promised to be kept. Null for a text. */
function formOf({ bytes, members }: Answers['request']): Form | null {
  const member = members.find(({ key }) => key === 'response_format')
  if (member === undefined) return null
  const format = parseJson(bytes.toString('utf8', member.valueStart, member.valueEnd))
  if (asText(field(format, 'type'))?.startsWith('json') !== true) return null
  const named = field(format, 'json_schema')
  const schema = field(named, 'strict') === true ? field(named, 'schema') : null
  const required = asArray(field(schema, 'required'))
  return { required: required.filter((name) => typeof name === 'string') }
}

/** What no program can read: a call's arguments, JSON that was asked for. */
function isUnreadable(message: unknown, form: Form | null): boolean {
  const calls = asArray(field(message, 'tool_calls'))
  const content = asText(field(message, 'content')) ?? ''
  if (form !== null && calls.length === 0 && content.trim() !== '') {
    if (!hasForm(parseJson(content), form)) return true
  }
  return calls.some((call) => {
    const sent = asText(field(field(call, 'function'), 'arguments')) ?? ''
    // A function without parameters is called with none.
    return sent.trim() !== '' && parseJson(sent) === undefined
  })
}

function hasForm(value: unknown, { required }: Form): boolean {
  if (required.length === 0) return value !== undefined
  const object = asObject(value)
  return object !== null && required.every((name) => Object.hasOwn(object, name))
}

function isRefused(message: unknown, request: Answers['request']): boolean {
  if ((asText(field(message, 'refusal')) ?? '') !== '') return true
  if (asArray(field(message, 'tool_calls')).length > 0) return false
  const content = asText(field(message, 'content')) ?? ''
  return isRefusal(content, () => request.humanTurns(1).at(-1) ?? '')
}
