import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asArray, asObject, asText, type JsonObject, parseJson } from '../kit/json-value.ts'
import { demoAnswer, estimateTokens } from './demo-answer.ts'
import { DEMO_KEY, DEMO_MODELS } from './demo-document.ts'

export interface DemoProvider {
  readonly baseUrl: string
  close(): Promise<void>
}

const BODY_BYTES_MAX = 32 * 1024 * 1024

/**
 * A simulated provider on a port of its own: the gateway reaches it like any other, over a real
 * socket, so that the demo shows what the product does and not a shortcut.
 */
export async function startDemoProvider(): Promise<DemoProvider> {
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers.authorization !== `Bearer ${DEMO_KEY}`) {
    return fail(response, 401, 'invalid_api_key', 'Incorrect API key provided.')
  }
  if (request.method === 'GET' && request.url === '/v1/models') {
    const data = DEMO_MODELS.map(({ id }) => ({
      id,
      object: 'model',
      created: 0,
      owned_by: 'demo',
    }))
    return json(response, 200, { object: 'list', data })
  }
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
    return fail(
      response,
      404,
      'not_found',
      'The demo provider has /v1/chat/completions and /v1/models.',
    )
  }
  const body = asObject(parseJson(await readText(request)))
  if (body === null)
    return fail(response, 400, 'invalid_request_error', 'The body is not a JSON object.')
  await complete(body, response)
}

async function complete(body: JsonObject, response: ServerResponse): Promise<void> {
  const model = DEMO_MODELS.find(({ id }) => id === body['model'])
  if (model === undefined) {
    return fail(
      response,
      404,
      'model_not_found',
      `The demo has no model "${String(body['model'])}".`,
    )
  }
  const question = lastQuestion(body)
  const text = demoAnswer(question, model, wantsJson(body))
  const usage = usageOf(JSON.stringify(body['messages'] ?? ''), text)
  const head = {
    id: `chatcmpl-demo-${Date.now().toString(36)}`,
    created: Math.floor(Date.now() / 1000),
    model: model.id,
  }
  if (body['stream'] !== true) {
    await sleep(model.pieceMs * 4)
    const choices = [
      {
        index: 0,
        message: { role: 'assistant', content: text },
        logprobs: null,
        finish_reason: 'stop',
      },
    ]
    return json(response, 200, { ...head, object: 'chat.completion', choices, usage })
  }
  const withUsage = asObject(body['stream_options'])?.['include_usage'] === true
  await stream(
    response,
    { ...head, object: 'chat.completion.chunk' },
    { text, pieceMs: model.pieceMs, usage: withUsage ? usage : null },
  )
}

interface Streamed {
  readonly text: string
  readonly pieceMs: number
  readonly usage: object | null
}

async function stream(
  response: ServerResponse,
  head: object,
  { text, pieceMs, usage }: Streamed,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  const send = (delta: object, finish: string | null): void => {
    const choices = [{ index: 0, delta, finish_reason: finish }]
    response.write(`data: ${JSON.stringify({ ...head, choices })}\n\n`)
  }
  send({ role: 'assistant', content: '' }, null)
  for (const piece of text.match(/\p{Script=Han}{1,2}|[^\s\p{Script=Han}]+\s*|\s+/gu) ?? []) {
    await sleep(pieceMs)
    if (response.destroyed) return
    send({ content: piece }, null)
  }
  send({}, 'stop')
  if (usage !== null) response.write(`data: ${JSON.stringify({ ...head, choices: [], usage })}\n\n`)
  response.end('data: [DONE]\n\n')
}

function lastQuestion(body: JsonObject): string {
  const message = asObject(
    asArray(body['messages']).findLast((item) => asObject(item)?.['role'] === 'user'),
  )
  const content = message?.['content']
  if (typeof content === 'string') return content
  return asArray(content)
    .map((part) => asText(asObject(part)?.['text']) ?? '')
    .join(' ')
}

function wantsJson(body: JsonObject): boolean {
  return asText(asObject(body['response_format'])?.['type'])?.startsWith('json') ?? false
}

function usageOf(prompt: string, answer: string): object {
  const promptTokens = estimateTokens(prompt)
  const completionTokens = estimateTokens(answer)
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes <= BODY_BYTES_MAX) pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function fail(response: ServerResponse, status: number, code: string, message: string): void {
  json(response, status, { error: { message, type: 'invalid_request_error', param: null, code } })
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
