import type { Exchange } from '../contract/exchange.ts'
import {
  encodeRow,
  type ExchangeBatch,
  type ExchangeRow,
  responseLength,
  type RowCost,
} from '../contract/exchange-row.ts'
import type { LiveBus } from './live-bus.ts'
import type { Metrics } from './metrics.ts'
import type { Recorder } from './recorder.ts'
import type { RateWindow } from './rate-window.ts'

/** Where batches go: the log's thread. It acknowledges what it has taken over. */
interface BatchSink {
  post(batch: ExchangeBatch): void
  /** A buffer of an earlier batch that may be used again, or null. */
  takeSpare(bytes: number): ArrayBuffer | null
  /** Called with the rows and body bytes that are no longer waiting. */
  onAcknowledged(listener: (rows: number, bytes: number) => void): void
}

export interface RecorderDeps {
  readonly sink: BatchSink
  readonly metrics: Metrics
  readonly window: RateWindow
  readonly live: LiveBus
  readonly costOf: (exchange: Exchange) => RowCost
}

const FLUSH_MS = 50
const BATCH_ROWS = 200
const BATCH_BYTES = 4 * 1024 * 1024
const WAITING_ROWS_MAX = 10_000
const WAITING_BYTES_MAX = 64 * 1024 * 1024

/**
 * Hands finished exchanges to the log in batches. Bounded in rows and bytes: under pressure the
 * bodies go first, then the rows, and both are counted.
 */
export class ExchangeRecorder implements Recorder {
  readonly #deps: RecorderDeps
  #rows: ExchangeRow[] = []
  #bodies: Uint8Array[] = []
  #bodyBytes = 0
  #timer: NodeJS.Timeout | undefined
  /** Rows and bytes that wait here or are not yet acknowledged. */
  #waitingRows = 0
  #waitingBytes = 0

  constructor(deps: RecorderDeps) {
    this.#deps = deps
    deps.sink.onAcknowledged((rows, bytes) => {
      this.#waitingRows -= rows
      this.#waitingBytes -= bytes
    })
  }

  get depth(): number {
    return this.#waitingRows
  }

  record(exchange: Exchange): void {
    const { metrics, window, live, costOf } = this.#deps
    const cost = costOf(exchange)
    metrics.count(exchange, cost)
    window.count(exchange.at)
    if (live.isWatched) live.publish(exchange, cost)
    this.#enqueue(exchange, cost)
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#rows.length === 0) return
    const bytes = this.#bodyBytes
    // Fresh memory costs a page fault every 4 KiB; a used buffer costs none.
    const spare = this.#deps.sink.takeSpare(bytes)
    const packed = spare === null ? Buffer.allocUnsafeSlow(bytes) : Buffer.from(spare)
    let at = 0
    for (const body of this.#bodies) {
      packed.set(body, at)
      at += body.byteLength
    }
    const batch = { rows: this.#rows, bodies: packed.buffer, bytes }
    this.#rows = []
    this.#bodies = []
    this.#bodyBytes = 0
    this.#deps.sink.post(batch)
  }

  #enqueue(exchange: Exchange, cost: RowCost): void {
    const { metrics } = this.#deps
    if (this.#waitingRows >= WAITING_ROWS_MAX) {
      metrics.dropRow()
      return
    }
    const { request, response } = exchange.bodies
    const bytes = (request?.byteLength ?? 0) + (response === null ? 0 : responseLength(response))
    const fits = this.#waitingBytes + bytes <= WAITING_BYTES_MAX
    if (!fits) metrics.dropBodies()
    this.#rows.push(encodeRow(exchange, cost, fits))
    this.#waitingRows++
    if (fits) this.#keep(request, response, bytes)
    if (this.#rows.length >= BATCH_ROWS || this.#bodyBytes >= BATCH_BYTES) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS)
  }

  #keep(request: Uint8Array | null, response: readonly Uint8Array[] | null, bytes: number): void {
    if (request !== null) this.#bodies.push(request)
    if (response !== null) this.#bodies.push(...response)
    this.#bodyBytes += bytes
    this.#waitingBytes += bytes
  }
}
