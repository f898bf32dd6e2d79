import { parentPort, workerData } from 'node:worker_threads'
import type { LogFilter, LogQuery, StatsQuery } from '../log-store.ts'
import { getLog, listLog } from './read-log.ts'
import { readStats } from './read-stats.ts'
import { readKeyUsage, readOverview, readRuleHits } from './read-overview.ts'
import { readDays } from './read-days.ts'
import { summariseLog } from './summarise-log.ts'

/** The thread that answers questions about the log. */

export type ReaderQuestion =
  | { readonly kind: 'list'; readonly query: LogQuery }
  | { readonly kind: 'get'; readonly exchangeId: string }
  | { readonly kind: 'stats'; readonly query: StatsQuery }
  | { readonly kind: 'summary'; readonly filter: LogFilter; readonly points: number }
  | { readonly kind: 'overview' | 'keyUsage' | 'ruleHits'; readonly query: StatsQuery }
  | { readonly kind: 'days' }

export type ReaderRequest = { readonly id: number } & ReaderQuestion

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
    case 'summary':
      return summariseLog(dataDir, request.filter, request.points)
    case 'overview':
      return readOverview(dataDir, request.query)
    case 'keyUsage':
      return readKeyUsage(dataDir, request.query)
    case 'ruleHits':
      return readRuleHits(dataDir, request.query)
    case 'days':
      return readDays(dataDir)
  }
}
