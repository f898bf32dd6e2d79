import { allEvents, chunk, event, type Fault } from '../stage.ts'
import { sse } from './sse-fault.ts'

function rewritten(name: string, change: (text: string) => string | Buffer): Fault {
  return sse(name, (stage) => [change(allEvents(stage).join(''))])
}

/** The same answer in every form that the format allows, and some that it does not. */
export const FORM_FAULTS: readonly Fault[] = [
  rewritten('lf', (text) => text),
  rewritten('crlf', (text) => text.replaceAll('\n', '\r\n')),
  rewritten('cr', (text) => text.replaceAll('\n', '\r')),
  rewritten('mixed-line-ends', (text) =>
    text
      .split('\n\n')
      .map((block, index) => block + ['\n\n', '\r\n\r\n', '\r\r'][index % 3])
      .join(''),
  ),
  rewritten('no-space', (text) => text.replaceAll('data: ', 'data:')),
  rewritten('two-spaces', (text) => text.replaceAll('data: ', 'data:  ')),
  rewritten('multi-line-data', (text) => text.replaceAll('"choices":', '\ndata: "choices":')),
  rewritten('comments', (text) => text.replaceAll('data: ', ': OPENROUTER PROCESSING\n\ndata: ')),
  rewritten('comment-in-event', (text) => text.replaceAll('data: ', ': note\ndata: ')),
  rewritten('event-names', (text) => text.replaceAll('data: ', 'event: message\ndata: ')),
  rewritten('retry-field', (text) => `retry: 3000\n\n${text}`),
  rewritten('id-with-nul', (text) => text.replaceAll('data: ', 'id: a\u0000b\ndata: ')),
  rewritten('unknown-fields', (text) => text.replaceAll('data: ', 'foo: bar\ndata: ')),
  rewritten('bom', (text) => `\ufeff${text}`),
  rewritten('blank-storm', (text) => '\n'.repeat(10_000) + text.replaceAll('\n\n', '\n\n\n\n\n')),
  rewritten('no-final-blank-line', (text) => text.trimEnd()),
  rewritten('invalid-utf8-comment', (text) =>
    Buffer.concat([Buffer.from([0x3a, 0xff, 0xfe, 0x0a, 0x0a]), Buffer.from(text)]),
  ),
  sse('split-at-every-byte', (stage) =>
    [...Buffer.from(allEvents(stage).join(''))].map((byte) => Buffer.from([byte])),
  ),
  sse('event-of-1mb', (stage) => [
    event({ ...chunk(stage, { role: 'assistant' }), pad: 'x'.repeat(1024 * 1024) }),
    ...allEvents(stage),
  ]),
]
