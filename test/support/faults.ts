import type { FaultContext } from './fake-upstream.ts'

type Fault = (context: FaultContext) => void | Promise<void>

/** 64 KB each. */
const FLOOD_BLOCKS = 1_000

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The deterministic answer to a request: tests compare what a client got with it. */
export function answerFor(body: Record<string, unknown>): string {
  const messages = body['messages'] as { content?: unknown }[]
  const last = messages.at(-1)?.content
  const text = typeof last === 'string' ? last : JSON.stringify(last ?? '')
  return `Echo of ${text.length} characters: ${[...text].slice(0, 40).join('')} 😀 完`
}

export const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 }

function completion(content: string | null, more: object = {}, finish = 'stop'): object {
  return {
    id: 'chatcmpl-fake',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'fake-model-2026',
    choices: [
      { index: 0, message: { role: 'assistant', content, ...more }, finish_reason: finish },
    ],
    usage: USAGE,
  }
}

function chunk(delta: object, finish: string | null = null, more: object = {}): object {
  return {
    id: 'chatcmpl-fake',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'fake-model-2026',
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...more,
  }
}

const event = (value: object | string, end = '\n\n'): string =>
  `data: ${typeof value === 'string' ? value : JSON.stringify(value)}${end}`

const USAGE_CHUNK = { ...chunk({}), choices: [], usage: USAGE }

function pieces(text: string, size = 6): string[] {
  const characters = [...text]
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(''),
  )
}

function json(status: number, value: unknown, headers: Record<string, string> = {}): Fault {
  return ({ response }) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof value === 'string' ? value : JSON.stringify(value))
  }
}

function error(status: number, message: string, more: object = {}, headers = {}): Fault {
  return json(
    status,
    { error: { message, type: 'fake_error', param: null, code: null, ...more } },
    headers,
  )
}

/** Answers as a stream of the given events, or as one JSON where the request does not stream. */
function streamed(events: (context: FaultContext) => string[], whole: Fault, gapMs = 0): Fault {
  return async (context) => {
    if (context.call.body['stream'] !== true) return whole(context)
    const { response } = context
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const text of events(context)) {
      if (response.destroyed) return
      response.write(text)
      if (gapMs > 0) await sleep(gapMs)
    }
    response.end()
    return undefined
  }
}

const wholeAnswer: Fault = (context) => json(200, completion(answerFor(context.call.body)))(context)

function wantsUsage({ call }: FaultContext): boolean {
  return (
    (call.body['stream_options'] as { include_usage?: boolean } | undefined)?.include_usage === true
  )
}

function answerEvents(context: FaultContext, end = '\n\n'): string[] {
  return [
    event(chunk({ role: 'assistant', content: '' }), end),
    ...pieces(answerFor(context.call.body)).map((content) => event(chunk({ content }), end)),
    event(chunk({}, 'stop'), end),
    ...(wantsUsage(context) ? [event(USAGE_CHUNK, end)] : []),
    event('[DONE]', end),
  ]
}

/** Streams given deltas and finishes; the same parts as one message where it does not stream. */
function shaped(deltas: object[], message: object, finish = 'stop'): Fault {
  return streamed(
    (context) => [
      ...deltas.map((delta) => event(chunk(delta))),
      event(chunk({}, finish)),
      ...(wantsUsage(context) ? [event(USAGE_CHUNK)] : []),
      event('[DONE]'),
    ],
    json(200, completion(null, message, finish)),
  )
}

function said(text: string, size: number, gapMs: number): Fault {
  return streamed(
    () => [
      event(chunk({ role: 'assistant' })),
      ...pieces(text, size).map((content) => event(chunk({ content }))),
      event(chunk({}, 'stop')),
      event('[DONE]'),
    ],
    json(200, completion(text)),
    gapMs,
  )
}

const call = {
  id: 'call_1',
  type: 'function',
  function: { name: 'weather', arguments: '{"city":"北京"}' },
}

export const FAULTS: Readonly<Record<string, Fault>> = {
  ok: streamed((context) => answerEvents(context), wholeAnswer),
  paced: streamed((context) => answerEvents(context), wholeAnswer, 60),
  slow: async (context) => {
    await sleep(400)
    return wholeAnswer(context)
  },
  'status-400': error(400, 'temperature must be below 2', {
    type: 'invalid_request_error',
    param: 'temperature',
    code: 'invalid_value',
  }),
  'status-401': error(401, 'Incorrect API key provided: sk-fakesecret1234', {
    code: 'invalid_api_key',
  }),
  'status-402': error(402, 'Insufficient Balance'),
  'status-403': error(403, 'forbidden'),
  'status-404': error(404, 'no such model', { code: 'model_not_found' }),
  'status-408': error(408, 'timeout'),
  'status-409': error(409, 'conflict'),
  'status-418': error(418, 'teapot'),
  'status-429': error(429, 'slow down', { code: 'rate_limit_exceeded' }, { 'retry-after': '7' }),
  'status-429-quota': error(429, 'pay first', { code: 'insufficient_quota' }),
  'status-500': error(500, 'boom'),
  'status-502': json(502, '<html><h1>502 Bad Gateway</h1></html>', { 'content-type': 'text/html' }),
  'status-503': error(503, 'unavailable'),
  'status-529': error(529, 'Overloaded', { type: 'overloaded_error' }),
  'param-top-k': error(400, "Unsupported parameter: 'top_k'", {
    type: 'invalid_request_error',
    param: 'top_k',
    code: 'unsupported_parameter',
  }),
  'late-stream': async (context) => {
    await sleep(700)
    return streamed((inner) => answerEvents(inner), wholeAnswer)(context)
  },
  'reset-long-zh': async ({ response, socket }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const opening =
      '从前有座山，山里有座庙，庙里有个老和尚在给小和尚讲故事，讲的是什么故事呢，他说从前有座山'
    for (const content of pieces(opening)) response.write(event(chunk({ content })))
    await sleep(30)
    socket.resetAndDestroy()
  },
  // Repeats the last words, as models do.
  'continue-zh': streamed(
    () => [
      ...pieces('他说从前有座山，后来故事讲完了。').map((content) => event(chunk({ content }))),
      event(chunk({}, 'stop')),
      event('[DONE]'),
    ],
    wholeAnswer,
  ),
  context: error(400, 'too long', { code: 'context_length_exceeded' }),
  hang: () => undefined,
  'headers-then-hang': ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
  },
  'reset-before-headers': ({ socket }) => void socket.resetAndDestroy(),
  'reset-mid-json': ({ response, socket }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
    response.write('{"choices":[{"mess')
    setTimeout(() => socket.resetAndDestroy(), 10)
  },
  'reset-mid-stream': async (context) => {
    const { response, socket } = context
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const text of answerEvents(context).slice(0, 4)) response.write(text)
    await sleep(30)
    socket.resetAndDestroy()
  },
  'truncate-stream': streamed((context) => answerEvents(context).slice(0, 4), error(500, 'boom')),
  'no-done': streamed((context) => answerEvents(context).slice(0, -1), wholeAnswer),
  'html-200': json(200, '<!doctype html><title>Maintenance</title>', {
    'content-type': 'text/html',
  }),
  'error-200-nested': streamed(
    () => [event({ error: { message: 'upstream broke', code: 502 } })],
    json(200, { error: { message: 'upstream broke' } }),
  ),
  'error-200-flat': streamed(
    () => [event({ code: 'InternalError', message: 'flat', request_id: 'r' })],
    json(200, { code: 'InternalError', message: 'flat' }),
  ),
  'error-200-string': streamed(
    () => [event('"model unavailable"')],
    json(200, '"model unavailable"'),
  ),
  'error-event': streamed(
    () => [`event: error\n${event({ type: 'error', message: 'overloaded' })}`],
    json(200, { error: 'text' }),
  ),
  'error-finish': streamed(
    () => [event(chunk({}, 'network_error'))],
    json(200, completion('', {}, 'network_error')),
  ),
  empty: streamed(
    () => [
      event(chunk({ role: 'assistant', content: '' })),
      event(chunk({}, 'stop')),
      event('[DONE]'),
    ],
    json(200, completion('')),
  ),
  'empty-body': ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end()
  },
  'no-choices': streamed(
    () => [event('[DONE]')],
    json(200, { id: 'x', object: 'chat.completion', choices: [] }),
  ),
  keyword: said('Rate limit reached for this model, please try again later.', 5, 3),
  'keyword-sorry': said('Sorry, the model is currently OVERLOADED.', 4, 3),
  'keyword-zh': said('当前请求过多，quota exceeded，请稍后再试', 3, 3),
  'long-about-limits': said(
    `A rate limit bounds how often one may call. ${'It protects a service from too many calls at once. '.repeat(14)}`,
    30,
    0,
  ),
  'short-about-limits': said('A rate limit bounds how often you may call.', 8, 0),
  'stall-mid-stream': async (context) => {
    const { response } = context
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const text of answerEvents(context).slice(0, 4)) response.write(text)
  },
  'json-to-stream': (context) => wholeAnswer(context),
  'sse-to-json': (context) => {
    const { response } = context
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(answerEvents(context).join(''))
  },
  flood: ({ call, response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const block = event(chunk({ content: 'x'.repeat(8_000) })).repeat(8)
    let left = FLOOD_BLOCKS
    const write = (): void => {
      while (left > 0) {
        left--
        call.sentBytes += block.length
        if (!response.write(block)) {
          response.once('drain', write)
          return
        }
      }
      response.end(event(chunk({}, 'stop')) + event('[DONE]'))
    }
    write()
  },
  crlf: streamed((context) => answerEvents(context, '\r\n\r\n'), wholeAnswer),
  cr: streamed((context) => answerEvents(context, '\r\r'), wholeAnswer),
  comments: streamed(
    (context) => [
      ': OPENROUTER PROCESSING\n\n',
      ...answerEvents(context).flatMap((text) => [': keep-alive\n\n', text]),
    ],
    wholeAnswer,
  ),
  'multi-line-data': streamed(
    (context) =>
      answerEvents(context).map((text) => text.replace('"choices":', '\ndata: "choices":')),
    wholeAnswer,
  ),
  'no-space': streamed(
    (context) => answerEvents(context).map((text) => text.replace('data: ', 'data:')),
    wholeAnswer,
  ),
  'no-final-blank-line': streamed(
    (context) => [answerEvents(context).join('').trimEnd()],
    wholeAnswer,
  ),
  'byte-by-byte': async (context) => {
    if (context.call.body['stream'] !== true) return wholeAnswer(context)
    context.response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const byte of Buffer.from(answerEvents(context).join(''))) {
      context.response.write(Buffer.from([byte]))
      if (byte % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    context.response.end()
    return undefined
  },
  'usage-each-chunk': streamed(
    (context) => [
      ...pieces(answerFor(context.call.body)).map((content, index) =>
        event(chunk({ content }, null, { usage: { ...USAGE, completion_tokens: index } })),
      ),
      event(chunk({}, 'stop', { usage: USAGE })),
      event('[DONE]'),
    ],
    wholeAnswer,
  ),
  reasoning: shaped(
    [{ reasoning_content: 'Let me ' }, { reasoning_content: 'think.' }, { content: 'Four.' }],
    { content: 'Four.', reasoning_content: 'Let me think.' },
  ),
  tools: shaped(
    [
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ index: 0, ...call, function: { name: 'weather', arguments: '' } }],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '"北京"}' } }] },
    ],
    { tool_calls: [call] },
    'tool_calls',
  ),
  refusal: shaped([{ refusal: 'I cannot ' }, { refusal: 'do that.' }], {
    refusal: 'I cannot do that.',
  }),
  'says-t1': shaped([{ content: 'T1' }], { content: 'T1' }),
  'says-t3': shaped([{ content: 'T3' }], { content: 'T3' }),
  'length-only': shaped([], { content: '' }, 'length'),
  structured: shaped([{ role: 'assistant', content: '{"answer":' }, { content: '42}' }], {
    content: '{"answer":42}',
  }),
  'unknown-fields': streamed(
    (context) => [
      event({
        ...chunk({ content: 'x', vendor_delta: { a: 1 } }),
        vendor: 9007199254740993n.toString(),
        logprobs: null,
      }),
      ...answerEvents(context),
    ],
    json(200, { ...completion('x', { vendor_message: [1] }), vendor_top: { deep: true } }),
  ),
}
