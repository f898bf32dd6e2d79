import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { EXPIRED, GOOD, SELF_SIGNED, WRONG_NAME } from './certificates.ts'
import { completion, type Stage } from './stage.ts'

/** One way in which a secure connection does not come to be, on a listener of its own. */
export interface TlsFault {
  readonly name: string
  /** Whether the gateway trusts the drill's authority. */
  readonly trusted: boolean
  readonly listen: () => Server
}

export interface TlsProvider {
  readonly baseUrl: string
  close(): Promise<void>
}

const raw =
  (play: (socket: Socket) => void): (() => Server) =>
  () =>
    createServer((socket) => {
      socket.on('error', () => {})
      play(socket)
    })

function secured(options: TlsOptions, play: (socket: Socket) => void): () => Server {
  return () => {
    const server = createTlsServer(options, (socket) => {
      socket.on('error', () => {})
      play(socket)
    })
    server.on('tlsClientError', () => {})
    return server
  }
}

const PLAIN = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}'

/** A whole answer, to show that the certificate alone was the reason. */
function respond(socket: Socket): void {
  socket.once('data', () => {
    const stage = { body: {}, label: 'tls/model' } as Stage
    const body = JSON.stringify(completion(stage))
    socket.end(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  })
}

export const TLS_FAULTS: readonly TlsFault[] = [
  { name: 'tls-silence', trusted: true, listen: raw(() => {}) },
  { name: 'tls-reset', trusted: true, listen: raw((socket) => socket.resetAndDestroy()) },
  { name: 'tls-close', trusted: true, listen: raw((socket) => socket.end()) },
  {
    name: 'tls-reset-in-handshake',
    trusted: true,
    listen: raw((socket) => socket.once('data', () => socket.resetAndDestroy())),
  },
  { name: 'tls-plain-http', trusted: true, listen: raw((socket) => socket.end(PLAIN)) },
  {
    name: 'tls-garbage',
    trusted: true,
    listen: raw((socket) => socket.end(Buffer.alloc(512, 0x7a))),
  },
  { name: 'tls-unknown-authority', trusted: false, listen: secured(GOOD, respond) },
  { name: 'tls-self-signed', trusted: true, listen: secured(SELF_SIGNED, respond) },
  { name: 'tls-expired', trusted: true, listen: secured(EXPIRED, respond) },
  { name: 'tls-wrong-name', trusted: true, listen: secured(WRONG_NAME, respond) },
  {
    name: 'tls-old-version',
    trusted: true,
    listen: secured({ ...GOOD, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }, respond),
  },
  {
    name: 'tls-close-after-handshake',
    trusted: true,
    listen: secured(GOOD, (socket) => socket.end()),
  },
  {
    name: 'tls-silence-after-handshake',
    trusted: true,
    listen: secured(GOOD, () => {}),
  },
  { name: 'tls-fine', trusted: true, listen: secured(GOOD, respond) },
]

export async function startTlsProvider(fault: TlsFault): Promise<TlsProvider> {
  const server = fault.listen()
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `https://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
