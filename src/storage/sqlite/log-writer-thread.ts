import { parentPort, workerData } from 'node:worker_threads'
import type { ExchangeBatch } from '../../contract/exchange-row.ts'
import type { LogSettings } from '../log-store.ts'
import { LogWriter } from './write-log.ts'

/** The log's own thread: takes batches, answers with what became of them. */

export type WriterRequest =
  | { readonly kind: 'batch'; readonly batch: ExchangeBatch }
  | { readonly kind: 'configure'; readonly settings: LogSettings }
  | { readonly kind: 'close' }

export type WriterReply =
  | {
      readonly kind: 'written'
      readonly rows: number
      readonly bytes: number
      readonly stored: number
      readonly fault: string | null
      readonly spare: ArrayBuffer
    }
  | { readonly kind: 'closed' }

const PRUNE_MS = 3_600_000

const { dataDir, settings } = workerData as { dataDir: string; settings: LogSettings }
const writer = new LogWriter(dataDir, settings, () => Date.now())
const reply = (message: WriterReply): void => parentPort?.postMessage(message)
writer.prune()
const pruning = setInterval(() => writer.prune(), PRUNE_MS)

parentPort?.on('message', (request: WriterRequest) => {
  switch (request.kind) {
    case 'batch': {
      const { rows, bodies, bytes } = request.batch
      const { stored, fault } = writer.write(request.batch)
      const written: WriterReply = {
        kind: 'written',
        rows: rows.length,
        bytes,
        stored,
        fault,
        spare: bodies,
      }
      // The buffer goes back to be filled again.
      return parentPort?.postMessage(written, [bodies])
    }
    case 'configure':
      return writer.configure(request.settings)
    case 'close':
      clearInterval(pruning)
      writer.close()
      reply({ kind: 'closed' })
      parentPort?.close()
  }
})
