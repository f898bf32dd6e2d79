import { createServer, type Socket } from 'node:net'
import { RequestReader } from './request-reader.ts'

/**
 * A provider that answers as fast as it can, on raw sockets so that it is never the bottleneck.
 * The first part of the path selects the answer. Prints its port and serves until it is ended.
 */

const PIECES = 60
const CHUNK_TEXT = 'lorem ipsum '

function completion(bytes: number): Buffer {
  const body = JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'bench',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'x'.repeat(bytes - 260) },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 200, completion_tokens: 200, total_tokens: 400 },
  })
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

function event(delta: object, finish: string | null, more = ''): string {
  const choices = JSON.stringify([{ index: 0, delta, finish_reason: finish }])
  return framed(
    `data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"bench"${more},"choices":${choices}}\n\n`,
  )
}

/** One HTTP chunk. */
function framed(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}

const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
const STREAM_END = `${event({}, 'stop')}${framed('data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"bench","choices":[],"usage":{"prompt_tokens":200,"completion_tokens":60,"total_tokens":260}}\n\n')}${framed('data: [DONE]\n\n')}0\r\n\r\n`
const W1 = completion(1_000)
const W2 = completion(2_000)
const PIECE = event({ content: CHUNK_TEXT }, null)

function burst(socket: Socket): void {
  socket.write(STREAM_HEAD)
  let left = PIECES
  const next = (): void => {
    if (socket.destroyed) return
    // Separate writes, a few per turn: bursts as a fast model makes them.
    for (let count = 0; count < 4 && left > 0; count++, left--) socket.write(PIECE)
    if (left > 0) setImmediate(next)
    else socket.write(STREAM_END)
  }
  next()
}

function paced(socket: Socket, perSecond: number, seconds: number): void {
  socket.write(STREAM_HEAD)
  const interval = 1_000 / perSecond
  let left = perSecond * seconds
  const next = (): void => {
    if (socket.destroyed) return
    const now = Number(process.hrtime.bigint()) / 1e6
    socket.write(event({ content: CHUNK_TEXT }, null, `,"at":${now.toFixed(3)}`))
    if (--left > 0) timer = setTimeout(next, interval)
    else socket.write(STREAM_END)
  }
  let timer = setTimeout(next, Math.random() * interval)
  socket.on('close', () => clearTimeout(timer))
}

function answer(socket: Socket, path: string): void {
  if (path.startsWith('/w1/')) socket.write(W1)
  else if (path.startsWith('/w2/')) socket.write(W2)
  else if (path.startsWith('/paced/')) paced(socket, 20, 60)
  else burst(socket)
}

const server = createServer({ noDelay: true }, (socket) => {
  const reader = new RequestReader((path) => answer(socket, path))
  socket.on('data', (bytes: Buffer) => reader.push(bytes))
  socket.on('error', () => socket.destroy())
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`)
})
