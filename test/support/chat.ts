import type { Gateway } from './start-gateway.ts'
import { checkShape } from './openai-shapes.ts'
import { until } from './start-gateway.ts'

export interface ChatAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed where it is JSON. */
  readonly json: any
  /** Data of the events of a stream. */
  readonly events: readonly string[]
  readonly content: string
}

/** Sends one chat request and reads the whole answer. */
export async function chat(
  gateway: Pick<Gateway, 'url'>,
  body: Record<string, unknown> | string | Uint8Array,
  headers: Record<string, string> = {},
  isChecked = true,
): Promise<ChatAnswer> {
  const payload =
    typeof body === 'string' || body instanceof Uint8Array
      ? body
      : JSON.stringify({ messages: [{ role: 'user', content: 'hello there' }], ...body })
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: payload as string,
  })
  const text = await response.text()
  const events = text
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .map((block) => block.slice(6))
  const json = parse(text)
  if (isChecked) checkShape(response.status, response.headers, { json, text })
  const content = events.length > 0 ? joined(events) : (json?.choices?.[0]?.message?.content ?? '')
  return { status: response.status, headers: response.headers, text, json, events, content }
}

function joined(events: readonly string[]): string {
  return events.map((data) => parse(data)?.choices?.[0]?.delta?.content ?? '').join('')
}

function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The log's record of an answer, as soon as it is there. */
export async function logOf(gateway: Gateway, answer: { headers: Headers }): Promise<any> {
  const id = answer.headers.get('x-request-id')
  return until(async () => {
    const response = await gateway.api(`/logs/${id}`)
    return response.ok ? response.json() : null
  }, 1_000)
}
