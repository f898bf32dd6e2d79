import { asObject, asText, parseJson } from '../kit/json-value.ts'
import { SseReader } from '../kit/sse-reader.ts'
import { ANSWER, type Expected, type Fault } from './stage.ts'

const MESSAGE_BYTES_MAX = 16 * 1024 * 1024

/** What a client got. */
export interface Received {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly ms: number
}

/** `hidden`: the client has the whole answer. `told`: an honest error. `wrong`: neither. */
export interface Judgement {
  readonly verdict: 'hidden' | 'told' | 'wrong'
  readonly detail: string
  readonly served: string | null
}

/** What a fault came to, seen from the client. */
export function judge(fault: Fault, stream: boolean, received: Received): Judgement {
  const expected: Expected = (stream ? fault.stream : fault.whole) ?? 'answer'
  const served = received.headers.get('x-smartroute-model')
  const type = received.headers.get('content-type') ?? ''
  const [verdict, detail] = type.includes('text/event-stream')
    ? judgeStream(expected, received)
    : judgeWhole(expected, received, stream)
  return { verdict, detail, served }
}

function judgeStream(expected: Expected, { text }: Received): [Judgement['verdict'], string] {
  const reader = new SseReader(MESSAGE_BYTES_MAX)
  const events = [...reader.push(Buffer.from(text)), reader.end()].flatMap((one) =>
    typeof one?.data === 'string' ? [one.data] : [],
  )
  const isDone = events.at(-1) === '[DONE]'
  const chunks = events.map((data) => asObject(parseJson(data)))
  const error = chunks.map((one) => asObject(one?.['error'])).findLast((one) => one !== null)
  const content = chunks.map(contentOf).join('')
  if (error !== undefined && error !== null) {
    return isDone ? ['wrong', 'an error and [DONE]'] : ['told', asText(error['code']) ?? 'error']
  }
  if (!isDone) return ['wrong', 'the stream ends without [DONE] and without a word']
  if (expected === 'answer' && content !== ANSWER) return ['wrong', `content ${shown(content)}`]
  return ['hidden', 'answer']
}

function contentOf(chunk: ReturnType<typeof asObject>): string {
  const choices = chunk?.['choices']
  const choice = asObject(Array.isArray(choices) ? choices[0] : null)
  return asText(asObject(choice?.['delta'])?.['content']) ?? ''
}

function judgeWhole(
  expected: Expected,
  { status, text }: Received,
  stream: boolean,
): [Judgement['verdict'], string] {
  const body = asObject(parseJson(text))
  if (status !== 200) {
    const error = asObject(body?.['error'])
    const isShaped = ['message', 'type', 'param', 'code'].every(
      (key) => error !== null && key in error,
    )
    return isShaped
      ? ['told', `${status} ${asText(error?.['code']) ?? ''}`]
      : ['wrong', text.slice(0, 80)]
  }
  if (stream) return ['wrong', 'a stream was asked for']
  if (body === null) return ['wrong', 'the answer is not JSON']
  const choices = body['choices']
  const choice = asObject(Array.isArray(choices) ? choices[0] : null)
  const content = asText(asObject(choice?.['message'])?.['content']) ?? ''
  if (expected === 'answer' && content !== ANSWER) return ['wrong', `content ${shown(content)}`]
  return ['hidden', 'answer']
}

function shown(content: string): string {
  return `"${content.slice(0, 20)}…${content.slice(-20)}" (${content.length} of ${ANSWER.length})`
}

/** Sends the drill's one question. Ends with the limit, whatever happens. */
export async function askGateway(
  url: string,
  request: { readonly model: string; readonly stream: boolean; readonly limitMs: number },
): Promise<Received | 'hang'> {
  const startedAt = performance.now()
  const { model, stream } = request
  const messages = [{ role: 'user', content: 'Say the parts.' }]
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, stream, messages }),
      signal: AbortSignal.timeout(request.limitMs),
    })
    const text = await response.text()
    const { status, headers } = response
    return { status, headers, text, ms: performance.now() - startedAt }
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return 'hang'
    throw error
  }
}
