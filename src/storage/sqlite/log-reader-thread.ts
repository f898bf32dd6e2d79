import { parentPort, workerData } from 'node:worker_threads'
import type { LogQuery, StatsQuery } from '../log-store.ts'
import { getLog, listLog } from './read-log.ts'
import { readStats } from './read-stats.ts'

/** The thread that answers questions about the log. */

export type ReaderRequest = { readonly id: number } & (
  | { readonly kind: 'list'; readonly query: LogQuery }
  | { readonly kind: 'get'; readonly exchangeId: string }
  | { readonly kind: 'stats'; readonly query: StatsQuery }
)

export interface ReaderReply {
  readonly id: number
  readonly value: unknown
  readonly error: string | null
}

const { dataDir } = workerData as { dataDir: string }

parentPort?.on('message', (request: ReaderRequest) => {
  try {
    parentPort?.postMessage({ id: request.id, value: answer(request), error: null })
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    parentPort?.postMessage({ id: request.id, value: null, error: text })
  }
})

function answer(request: ReaderRequest): unknown {
  switch (request.kind) {
    case 'list':
      return listLog(dataDir, request.query)
    case 'get':
      return getLog(dataDir, request.exchangeId)
    case 'stats':
      return readStats(dataDir, request.query)
  }
}
