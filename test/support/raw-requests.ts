/** A request as bytes, and whether it could hide a second one. */
export interface RawRequest {
  readonly name: string
  readonly bytes: Buffer
}

const body = (model: string): string =>
  JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] })

/** What must never be seen upstream: a request inside the body of another. */
const HIDDEN = `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body('fake/smuggled').length}\r\n\r\n${body('fake/smuggled')}`

const OPEN =
  'POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
const OUTER = body('fake/outer')
const CHUNKED = `${OUTER.length.toString(16)}\r\n${OUTER}\r\n0\r\n\r\n`

function raw(name: string, text: string): RawRequest {
  return { name, bytes: Buffer.from(text, 'latin1') }
}

/** Ways to say "chunked" that two parsers may read differently. */
const ENCODINGS = [
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding: chunked\x0b',
  'Transfer-Encoding: "chunked"',
  "Transfer-Encoding: 'chunked'",
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity, chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, gzip',
  'Transfer-Encoding: chunked;q=1',
  'Transfer-Encoding: chunk',
  'Transfer-Encoding: chunkedx',
  'Transfer-Encoding:',
  'Transfer-Encoding: ,chunked',
  'Transfer-Encoding: chunked,',
  'Transfer-Encoding: chunked chunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
  ' Transfer-Encoding: chunked',
  'X: y\r\n Transfer-Encoding: chunked',
  'X: y\nTransfer-Encoding: chunked',
  'X: y\rTransfer-Encoding: chunked',
  'Transfer-Encoding\r\n: chunked',
  'Transfer-Encoding\x00: chunked',
  'Transfer_Encoding: chunked',
  'transfer-encoding: CHUNKED',
  'Transfer-Encoding: \x00chunked',
  'Transfer-Encoding: chu\r\n nked',
  'Transfer-Encoding: chunked\xa0',
  'Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: deflate',
  'Transfer-Encoding: identity',
]

const LENGTHS = [
  '+5',
  '-5',
  '5, 5',
  '5,6',
  '5 5',
  '0x5',
  '5.0',
  '5e0',
  '05',
  '',
  ' ',
  '\t5',
  '5\t',
  '5\x0b',
  'five',
  '99999999999999999999',
  '1_0',
  '5;5',
  '٥',
  '5\x00',
  '18446744073709551621',
  "'5'",
  '"5"',
  '5\r\nContent-Length: 6',
  `${OUTER.length}\r\nContent-Length: ${OUTER.length + HIDDEN.length}`,
  `${OUTER.length}, ${OUTER.length + HIDDEN.length}`,
]

const LINES = [
  'POST /v1/chat/completions HTTP/0.9',
  'POST /v1/chat/completions HTTP/1.2',
  'POST /v1/chat/completions HTTP/2.0',
  'POST /v1/chat/completions HTTP/3',
  'POST /v1/chat/completions',
  'POST  /v1/chat/completions HTTP/1.1',
  'POST /v1/chat/completions  HTTP/1.1',
  'POST\t/v1/chat/completions\tHTTP/1.1',
  'post /v1/chat/completions HTTP/1.1',
  'P\x00ST /v1/chat/completions HTTP/1.1',
  'POST /v1/chat/comp\x00letions HTTP/1.1',
  ' POST /v1/chat/completions HTTP/1.1',
  'POST http://other.example/v1/chat/completions HTTP/1.1',
  'POST //v1/chat/completions HTTP/1.1',
  'POST /v1/chat/completions HTTP/1.1 extra',
  'POST /v1/chat/completions HTTPS/1.1',
  'POST /v1/chat/completions http/1.1',
  'TRACE /v1/chat/completions HTTP/1.1',
  'CONNECT localhost:80 HTTP/1.1',
  'BREW /v1/chat/completions HTTP/1.1',
  'PROPFIND / HTTP/1.1',
  'PRI * HTTP/2.0',
  'POST * HTTP/1.1',
  'POST \x7f HTTP/1.1',
  'POST /v1/chat/completions HTTP/1.',
  'POST /v1/chat/completions HTTP/11',
  'POST /v1/chat/completions HTTP/1.1\x00',
  'POST /v1/chat/completions#x HTTP/1.1',
  'POST /v1/../v1/chat/completions HTTP/1.1',
  'POST /v1/chat/completions;x HTTP/1.1',
  'POST /v1/chat%2fcompletions HTTP/1.1',
]

const HEADERS = [
  'Host: localhost\r\nHost: localhost',
  'Host: localhost\r\nHost: other',
  'X: y',
  'Host: ',
  'Host: a b',
  'Host: localhost, other',
  'Host: localhost\r\nX\x00: y',
  'Host: localhost\r\nX: \x00',
  'Host: localhost\r\nX: a\rb',
  'Host: localhost\r\n: empty',
  'Host: localhost\r\nno-colon',
  'Host: localhost\r\nX: é',
  'Host: localhost\r\nX(: y',
  'Host: localhost\r\n X: y',
  'Host: localhost\r\nExpect: 100-continue',
  'Host: localhost\r\nExpect: 200-ok',
  'Host: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings',
  'Host: localhost\r\nConnection: Content-Length',
  'Host: localhost\r\nContent-Encoding: gzip',
  'Host: localhost\r\nX-HTTP-Method-Override: GET',
  `Host: localhost\r\n${'X: y\r\n'.repeat(200)}X: z`,
  `Host: localhost\r\nX: ${'y'.repeat(40_000)}`,
]

const CHUNKS = [
  `zz\r\n${OUTER}\r\n0\r\n\r\n`,
  `-1\r\n${OUTER}\r\n0\r\n\r\n`,
  `0x10\r\n${OUTER}\r\n0\r\n\r\n`,
  `${OUTER.length.toString(16)};a=b\r\n${OUTER}\r\n0\r\n\r\n`,
  `${OUTER.length.toString(16)} \r\n${OUTER}\r\n0\r\n\r\n`,
  `${OUTER.length.toString(16)}\n${OUTER}\n0\n\n`,
  `ffffffffffffffffff\r\n${OUTER}\r\n0\r\n\r\n`,
  `${OUTER.length.toString(16)}\r\n${OUTER}X\r\n0\r\n\r\n`,
  `${OUTER.length.toString(16)}\r\n${OUTER}\r\n0\r\nX: y\r\n\r\n`,
  `${(OUTER.length - 3).toString(16)}\r\n${OUTER}\r\n0\r\n\r\n`,
  `0${OUTER.length.toString(16)}\r\n${OUTER}\r\n0\r\n\r\n`,
  `0\r\n\r\n`,
  `\r\n${OUTER}\r\n0\r\n\r\n`,
  `${OUTER.length.toString(16)}\r\n${OUTER}\r\n00000\r\n\r\n`,
]

/**
 * Payloads that have fooled pairs of HTTP parsers: each carries a second request where only one of
 * them would look for it.
 */
export const RAW_REQUESTS: readonly RawRequest[] = [
  ...ENCODINGS.flatMap((encoding, index) => [
    raw(
      `cl.te ${index}`,
      `${OPEN}Content-Length: ${CHUNKED.length + HIDDEN.length}\r\n${encoding}\r\n\r\n${CHUNKED}${HIDDEN}`,
    ),
    raw(
      `te.cl ${index}`,
      `${OPEN}${encoding}\r\nContent-Length: ${OUTER.length}\r\n\r\n${OUTER}${HIDDEN}`,
    ),
    raw(`te ${index}`, `${OPEN}${encoding}\r\n\r\n${CHUNKED}`),
  ]),
  ...LENGTHS.map((length, index) =>
    raw(`length ${index}`, `${OPEN}Content-Length: ${length}\r\n\r\n${OUTER}`),
  ),
  ...LINES.map((line, index) =>
    raw(
      `line ${index}`,
      `${line}\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${OUTER.length}\r\n\r\n${OUTER}`,
    ),
  ),
  ...HEADERS.map((header, index) =>
    raw(
      `header ${index}`,
      `POST /v1/chat/completions HTTP/1.1\r\n${header}\r\nContent-Type: application/json\r\nContent-Length: ${OUTER.length}\r\n\r\n${OUTER}`,
    ),
  ),
  ...CHUNKS.map((chunks, index) =>
    raw(`chunk ${index}`, `${OPEN}Transfer-Encoding: chunked\r\n\r\n${chunks}`),
  ),
  raw(
    'http/1.0 chunked',
    `${OPEN.replace('1.1', '1.0')}Transfer-Encoding: chunked\r\n\r\n${CHUNKED}${HIDDEN}`,
  ),
  raw(
    'get with body',
    `GET /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  ),
  raw(
    'head with body',
    `HEAD /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  ),
  raw(
    'binary noise',
    String.fromCharCode(...Array.from({ length: 4_000 }, (_, n) => (n * 7919) % 256)),
  ),
  raw('tls hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
]
