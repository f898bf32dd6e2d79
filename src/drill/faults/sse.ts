import { sse } from './sse-fault.ts'
import { FORM_FAULTS } from './sse-forms.ts'
import {
  allEvents,
  chunk,
  chunked,
  contentEvents,
  DONE,
  event,
  type Expected,
  type Fault,
  finishEvent,
  LAST_CHUNK,
  roleEvent,
  type Stage,
  STREAM_HEAD,
  TOKENS,
  USAGE,
} from '../stage.ts'

/** The beginning of a stream that then ends in another way than by its end. */
function broken(
  name: string,
  events: (stage: Stage) => readonly string[],
  end: (stage: Stage) => void,
  stream: Expected = 'answer',
): Fault {
  return {
    name: `sse-${name}`,
    level: 'sse',
    play: async (stage) => {
      stage.send(STREAM_HEAD)
      for (const one of events(stage)) stage.send(chunked(one))
      await stage.sleep(30)
      end(stage)
    },
    stream,
    whole: 'answer',
  }
}

const reset = (stage: Stage): void => stage.reset()
const close = (stage: Stage): void => stage.close()
const stall = (): void => {}
const httpEnd = (stage: Stage): void => {
  stage.send(LAST_CHUNK)
  stage.done()
}

const start = (stage: Stage, count: number): string[] => [
  roleEvent(stage),
  ...contentEvents(stage, count),
]

const ERROR = { error: { message: 'upstream broke', type: 'server_error', code: 500 } }
const OVERLOADED =
  'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'

function toolChunk(stage: Stage, index: number, more: object): string {
  return event(chunk(stage, { tool_calls: [{ index, ...more }] }))
}

const named = (name: string): object => ({
  id: `call_${name}`,
  type: 'function',
  function: { name, arguments: '' },
})
const args = (text: string): object => ({ function: { arguments: text } })

/** Cut after so many of sixty tokens, in each way a connection can end. */
const CUTS: readonly Fault[] = [0, 1, 2, 10, 40, 59, 60].flatMap((count) => [
  broken(`cut-${count}-reset`, (stage) => start(stage, count), reset),
  broken(`cut-${count}-close`, (stage) => start(stage, count), close),
  broken(`cut-${count}-clean-end`, (stage) => start(stage, count), httpEnd),
  broken(`cut-${count}-stall`, (stage) => start(stage, count), stall),
])

const ENDS: readonly Fault[] = [
  sse('no-done', (stage) => allEvents(stage).slice(0, -1)),
  sse('no-done-no-usage', (stage) => [...start(stage, TOKENS.length), finishEvent(stage)]),
  sse('two-done', (stage) => [...allEvents(stage), DONE]),
  sse('data-after-done', (stage) => [
    ...allEvents(stage),
    event(chunk(stage, { content: 'late' })),
  ]),
  sse('done-without-finish', (stage) => [...start(stage, TOKENS.length), DONE]),
  sse('finish-null-after-real', (stage) => [
    ...start(stage, TOKENS.length),
    finishEvent(stage),
    event(chunk(stage, {})),
    DONE,
  ]),
  broken('finish-then-reset', (stage) => allEvents(stage).slice(0, -1), reset),
  broken('finish-then-stall', (stage) => allEvents(stage).slice(0, -1), stall),
  sse(
    'finish-length',
    (stage) => [...start(stage, 5), finishEvent(stage, 'length'), DONE],
    'as_sent',
  ),
  sse(
    'finish-content-filter',
    (stage) => [...start(stage, 5), finishEvent(stage, 'content_filter'), DONE],
    'as_sent',
  ),
  sse(
    'finish-sensitive',
    (stage) => [...start(stage, 5), finishEvent(stage, 'sensitive'), DONE],
    'as_sent',
  ),
  sse('finish-error', (stage) => [roleEvent(stage), finishEvent(stage, 'error'), DONE]),
  sse('finish-network-error', (stage) => [
    ...start(stage, 30),
    finishEvent(stage, 'network_error'),
  ]),
  sse('finish-no-resource', (stage) => [
    ...start(stage, 30),
    finishEvent(stage, 'insufficient_system_resource'),
    DONE,
  ]),
]

const ERRORS: readonly Fault[] = [
  sse('error-first', () => [event(ERROR)]),
  sse('error-event-first', () => [OVERLOADED]),
  sse('error-after-role', (stage) => [roleEvent(stage), event(ERROR)]),
  sse('error-middle', (stage) => [...start(stage, 30), event(ERROR)]),
  sse('error-event-middle', (stage) => [...start(stage, 30), OVERLOADED]),
  sse('error-last', (stage) => [...start(stage, TOKENS.length), event(ERROR)]),
  sse('error-then-done', (stage) => [...start(stage, 30), event(ERROR), DONE]),
  sse('error-string', () => [event('"model unavailable"')]),
  sse('error-flat', () => [event('{"code":"InternalError","message":"flat"}')]),
  sse('error-in-choice', (stage) => [
    ...start(stage, 30),
    event({ ...chunk(stage, {}), choices: [{ index: 0, delta: {}, error: { message: 'broke' } }] }),
  ]),
  sse('html-in-stream', () => ['<html><body>502 Bad Gateway</body></html>']),
  sse('html-middle', (stage) => [...start(stage, 30), '<html>oops</html>\n\n']),
  sse('malformed-once', (stage) => [
    ...start(stage, 30),
    'data: {"broken\n\n',
    ...allEvents(stage).slice(31),
  ]),
  sse('malformed-always', () => Array.from({ length: 5 }, () => 'data: {"broken\n\n')),
  sse('malformed-thrice-late', (stage) => [
    ...start(stage, 30),
    ...Array.from({ length: 3 }, () => 'data: {"broken\n\n'),
  ]),
  sse('nothing', () => []),
  sse('comments-only', () => [': keep-alive\n\n', ': keep-alive\n\n']),
  sse('done-only', () => [DONE]),
  sse('role-only', (stage) => [roleEvent(stage), finishEvent(stage), DONE]),
  sse('empty-deltas', (stage) => [
    ...Array.from({ length: 200 }, () => event(chunk(stage, { content: '' }))),
    finishEvent(stage),
    DONE,
  ]),
  sse('keyword', (stage) => [
    roleEvent(stage),
    ...['Rate', ' limit', ' reached', ', try again'].map((content) =>
      event(chunk(stage, { content })),
    ),
    finishEvent(stage),
    DONE,
  ]),
  {
    name: 'sse-keep-alive-only',
    level: 'sse',
    play: async (stage) => {
      stage.send(STREAM_HEAD)
      while (!stage.isClosed()) {
        stage.send(chunked(': keep-alive\n\n'))
        await stage.sleep(50)
      }
    },
  },
  {
    name: 'sse-keep-alive-after-30',
    level: 'sse',
    play: async (stage) => {
      stage.send(STREAM_HEAD)
      for (const one of start(stage, 30)) stage.send(chunked(one))
      while (!stage.isClosed()) {
        stage.send(chunked(': keep-alive\n\n'))
        await stage.sleep(50)
      }
    },
  },
]

const MORE: readonly Fault[] = [
  sse('usage-on-last-content', (stage) => [
    ...start(stage, TOKENS.length),
    event({ ...chunk(stage, {}, 'stop'), usage: USAGE }),
    DONE,
  ]),
  sse('usage-on-every-chunk', (stage) => [
    roleEvent(stage),
    ...TOKENS.map((content) => event({ ...chunk(stage, { content }), usage: USAGE })),
    finishEvent(stage),
    DONE,
  ]),
  sse('usage-null', (stage) => [
    roleEvent(stage),
    ...TOKENS.map((content) => event({ ...chunk(stage, { content }), usage: null })),
    finishEvent(stage),
    DONE,
  ]),
  sse(
    'tool-call',
    (stage) => [
      toolChunk(stage, 0, named('weather')),
      toolChunk(stage, 0, args('{"city":"北京"}')),
      finishEvent(stage, 'tool_calls'),
      DONE,
    ],
    'as_sent',
  ),
  sse(
    'tool-calls-out-of-order',
    (stage) => [
      toolChunk(stage, 1, named('second')),
      toolChunk(stage, 0, named('first')),
      toolChunk(stage, 1, args('{}')),
      toolChunk(stage, 0, args('{}')),
      finishEvent(stage, 'tool_calls'),
      DONE,
    ],
    'as_sent',
  ),
  broken(
    'tool-call-cut',
    (stage) => [toolChunk(stage, 0, named('weather')), toolChunk(stage, 0, args('{"ci'))],
    reset,
    'broken',
  ),
  broken(
    'tool-call-after-text-cut',
    (stage) => [...start(stage, 10), toolChunk(stage, 0, named('weather'))],
    close,
    'broken',
  ),
  sse('reasoning', (stage) => [
    event(chunk(stage, { reasoning_content: 'Let me think.' })),
    ...contentEvents(stage),
    finishEvent(stage),
    DONE,
  ]),
  broken(
    'reasoning-cut',
    (stage) => [event(chunk(stage, { reasoning_content: 'Let me think.' }))],
    reset,
    'broken',
  ),
  sse(
    'refusal',
    (stage) => [event(chunk(stage, { refusal: 'I cannot.' })), finishEvent(stage), DONE],
    'as_sent',
  ),
]

export const SSE_FAULTS: readonly Fault[] = [...CUTS, ...FORM_FAULTS, ...ENDS, ...ERRORS, ...MORE]
