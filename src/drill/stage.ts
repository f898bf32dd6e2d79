import { asArray, asObject, asText, type JsonObject } from '../kit/json-value.ts'

/** One request that reached the drill's provider, and the means to answer it badly. */
export interface Stage {
  readonly body: JsonObject
  /** The request asked for a stream. */
  readonly stream: boolean
  /** `provider/model` as the path and the body name it: every answer carries it as its model. */
  readonly label: string
  /** How many requests met this fault before. */
  readonly count: number
  readonly isClosed: () => boolean
  send(data: string | Buffer): void
  sleep(ms: number): Promise<void>
  /** The answer is complete; the connection stays for the next request. */
  done(): void
  /** FIN. */
  close(): void
  /** RST. */
  reset(): void
}

export type Play = (stage: Stage) => void | Promise<void>

/**
 * What the client must come to see with a healthy model beside the faulty one: the whole `answer`;
 * what the provider sent, as an answer of its own (`as_sent`); a `final` error of its own; or a
 * stream that says it is `broken`.
 */
export type Expected = 'answer' | 'as_sent' | 'final' | 'broken'

export interface Fault {
  readonly name: string
  readonly level: 'tcp' | 'http' | 'status' | 'json' | 'sse'
  readonly play: Play
  /** `answer` where nothing is said. */
  readonly stream?: Expected
  readonly whole?: Expected
}

/** The one answer of the drill, so that a missing, doubled or foreign piece shows. */
export const TOKENS: readonly string[] = Array.from(
  { length: 60 },
  (_, index) => `${index === 0 ? 'Part' : ' part'} ${index + 1},`,
)
export const ANSWER = TOKENS.join('')

const CREATED = 1_700_000_000

/** What is left to say: a request that continues an answer gets the rest of it. */
function restOfAnswer({ body }: Stage): string {
  const said = asArray(body['messages'])
    .map((message) => asObject(message))
    .findLast((message) => message?.['role'] === 'assistant')
  const text = asText(said?.['content']) ?? ''
  return ANSWER.startsWith(text) ? ANSWER.slice(text.length) : ANSWER
}

export function completion(stage: Stage, message: object = {}, more: object = {}): JsonObject {
  const content = restOfAnswer(stage)
  return {
    id: 'chatcmpl-drill',
    object: 'chat.completion',
    created: CREATED,
    model: stage.label,
    choices: [
      { index: 0, message: { role: 'assistant', content, ...message }, finish_reason: 'stop' },
    ],
    usage: USAGE,
    ...more,
  }
}

export const USAGE = { prompt_tokens: 10, completion_tokens: 60, total_tokens: 70 }

export function chunk(stage: Stage, delta: object, finish: string | null = null): JsonObject {
  return {
    id: 'chatcmpl-drill',
    object: 'chat.completion.chunk',
    created: CREATED,
    model: stage.label,
    choices: [{ index: 0, delta, finish_reason: finish }],
  }
}

export function event(value: object | string, end = '\n\n'): string {
  return `data: ${typeof value === 'string' ? value : JSON.stringify(value)}${end}`
}

export const DONE = 'data: [DONE]\n\n'

export function roleEvent(stage: Stage): string {
  return event(chunk(stage, { role: 'assistant', content: '' }))
}

/** The rest of the answer in pieces of about a token. */
export function contentEvents(stage: Stage, count = TOKENS.length): string[] {
  const rest = restOfAnswer(stage)
  const pieces = rest === ANSWER ? TOKENS : (rest.match(/[\s\S]{1,10}/g) ?? [])
  return pieces.slice(0, count).map((content) => event(chunk(stage, { content })))
}

export function finishEvent(stage: Stage, reason = 'stop'): string {
  return event(chunk(stage, {}, reason))
}

function usageEvent(stage: Stage): string {
  return event({ ...chunk(stage, {}), choices: [], usage: USAGE })
}

export function allEvents(stage: Stage): string[] {
  const usage = asObject(stage.body['stream_options'])?.['include_usage'] === true
  return [
    roleEvent(stage),
    ...contentEvents(stage),
    finishEvent(stage),
    ...(usage ? [usageEvent(stage)] : []),
    DONE,
  ]
}

export function head(status: number, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} Status\r\n${lines.join('')}\r\n`
}

/** A plain answer with its length. */
export function respond(
  stage: Stage,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string | number>> = {},
): void {
  const bytes = Buffer.from(body)
  const all = { 'content-type': 'application/json', 'content-length': bytes.length, ...headers }
  stage.send(Buffer.concat([Buffer.from(head(status, all)), bytes]))
  stage.done()
}

export const STREAM_HEAD = head(200, {
  'content-type': 'text/event-stream',
  'transfer-encoding': 'chunked',
})

export function chunked(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ])
}

export const LAST_CHUNK = '0\r\n\r\n'

/** A stream of the given events, complete as far as HTTP is concerned. */
export async function streamOut(
  stage: Stage,
  events: readonly (string | Buffer)[],
  gapMs = 0,
): Promise<void> {
  stage.send(STREAM_HEAD)
  for (const one of events) {
    if (stage.isClosed()) return
    stage.send(chunked(one))
    if (gapMs > 0) await stage.sleep(gapMs)
  }
  stage.send(LAST_CHUNK)
  stage.done()
}

/** What a provider without faults does. */
export async function answer(stage: Stage): Promise<void> {
  if (stage.stream) await streamOut(stage, allEvents(stage))
  else respond(stage, 200, JSON.stringify(completion(stage)))
}
