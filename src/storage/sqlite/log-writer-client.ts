import { Worker } from 'node:worker_threads'
import type { ExchangeBatch } from '../../contract/exchange-row.ts'
import type { LogSettings } from '../log-store.ts'
import type { WriterReply, WriterRequest } from './log-writer-thread.ts'
import { threadFile } from '../../kit/thread-file.ts'

export interface LogWriterEvents {
  /** What no longer waits; fewer stored than taken means that rows were dropped. */
  onWritten(written: Written): void
  /** The disk takes nothing at the moment: what was posted waits. */
  onFault(fault: string): void
}

interface Written {
  readonly rows: number
  readonly bytes: number
  readonly stored: number
  readonly bodiesDropped: number
}

/** Retention also works in a gateway that nobody uses. */
const IDLE_PRUNE_MS = 3_600_000
const SPARES_MAX = 3
const SPARE_BYTES_MAX = 8 * 1024 * 1024

/**
 * The main thread's end of the writer. The thread starts with the first batch, because an idle
 * gateway needs none, and is started anew should it ever die.
 */
export class LogWriterClient {
  readonly #dataDir: string
  #settings: LogSettings
  #events: LogWriterEvents | null = null
  #worker: Worker | null = null
  #closed: (() => void) | null = null
  readonly #spares: ArrayBuffer[] = []
  readonly #pruned: (() => void)[] = []
  /** What the thread has not acknowledged: lost with it if it dies. */
  #sent: { rows: number; bytes: number } = { rows: 0, bytes: 0 }

  constructor(dataDir: string, settings: LogSettings) {
    this.#dataDir = dataDir
    this.#settings = settings
    setTimeout(() => this.#thread(), IDLE_PRUNE_MS).unref()
  }

  listen(events: LogWriterEvents): void {
    this.#events = events
  }

  post(batch: ExchangeBatch): void {
    this.#sent.rows += batch.rows.length
    this.#sent.bytes += batch.bytes
    this.#thread().postMessage({ kind: 'batch', batch } satisfies WriterRequest, [batch.bodies])
  }

  /** Hands out a buffer that is large enough and not wastefully so. */
  takeSpare(bytes: number): ArrayBuffer | null {
    const at = this.#spares.findIndex(({ byteLength }) => byteLength >= bytes)
    return at < 0 ? null : (this.#spares.splice(at, 1)[0] ?? null)
  }

  configure(settings: LogSettings): void {
    this.#settings = settings
    this.#worker?.postMessage({ kind: 'configure', settings } satisfies WriterRequest)
  }

  /** Deletes the days before this one; resolves when they are gone. */
  pruneBefore(day: string): Promise<void> {
    return new Promise((resolve) => {
      this.#pruned.push(resolve)
      this.#thread().postMessage({ kind: 'prune', before: day } satisfies WriterRequest)
    })
  }

  /** Everything posted before is on disk when this resolves. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closed = resolve
      if (this.#worker === null) return resolve()
      // From here on the process must wait for the thread, which it otherwise does not.
      this.#worker.ref()
      this.#worker.postMessage({ kind: 'close' } satisfies WriterRequest)
    })
  }

  #thread(): Worker {
    this.#worker ??= this.#start()
    return this.#worker
  }

  #start(): Worker {
    const worker = new Worker(threadFile(import.meta.url, 'log-writer-thread'), {
      workerData: { dataDir: this.#dataDir, settings: this.#settings },
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    })
    worker.on('message', (reply: WriterReply) => this.#take(reply))
    worker.on('error', (error: Error) => this.#restart(error.message))
    worker.unref()
    return worker
  }

  #take(reply: WriterReply): void {
    if (reply.kind === 'closed') {
      this.#closed?.()
      return
    }
    if (reply.kind === 'pruned') {
      this.#pruned.shift()?.()
      return
    }
    if (reply.kind === 'fault') {
      this.#events?.onFault(reply.fault)
      return
    }
    this.#sent.rows -= reply.rows
    this.#sent.bytes -= reply.bytes
    if (reply.spare.byteLength <= SPARE_BYTES_MAX) this.#spares.push(reply.spare)
    if (this.#spares.length > SPARES_MAX) this.#spares.shift()
    this.#events?.onWritten(reply)
  }

  #restart(fault: string): void {
    const { rows, bytes } = this.#sent
    this.#sent = { rows: 0, bytes: 0 }
    this.#events?.onWritten({ rows, bytes, stored: 0, bodiesDropped: 0 })
    this.#events?.onFault(fault)
    this.#worker = null
    for (const resolve of this.#pruned.splice(0)) resolve()
    this.#closed?.()
  }
}
