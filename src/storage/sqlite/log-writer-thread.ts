import { parentPort, workerData } from 'node:worker_threads'
import type { ExchangeBatch } from '../../contract/exchange-row.ts'
import { join } from 'node:path'
import type { LogSettings } from '../log-store.ts'
import { SearchIndexer } from './search-indexer.ts'
import { LogWriter } from './write-log.ts'

/** The log's own thread: takes batches, answers with what became of them. */

export type WriterRequest =
  | { readonly kind: 'batch'; readonly batch: ExchangeBatch }
  | { readonly kind: 'configure'; readonly settings: LogSettings }
  | { readonly kind: 'prune'; readonly before: string }
  | { readonly kind: 'close' }

export type WriterReply =
  | {
      readonly kind: 'written'
      readonly rows: number
      readonly bytes: number
      readonly stored: number
      readonly bodiesDropped: number
      readonly spare: ArrayBuffer
    }
  | { readonly kind: 'fault'; readonly fault: string }
  | { readonly kind: 'pruned' }
  | { readonly kind: 'closed' }

const PRUNE_MS = 3_600_000
const INDEX_MS = 1_000
/** Of every second at most so much goes into the index. */
const INDEX_WORK_MS = 250
const BUSY_ROWS = 300
/** The same rate in the time that goes into the index. */
const BURST_ROWS = (BUSY_ROWS * INDEX_WORK_MS) / INDEX_MS

const { dataDir, settings } = workerData as { dataDir: string; settings: LogSettings }
const writer = new LogWriter(dataDir, settings, () => Date.now())
const reply = (message: WriterReply, transfer: ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, transfer)
writer.prune()
const pruning = setInterval(() => writer.prune(), PRUNE_MS)
const indexer = new SearchIndexer(join(dataDir, 'logs'))
/** Rows since the last look: while many arrive, indexing waits. */
let rowsLately = 0
const indexing = setInterval(indexWhileQuiet, INDEX_MS)
let nextStep: NodeJS.Immediate | undefined

function indexWhileQuiet(): void {
  const isBusy = rowsLately > BUSY_ROWS
  rowsLately = 0
  if (!isBusy) indexUntil(performance.now() + INDEX_WORK_MS)
}

/** Between two steps the thread listens: a burst that begins must not wait, nor pay, for the index. */
function indexUntil(end: number): void {
  if (waiting.length > 0 || rowsLately > BURST_ROWS || performance.now() >= end) return
  try {
    if (indexer.step()) nextStep = setImmediate(indexUntil, end)
  } catch {
    // A locked or full disk: the next look finds the same rows again.
  }
}

/** What the disk has not taken yet. The main thread bounds it: it counts what is not acknowledged. */
const waiting: ExchangeBatch[] = []
let retrying: NodeJS.Timeout | undefined

/** Writes what waits, in order; stops at a fault and tries again later. */
function writeWaiting(): void {
  clearTimeout(retrying)
  for (let batch = waiting[0]; batch !== undefined; batch = waiting[0]) {
    const { stored, bodiesDropped, fault } = writer.write(batch)
    if (fault !== null) {
      reply({ kind: 'fault', fault })
      retrying = setTimeout(writeWaiting, Math.max(MS_MIN, writer.retryMs))
      return
    }
    waiting.shift()
    acknowledge(batch, stored, bodiesDropped)
  }
}

const MS_MIN = 20

/** The buffer goes back to be filled again. */
function acknowledge(
  { rows, bodies, bytes }: ExchangeBatch,
  stored: number,
  bodiesDropped: number,
): void {
  const written: WriterReply = {
    kind: 'written',
    rows: rows.length,
    bytes,
    stored,
    bodiesDropped,
    spare: bodies,
  }
  reply(written, [bodies])
}

parentPort?.on('message', (request: WriterRequest) => {
  switch (request.kind) {
    case 'batch':
      waiting.push(request.batch)
      rowsLately += request.batch.rows.length
      // While the disk is at fault the next try is on its way already.
      if (waiting.length === 1) writeWaiting()
      return
    case 'configure':
      return writer.configure(request.settings)
    case 'prune':
      writer.pruneBefore(request.before)
      return reply({ kind: 'pruned' })
    case 'close':
      clearInterval(pruning)
      clearInterval(indexing)
      clearImmediate(nextStep)
      writeWaiting()
      clearTimeout(retrying)
      for (const batch of waiting) acknowledge(batch, 0, 0)
      writer.close()
      reply({ kind: 'closed' })
      parentPort?.close()
  }
})
