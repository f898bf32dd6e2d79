import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { framingFault } from './framing.ts'
import type { BodyResult, Inbound, Listener } from './transport.ts'

export interface ListenOptions {
  readonly host: string
  readonly port: number
  readonly onCall: (inbound: Inbound) => void
  /** The bytes of an answer to a request that is not HTTP or over a limit. */
  readonly renderProtocolError: (status: number) => Buffer
}

/** Slow heads and bodies are cut (slowloris); kept-alive connections outlive a balancer's. */
const HEADERS_MS = 10_000
const REQUEST_MS = 120_000
const KEEP_ALIVE_MS = 75_000
const CHECK_MS = 2_000
const HEADER_BYTES_MAX = 16 * 1024
/** How often connections that fell idle while draining are closed. */
const IDLE_CHECK_MS = 50
const CONNECTIONS_MAX = 10_000
/** How much of a body that is too large is read and thrown away before the client is cut. */
const DISCARD_FACTOR = 2

/** Binds and serves. Rejects with the system's error (EADDRINUSE, EACCES, …). */
export async function listen(options: ListenOptions): Promise<Listener> {
  const refused = new WeakSet<Socket>()
  const server = createServer(
    {
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_MS,
      maxHeaderSize: HEADER_BYTES_MAX,
      requireHostHeader: true,
    },
    (request, response) => {
      // What follows on a connection that was refused is not a request but the rest of the trick.
      if (refused.has(request.socket)) return
      const fault = framingFault(request)
      if (fault === null) {
        options.onCall(new NodeInbound(request, response))
        return
      }
      refused.add(request.socket)
      answerProtocolError(request.socket, fault, options.renderProtocolError)
    },
  )
  // Node would close these without a word.
  const refuse = (request: IncomingMessage): void =>
    answerProtocolError(request.socket, 405, options.renderProtocolError)
  server.on('connect', refuse)
  // Node would drop the surplus silently; the gateway counts and refuses (16 KiB bound them).
  server.maxHeadersCount = 0
  server.maxConnections = CONNECTIONS_MAX
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    answerProtocolError(socket as Socket, protocolStatus(error), options.renderProtocolError)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const address = server.address() as AddressInfo
  return {
    host: options.host,
    port: address.port,
    stop: () => stop(server),
    destroy: () => server.closeAllConnections(),
  }
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS)
    server.close(() => {
      clearInterval(sweep)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function protocolStatus(error: NodeJS.ErrnoException): number {
  if (error.code === 'HPE_HEADER_OVERFLOW') return 431
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  return 400
}

function answerProtocolError(
  socket: Socket,
  status: number,
  render: (status: number) => Buffer,
): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const body = render(status)
  socket.end(
    `HTTP/1.1 ${status} Error\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body.toString()}`,
  )
}

/** Up to here a copy costs less than a second piece. */
const ONE_PIECE_BYTES_MAX = 16 * 1024

class NodeInbound implements Inbound {
  readonly raw: { readonly request: IncomingMessage; readonly response: ServerResponse }
  readonly method: string
  readonly path: string
  sentHeaders: readonly string[] = []
  gone = false
  #gone: (() => void) | null = null
  #endless = false

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.raw = { request, response }
    this.method = request.method ?? 'GET'
    const url = request.url ?? '/'
    const query = url.indexOf('?')
    this.path = query < 0 ? url : url.slice(0, query)
    response.sendDate = false
    response.on('close', () => {
      if (response.writableFinished) return
      this.gone = true
      this.#gone?.()
    })
    // A reset after the answer began is reported by 'close'; unhandled it would end the process.
    response.on('error', () => {})
    request.on('error', () => {})
  }

  get headerCount(): number {
    return this.raw.request.rawHeaders.length / 2
  }

  get remoteAddress(): string {
    return this.raw.request.socket.remoteAddress ?? ''
  }

  get headers(): readonly string[] {
    return this.raw.request.rawHeaders
  }

  header(name: string): string | undefined {
    const value = this.raw.request.headers[name]
    return typeof value === 'string' ? value : value?.[0]
  }

  readBody(limitBytes: number): Promise<BodyResult> {
    const { request } = this.raw
    const announced = Number(request.headers['content-length'] ?? 0)
    if (announced > limitBytes * DISCARD_FACTOR) {
      this.#endless = true
      return Promise.resolve({ kind: 'too_large', bytes: announced })
    }
    return new Promise((resolve) => {
      const pieces: Buffer[] = []
      let bytes = 0
      request.on('data', (piece: Buffer) => {
        bytes += piece.length
        if (bytes <= limitBytes) pieces.push(piece)
        else if (pieces.length > 0) pieces.length = 0
        if (bytes <= limitBytes * DISCARD_FACTOR) return
        this.#endless = true
        resolve({ kind: 'too_large', bytes })
      })
      request.on('end', () => {
        if (bytes > limitBytes) resolve({ kind: 'too_large', bytes })
        else resolve({ kind: 'body', bytes: joined(pieces) })
      })
      request.on('close', () => resolve({ kind: 'closed' }))
    })
  }

  onGone(listener: () => void): void {
    this.#gone = listener
    if (this.gone) listener()
  }

  respond(status: number, headers: readonly string[], body: Buffer): void {
    this.sentHeaders = headers
    const { response } = this.raw
    if (this.gone || response.headersSent) return
    response.writeHead(status, [...headers, 'content-length', String(body.length)])
    // Node joins a head with a text, and writes them as two pieces where the body is a buffer.
    if (body.length <= ONE_PIECE_BYTES_MAX) response.end(body.toString('latin1'), 'latin1')
    else response.end(body)
    // Node discards what is left of a body; of one without end this waits no longer.
    if (this.#endless) this.raw.request.socket.destroySoon()
  }

  begin(status: number, headers: readonly string[]): void {
    this.sentHeaders = headers
    if (this.gone) return
    this.raw.response.writeHead(status, headers as string[])
    this.raw.response.socket?.setNoDelay(true)
  }

  write(bytes: Buffer): boolean {
    return this.gone || this.raw.response.write(bytes)
  }

  onDrain(listener: () => void): void {
    this.raw.response.once('drain', listener)
  }

  end(): void {
    if (!this.gone) this.raw.response.end()
  }

  destroy(): void {
    this.raw.response.destroy()
  }
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)
}
