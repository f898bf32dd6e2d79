import { asArray, asObject, parseJson } from '../kit/json-value.ts'

/**
 * A provider answered a streaming request with one JSON completion: gives the same answer as
 * server-sent events, the message as one delta and the finish_reason after it.
 */
export function completionToStream(body: Buffer, includeUsage: boolean): Buffer {
  const completion = asObject(parseJson(body.toString('utf8'))) ?? {}
  const { choices, usage, object: _object, ...head } = completion
  const base = { ...head, object: 'chat.completion.chunk' }
  const deltas: unknown[] = []
  const ends: unknown[] = []
  for (const item of asArray(choices)) {
    const { message, finish_reason: finishReason, ...rest } = asObject(item) ?? {}
    deltas.push({ ...rest, delta: withIndexes(asObject(message) ?? {}), finish_reason: null })
    ends.push({ index: rest['index'] ?? 0, delta: {}, finish_reason: finishReason ?? 'stop' })
  }
  const chunks: unknown[] = [
    { ...base, choices: deltas },
    { ...base, choices: ends },
  ]
  if (includeUsage && usage !== undefined) chunks.push({ ...base, choices: [], usage })
  const events = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
  return Buffer.from(`${events.join('')}data: [DONE]\n\n`)
}

/** Streamed tool calls carry an index, those of a completion do not. */
function withIndexes(message: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const calls = message['tool_calls']
  if (!Array.isArray(calls)) return { ...message }
  return { ...message, tool_calls: calls.map((call, index) => ({ index, ...asObject(call) })) }
}
