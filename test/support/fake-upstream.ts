import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { FAULTS } from './faults.ts'

/** One call that reached the simulated provider. */
export interface UpstreamCall {
  readonly model: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly raw: string
  readonly body: Record<string, unknown>
  readonly startedAt: number
  /** When the gateway closed the connection before the answer was complete. */
  abortedAt: number | null
  finishedAt: number | null
  /** How much of a flood has been taken. */
  sentBytes: number
}

export interface FaultContext {
  readonly call: UpstreamCall
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly socket: Socket
}

export interface FakeUpstream {
  readonly baseUrl: string
  readonly port: number
  readonly calls: UpstreamCall[]
  /** Calls of one model. */
  of(model: string): UpstreamCall[]
  /** Decides per call which fault to play; the model's name by default. */
  script: ((call: UpstreamCall) => string) | null
  close(): Promise<void>
}

/**
 * A simulated OpenAI-compatible provider on a real socket. The model's name selects how it
 * answers (faults.ts); everything it receives is kept byte for byte.
 */
export async function startFakeUpstream(): Promise<FakeUpstream> {
  const calls: UpstreamCall[] = []
  const upstream: { script: FakeUpstream['script'] } = { script: null }
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      const data = [{ id: 'ok', context_length: 8_000 }, { id: 'other' }]
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ object: 'list', data }))
      return
    }
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const raw = Buffer.concat(pieces).toString('utf8')
      const call = record(request, response, raw)
      calls.push(call)
      const fault = upstream.script?.(call) ?? call.model
      const play = FAULTS[fault] ?? FAULTS['ok']
      void play?.({ call, request, response, socket: request.socket })
    })
  })
  server.keepAliveTimeout = 5_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    calls,
    of: (model) => calls.filter((call) => call.model === model),
    get script() {
      return upstream.script
    },
    set script(script) {
      upstream.script = script
    },
    close: () => close(server),
  }
}

function record(request: IncomingMessage, response: ServerResponse, raw: string): UpstreamCall {
  const body = JSON.parse(raw) as Record<string, unknown>
  const call: UpstreamCall = {
    model: String(body['model']),
    path: request.url ?? '',
    headers: request.headers,
    raw,
    body,
    startedAt: performance.now(),
    abortedAt: null,
    finishedAt: null,
    sentBytes: 0,
  }
  response.on('finish', () => {
    call.finishedAt = performance.now()
  })
  response.on('close', () => {
    if (call.finishedAt === null) call.abortedAt = performance.now()
  })
  return call
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
