import { asArray, asObject, type JsonObject, parseJson } from '../kit/json-value.ts'
import { SseReader } from '../kit/sse-reader.ts'

type Mutable = Record<string, unknown>

const CALLS_MAX = 1_024
const EVENT_BYTES_MAX = 64 * 1024 * 1024

/**
 * Puts the events of a stream together into one chat.completion, as a client would have got it
 * without streaming. Unknown fields survive: strings that stream are joined, everything else is
 * last value wins. A stream that broke keeps `error` beside what had arrived.
 */
export function assembleStream(pieces: readonly Uint8Array[]): unknown {
  const reader = new SseReader(EVENT_BYTES_MAX)
  const completion: Mutable = {}
  const choices: Mutable[] = []
  for (const piece of pieces) {
    for (const event of reader.push(
      Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength),
    )) {
      mergeChunk(completion, choices, event.data)
    }
  }
  mergeChunk(completion, choices, reader.end()?.data ?? null)
  completion['object'] = 'chat.completion'
  completion['choices'] = choices.filter((choice) => choice !== undefined).map(withoutHoles)
  return completion
}

function mergeChunk(completion: Mutable, choices: Mutable[], data: string | null): void {
  const chunk = data === null || data === '[DONE]' ? null : asObject(parseJson(data))
  if (chunk === null) return
  for (const [key, value] of Object.entries(chunk)) {
    // `obfuscation` is padding against traffic analysis and means nothing.
    if (key === 'choices' || key === 'object' || key === 'obfuscation') continue
    if (key === 'usage' && value === null) continue
    setOwn(completion, key, value)
  }
  for (const item of asArray(chunk['choices'])) {
    const choice = asObject(item)
    if (choice !== null) mergeChoice(choices, choice)
  }
}

function mergeChoice(choices: Mutable[], choice: JsonObject): void {
  const index = typeof choice['index'] === 'number' ? choice['index'] : 0
  if (!Number.isInteger(index) || index < 0 || index > 127) return
  const whole = (choices[index] ??= { index, message: { role: 'assistant', content: null } })
  for (const [key, value] of Object.entries(choice)) {
    if (key === 'index') continue
    if (key === 'delta' || key === 'message') {
      mergeDelta(whole['message'] as Mutable, asObject(value) ?? {})
    } else if (key === 'logprobs') {
      whole['logprobs'] = mergeLogprobs(asObject(whole['logprobs']), asObject(value))
    } else if (value !== null && value !== '') setOwn(whole, key, value)
    else if (!(key in whole)) setOwn(whole, key, value)
  }
}

function mergeDelta(message: Mutable, delta: JsonObject): void {
  for (const [key, value] of Object.entries(delta)) {
    if (value === null || value === undefined) continue
    const before = Object.hasOwn(message, key) ? message[key] : undefined
    if (key === 'tool_calls') message[key] = mergeToolCalls(before, value)
    else if (key === 'role') message[key] = value
    else setOwn(message, key, join(before, value))
  }
}

/** Streamed strings are joined, lists appended, objects merged by the same rule. */
function join(before: unknown, value: unknown): unknown {
  if (typeof before === 'string' && typeof value === 'string') return before + value
  if (Array.isArray(before) && Array.isArray(value)) {
    // A copy for each of a million events would take hours; what came before is nobody else's.
    for (const item of value) before.push(item)
    return before
  }
  const left = asObject(before)
  const right = asObject(value)
  if (left === null || right === null) return value
  const merged: Mutable = { ...left }
  for (const [key, part] of Object.entries(right)) setOwn(merged, key, join(merged[key], part))
  return merged
}

function mergeToolCalls(before: unknown, value: unknown): unknown[] {
  const calls = Array.isArray(before) ? before : []
  for (const item of asArray(value)) {
    const call = asObject(item)
    if (call === null) continue
    const { index, ...rest } = call
    const at = typeof index === 'number' && index >= 0 ? index : calls.length
    if (at >= CALLS_MAX) continue
    const known = asObject(calls[at])
    calls[at] = known === null ? rest : mergeCall(known, rest)
  }
  return calls
}

/** Some vendors count calls from 1: only when all have come is it known that none was the first. */
function withoutHoles(choice: Mutable): Mutable {
  const message = asObject(choice['message'])
  if (message === null || !Array.isArray(message['tool_calls'])) return choice
  const calls = message['tool_calls'].filter((call) => call !== undefined)
  return { ...choice, message: { ...message, tool_calls: calls } }
}

function mergeCall(known: JsonObject, rest: JsonObject): JsonObject {
  const merged: Mutable = { ...known }
  for (const [key, value] of Object.entries(rest)) {
    if (key === 'function' || key === 'custom') merged[key] = join(known[key], withoutNulls(value))
    else if (value !== null && value !== '') setOwn(merged, key, value)
  }
  return merged
}

/** Some vendors repeat `name: null` or `name: ""` with every piece of the arguments. */
function withoutNulls(value: unknown): unknown {
  const object = asObject(value)
  if (object === null) return value
  return Object.fromEntries(Object.entries(object).filter(([, part]) => part !== null))
}

function mergeLogprobs(before: JsonObject | null, value: JsonObject | null): JsonObject | null {
  if (before === null || value === null) return value ?? before
  const merged: Mutable = { ...before }
  for (const [key, part] of Object.entries(value)) {
    if (part !== null) setOwn(merged, key, join(merged[key] ?? undefined, part))
  }
  return merged
}

/** `__proto__` in a provider's answer must become a plain property. */
function setOwn(target: Mutable, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  } else target[key] = value
}
