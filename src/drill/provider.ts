import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { asObject, asText, parseJson } from '../kit/json-value.ts'
import { answer, type Fault, type Stage } from './stage.ts'

/** One request as the provider saw it. */
interface DrillCall {
  readonly label: string
  readonly at: number
  readonly raw: string
  /** When the other side closed the connection before the answer was complete. */
  closedAt: number | null
}

export interface DrillProvider {
  readonly port: number
  /** The base URL under which a provider of the configuration finds it. */
  baseUrl(providerId: string): string
  /** `provider/model` → the fault it has; all others are healthy. */
  readonly faults: Map<string, Fault>
  readonly calls: DrillCall[]
  readonly openConnections: () => number
  close(): Promise<void>
}

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * A provider on a bare socket: it reads HTTP, and writes whatever bytes a fault wants. The path
 * names the provider of the configuration that it stands in for.
 */
export async function startDrillProvider(): Promise<DrillProvider> {
  const faults = new Map<string, Fault>()
  const counts = new Map<string, number>()
  const calls: DrillCall[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    serve(socket, (label, raw, rest) => {
      const fault = faults.get(label)
      const count = counts.get(label) ?? 0
      counts.set(label, count + 1)
      const call: DrillCall = { label, at: performance.now(), raw, closedAt: null }
      calls.push(call)
      const stage = stageOf(socket, { label, raw, count, call, rest })
      void (fault?.play ?? answer)(stage)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    baseUrl: (providerId) => `http://127.0.0.1:${port}/${encodeURIComponent(providerId)}/v1`,
    faults,
    calls,
    openConnections: () => sockets.size,
    close: () => stop(server, sockets),
  }
}

type OnRequest = (label: string, raw: string, next: () => void) => void

/** Reads one request after the other; the next one only after the answer to the last. */
function serve(socket: Socket, onRequest: OnRequest): void {
  let pending: Buffer = Buffer.alloc(0)
  let busy = false
  const look = (): void => {
    if (busy) return
    const end = pending.indexOf(HEAD_END)
    if (end < 0) return
    const text = pending.toString('latin1', 0, end)
    const length = Number(/^content-length:\s*(\d+)/im.exec(text)?.[1] ?? 0)
    const total = end + HEAD_END.length + length
    if (pending.length < total) return
    const raw = pending.toString('utf8', end + HEAD_END.length, total)
    pending = pending.subarray(total)
    busy = true
    const provider = decodeURIComponent(/^\w+ \/([^/]+)\//.exec(text)?.[1] ?? '')
    const model = asText(asObject(parseJson(raw))?.['model']) ?? ''
    onRequest(`${provider}/${model}`, raw, () => {
      busy = false
      look()
    })
  }
  socket.on('data', (bytes: Buffer) => {
    pending = Buffer.concat([pending, bytes])
    look()
  })
}

interface StageParts {
  readonly label: string
  readonly raw: string
  readonly count: number
  readonly call: DrillCall
  readonly rest: () => void
}

function stageOf(socket: Socket, { label, raw, count, call, rest }: StageParts): Stage {
  const body = asObject(parseJson(raw)) ?? {}
  let over = false
  const onClose = (): void => {
    if (!over) call.closedAt = performance.now()
    over = true
  }
  socket.once('close', onClose)
  return {
    body,
    stream: body['stream'] === true,
    label,
    count,
    isClosed: () => socket.destroyed,
    send: (data) => {
      if (!socket.destroyed) socket.write(data)
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer)
          socket.off('close', wake)
          resolve()
        }
        const timer = setTimeout(wake, ms)
        socket.once('close', wake)
      }),
    done: () => {
      over = true
      // The connection goes on to the next call, and that one listens for itself.
      socket.off('close', onClose)
      rest()
    },
    close: () => {
      over = true
      socket.end()
    },
    reset: () => {
      over = true
      socket.resetAndDestroy()
    },
  }
}

function stop(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of sockets) socket.destroy()
  })
}
