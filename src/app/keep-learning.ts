import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { Promotion } from '../classify/learning/promotion.ts'
import { threadFile } from '../kit/thread-file.ts'
import type { Learning } from './learning.ts'
import type { LearningFault } from './learning-fault.ts'
import type { RefitNews, RefitOrder } from './refit-thread.ts'

const LOOK_MS = 3_600_000

interface LearningParts {
  readonly learning: Learning
  readonly dataDir: string
  readonly log: Logger
  readonly isEnabled: () => boolean
  readonly onFault: (fault: LearningFault) => void
}

/** Once an hour, where enough was taught since the last time, fits the correction anew. */
export function keepLearning(parts: LearningParts, everyMs = LOOK_MS): { stop: () => void } {
  const { learning, dataDir, log, isEnabled, onFault } = parts
  let seenBytes = 0
  let isStopped = false
  let worker: Worker | null = null
  const hear = (news: RefitNews): void => {
    if (news.kind === 'fault') onFault(news.fault)
    else log.info({ result: said(news.result) }, 'learning')
  }
  const look = async (): Promise<void> => {
    if (!isEnabled()) return
    await learning.flush()
    const bytes = await learning.bytes()
    if (bytes === seenBytes || worker !== null || isStopped) return
    seenBytes = bytes
    worker = new Worker(threadFile(import.meta.url, 'refit-thread'), {
      workerData: { dataDir } satisfies RefitOrder,
    })
    worker.unref()
    worker.on('message', hear)
    worker.on('error', (error: Error) => log.warn({ err: error }, 'learning failed'))
    worker.on('exit', () => (worker = null))
  }
  const looking = setInterval(() => void look(), everyMs)
  looking.unref()
  return {
    stop: () => {
      isStopped = true
      clearInterval(looking)
      void worker?.terminate()
    },
  }
}

/** What the log says of a refit; the numbers of a correction are no reading. */
function said(result: Promotion): object {
  return result.kind === 'too_few' ? result : { kind: result.kind, ...result.report }
}
