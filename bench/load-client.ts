import { connect, type Socket } from 'node:net'
import { requestBody, type Workload, WORKLOADS } from './workloads.ts'

/**
 * A closed-loop load generator on raw sockets, in a process of its own. Takes commands as lines
 * `{"workload","port","path","seconds"}` on standard input, answers each with a line of figures.
 */

export interface LoadFigures {
  readonly requests: number
  readonly errors: number
  /** Milliseconds per request; for paced streams, per chunk. */
  readonly p50: number
  readonly p99: number
  readonly chunks: number
  readonly seconds: number
}

interface Command {
  readonly workload: string
  readonly port: number
  readonly path: string
  readonly seconds: number
}

class Tally {
  readonly latencies: number[] = []
  requests = 0
  errors = 0
  chunks = 0
  over = false

  figures(seconds: number): LoadFigures {
    const sorted = Float64Array.from(this.latencies).sort()
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    const { requests, errors, chunks } = this
    return { requests, errors, chunks, seconds, p50: at(0.5), p99: at(0.99) }
  }
}

function requestBytes(workload: Workload, path: string): Buffer {
  const body = Buffer.from(requestBody(workload))
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer sr-bench-key-0001\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

/** One connection that asks again as soon as it is answered. */
function loop(port: number, bytes: Buffer, tally: Tally): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let received = ''
  let startedAt = 0
  const ask = (): void => {
    received = ''
    startedAt = performance.now()
    socket.write(bytes)
  }
  socket.setEncoding('latin1')
  socket.on('connect', ask)
  socket.on('data', (text: string) => {
    received = received.length > 65_536 ? received.slice(-4_096) + text : received + text
    if (!isComplete(received)) return
    if (tally.over) return
    if (received.startsWith('HTTP/1.1 200')) tally.requests++
    else tally.errors++
    tally.latencies.push(performance.now() - startedAt)
    ask()
  })
  socket.on('error', () => tally.errors++)
  return socket
}

/** A body with a length, or a stream that ended with `[DONE]` and the last chunk. */
function isComplete(text: string): boolean {
  if (text.endsWith('0\r\n\r\n')) return text.includes('[DONE]')
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1]
  const head = text.indexOf('\r\n\r\n')
  return length !== undefined && head >= 0 && text.length >= head + 4 + Number(length)
}

/** One paced stream: counts its chunks and how late each one is. */
function listen(port: number, bytes: Buffer, tally: Tally): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.setEncoding('latin1')
  socket.on('connect', () => socket.write(bytes))
  socket.on('data', (text: string) => {
    if (tally.over) return
    const now = Number(process.hrtime.bigint()) / 1e6
    for (const match of text.matchAll(/"at":(\d+\.\d+)/g)) {
      tally.chunks++
      tally.latencies.push(now - Number(match[1]))
    }
  })
  socket.on('error', () => tally.errors++)
  return socket
}

const RAMP_MS = 2_500

async function run({ workload: name, port, path, seconds }: Command): Promise<void> {
  const workload = WORKLOADS.find((candidate) => candidate.name === name)
  if (workload === undefined) throw new Error(`no workload ${name}`)
  const bytes = requestBytes(workload, path)
  const tally = new Tally()
  const open = workload.kind === 'requests' ? loop : listen
  const sockets = Array.from({ length: workload.connections }, () => open(port, bytes, tally))
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
  await sleep(workload.kind === 'streams' ? RAMP_MS : 300)
  process.stdout.write('{"started":true}\n')
  tally.latencies.length = 0
  tally.requests = 0
  tally.chunks = 0
  const startedAt = performance.now()
  await sleep(seconds * 1_000)
  tally.over = true
  const figures = tally.figures((performance.now() - startedAt) / 1_000)
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  await sleep(50)
  for (const socket of sockets) socket.destroy()
}

process.stdin.setEncoding('utf8')
process.stdin.on('data', (line: string) => void run(JSON.parse(line) as Command))
