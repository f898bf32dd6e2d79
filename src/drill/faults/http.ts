import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import {
  allEvents,
  ANSWER,
  answer,
  chunked,
  completion,
  type Expected,
  type Fault,
  head,
  LAST_CHUNK,
  type Play,
  respond,
  type Stage,
  STREAM_HEAD,
} from '../stage.ts'

function http(name: string, play: Play, expected: Expected = 'answer'): Fault {
  return { name: `http-${name}`, level: 'http', play, stream: expected, whole: expected }
}

function json(stage: Stage): Buffer {
  return Buffer.from(JSON.stringify(completion(stage)))
}

/** The answer in the form that was asked for, as body bytes and content type. */
function plain(stage: Stage): [body: Buffer, type: string] {
  return stage.stream
    ? [Buffer.from(allEvents(stage).join('')), 'text/event-stream']
    : [json(stage), 'application/json']
}

function encoded(encoding: string, encode: (body: Buffer) => Buffer): Play {
  return (stage) => {
    const [body, type] = plain(stage)
    respond(stage, 200, encode(body), { 'content-type': type, 'content-encoding': encoding })
  }
}

function withHead(headers: (stage: Stage) => string): Play {
  return (stage) => {
    const body = json(stage)
    stage.send(Buffer.concat([Buffer.from(headers(stage)), body]))
    stage.close()
  }
}

const JSON_TYPE = 'content-type: application/json\r\n'
const ok = (headers: string): string => `HTTP/1.1 200 OK\r\n${JSON_TYPE}${headers}\r\n`
const length = (stage: Stage): string => `content-length: ${json(stage).length}\r\n`

function before(prefix: string): Play {
  return (stage) => {
    stage.send(prefix)
    return answer(stage)
  }
}

/** A chunked JSON answer whose chunks are written by hand. */
function chunks(write: (body: Buffer) => string | Buffer): Play {
  return (stage) => {
    stage.send(head(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }))
    stage.send(write(json(stage)))
    setTimeout(() => stage.close(), 20)
  }
}

const bomb = (): Buffer => gzipSync(Buffer.alloc(80 * 1024 * 1024, 0x20))

export const HTTP_FAULTS: readonly Fault[] = [
  http('100-continue', before('HTTP/1.1 100 Continue\r\n\r\n')),
  http('100-continue-3', before('HTTP/1.1 100 Continue\r\n\r\n'.repeat(3))),
  http('103-early-hints', before('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n')),
  http('100-continue-100', before('HTTP/1.1 100 Continue\r\n\r\n'.repeat(100))),
  http('garbage', (stage) => {
    stage.send('\u0000\u0001\u0002 this is not HTTP at all\r\n\r\n')
    stage.close()
  }),
  http(
    'garbage-status-line',
    withHead(() => `HTTP/9.9 banana\r\n\r\n`),
  ),
  http('smtp-greeting', (stage) => stage.send('220 mail.example ESMTP\r\n')),
  http(
    'status-000',
    withHead(() => `HTTP/1.1 000 \r\n\r\n`),
  ),
  http(
    'status-99',
    withHead(() => `HTTP/1.1 99 Odd\r\n\r\n`),
  ),
  http(
    'no-reason',
    withHead((stage) => `HTTP/1.1 200\r\n${JSON_TYPE}${length(stage)}\r\n`),
  ),
  http(
    'http-1.0',
    withHead((stage) => `HTTP/1.0 200 OK\r\n${JSON_TYPE}${length(stage)}\r\n`),
  ),
  http(
    'headers-20k',
    withHead((stage) => ok(`x-pad: ${'x'.repeat(20_000)}\r\n${length(stage)}`)),
  ),
  http(
    'headers-200k',
    withHead((stage) => ok(`x-pad: ${'x'.repeat(200_000)}\r\n${length(stage)}`)),
  ),
  http(
    'headers-300',
    withHead((stage) =>
      ok(Array.from({ length: 300 }, (_, n) => `x-${n}: ${n}\r\n`).join('') + length(stage)),
    ),
  ),
  http(
    'header-with-cr',
    withHead((stage) => ok(`x-odd: a\rb\r\n${length(stage)}`)),
  ),
  http(
    'header-with-nul',
    withHead((stage) => ok(`x-odd: a\u0000b\r\n${length(stage)}`)),
  ),
  http(
    'set-cookie',
    withHead((stage) => ok(`set-cookie: secret=1; Path=/\r\n${length(stage)}`)),
  ),
  http(
    'length-twice',
    withHead((stage) => ok(length(stage) + length(stage))),
  ),
  http(
    'lengths-differ',
    withHead((stage) => ok(`${length(stage)}content-length: 5\r\n`)),
  ),
  http(
    'length-short',
    withHead((stage) => ok(`content-length: ${json(stage).length - 40}\r\n`)),
  ),
  http(
    'length-long',
    withHead((stage) => ok(`content-length: ${json(stage).length + 40}\r\n`)),
  ),
  http(
    'length-negative',
    withHead(() => ok('content-length: -5\r\n')),
  ),
  http(
    'length-and-chunked',
    withHead((s) => ok(`${length(s)}transfer-encoding: chunked\r\n`)),
  ),
  http(
    'chunk-size-bad',
    chunks((body) => `zz\r\n${body.toString()}\r\n0\r\n\r\n`),
  ),
  http('chunk-extension', (stage) => {
    const body = json(stage)
    stage.send(head(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }))
    stage.send(`${body.length.toString(16)};name=value\r\n${body.toString()}\r\n0\r\n\r\n`)
    stage.done()
  }),
  http(
    'chunk-last-missing',
    chunks((body) => chunked(body.subarray(0, -20))),
  ),
  http(
    'chunk-cut',
    chunks((body) => chunked(body).subarray(0, 60)),
  ),
  http('trailers', (stage) => {
    stage.send(head(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }))
    stage.send(Buffer.concat([chunked(json(stage)), Buffer.from('0\r\nx-sum: 1\r\n\r\n')]))
    stage.done()
  }),
  http(
    'close-delimited',
    withHead(() => ok('connection: close\r\n')),
  ),
  http('close-delimited-cut', (stage) => {
    stage.send(ok('connection: close\r\n'))
    stage.send(json(stage).subarray(0, 80))
    stage.close()
  }),
  http('close-delimited-reset', (stage) => {
    stage.send(ok('connection: close\r\n'))
    stage.send(json(stage).subarray(0, 80))
    setTimeout(() => stage.reset(), 20)
  }),
  http('gzip', encoded('gzip', gzipSync)),
  http('brotli', encoded('br', brotliCompressSync)),
  http('deflate', encoded('deflate', deflateSync)),
  http(
    'gzip-in-name-only',
    encoded('gzip', (body) => body),
  ),
  http(
    'gzip-cut',
    encoded('gzip', (body) => gzipSync(body).subarray(0, 60)),
  ),
  http(
    'gzip-twice',
    encoded('gzip, gzip', (body) => gzipSync(gzipSync(body))),
  ),
  http(
    'gzip-bomb',
    encoded('gzip', () => bomb()),
  ),
  http(
    'unknown-encoding',
    encoded('rot13', (body) => body),
  ),
  http('empty-200', (stage) => respond(stage, 200, '')),
  http('204', (stage) => {
    stage.send('HTTP/1.1 204 No Content\r\n\r\n')
    stage.done()
  }),
  http('204-with-body', (stage) => {
    stage.send(`HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello`)
    stage.close()
  }),
  http('206', (stage) => respond(stage, 206, json(stage))),
  http('html-200', (stage) =>
    respond(stage, 200, '<!doctype html><title>Maintenance</title>', {
      'content-type': 'text/html',
    }),
  ),
  http('html-as-json', (stage) => respond(stage, 200, '<html><body>Sign in</body></html>')),
  http('text-plain', (stage) => respond(stage, 200, json(stage), { 'content-type': 'text/plain' })),
  http(
    'no-content-type',
    withHead((stage) => `HTTP/1.1 200 OK\r\n${length(stage)}\r\n`),
  ),
  http('utf-16', (stage) =>
    respond(stage, 200, Buffer.from(JSON.stringify(completion(stage)), 'utf16le'), {
      'content-type': 'application/json; charset=utf-16',
    }),
  ),
  http('early-answer-then-close', (stage) => {
    respond(stage, 200, json(stage), { connection: 'close' })
    stage.close()
  }),
  http('pipelined-junk', (stage) => {
    respond(stage, 200, json(stage))
    stage.send('HTTP/1.1 500 Oops\r\ncontent-length: 3\r\n\r\nbad')
  }),
  http('stream-cut-in-chunk', (stage) => {
    stage.send(STREAM_HEAD)
    const text = allEvents(stage).join('')
    stage.send(`ffff\r\n${text.slice(0, 900)}`)
    setTimeout(() => stage.reset(), 20)
  }),
  http('stream-last-chunk-missing', (stage) => {
    stage.send(STREAM_HEAD)
    stage.send(chunked(allEvents(stage).join('')))
    setTimeout(() => stage.close(), 20)
  }),
  http('stream-extra-after-end', (stage) => {
    stage.send(STREAM_HEAD)
    stage.send(chunked(allEvents(stage).join('')))
    stage.send(`${LAST_CHUNK}${ANSWER}`)
    stage.close()
  }),
]
