import { Worker } from 'node:worker_threads'
import type {
  KeyUsage,
  LogDay,
  LogFilter,
  LogOverview,
  LogPage,
  LogQuery,
  LogReader,
  LogStats,
  LogSummary,
  RuleHit,
  StatsQuery,
} from '../log-store.ts'
import type { ReaderQuestion, ReaderReply, ReaderRequest } from './log-reader-thread.ts'
import { threadFile } from '../../kit/thread-file.ts'

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Starts its thread with the first question: a gateway nobody looks at does not pay for it. */
export class LogReaderClient implements LogReader {
  readonly #dataDir: string
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | null = null
  #lastId = 0

  constructor(dataDir: string) {
    this.#dataDir = dataDir
  }

  list(query: LogQuery): Promise<LogPage> {
    return this.#ask({ kind: 'list', query }) as Promise<LogPage>
  }

  get(id: string): ReturnType<LogReader['get']> {
    return this.#ask({ kind: 'get', exchangeId: id }) as ReturnType<LogReader['get']>
  }

  stats(query: StatsQuery): Promise<LogStats> {
    return this.#ask({ kind: 'stats', query }) as Promise<LogStats>
  }

  summary(filter: LogFilter, points: number): Promise<LogSummary> {
    return this.#ask({ kind: 'summary', filter, points }) as Promise<LogSummary>
  }

  overview(query: StatsQuery): Promise<LogOverview> {
    return this.#ask({ kind: 'overview', query }) as Promise<LogOverview>
  }

  keyUsage(query: StatsQuery): Promise<readonly KeyUsage[]> {
    return this.#ask({ kind: 'keyUsage', query }) as Promise<readonly KeyUsage[]>
  }

  ruleHits(query: StatsQuery): Promise<readonly RuleHit[]> {
    return this.#ask({ kind: 'ruleHits', query }) as Promise<readonly RuleHit[]>
  }

  days(): Promise<readonly LogDay[]> {
    return this.#ask({ kind: 'days' }) as Promise<readonly LogDay[]>
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #ask(question: ReaderQuestion): Promise<unknown> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.#worker ??= this.#start()
      this.#worker.postMessage({ id, ...question } satisfies ReaderRequest)
    })
  }

  #start(): Worker {
    const worker = new Worker(threadFile(import.meta.url, 'log-reader-thread'), {
      workerData: { dataDir: this.#dataDir },
    })
    worker.on('message', ({ id, value, error }: ReaderReply) => {
      const pending = this.#pending.get(id)
      this.#pending.delete(id)
      if (error === null) pending?.resolve(value)
      else pending?.reject(new Error(error))
    })
    const fail = (error: Error): void => {
      this.#worker = null
      for (const pending of this.#pending.values()) pending.reject(error)
      this.#pending.clear()
    }
    worker.on('error', fail)
    worker.on('exit', () => fail(new Error('the log reader stopped')))
    worker.unref()
    return worker
  }
}
