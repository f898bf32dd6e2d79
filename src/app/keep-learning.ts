import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { Promotion } from '../classify/learning/promotion.ts'
import { threadFile } from '../kit/thread-file.ts'
import type { Learning } from './learning.ts'
import type { RefitOrder } from './refit-thread.ts'

const LOOK_MS = 3_600_000
/** Fewer new lessons would fit the same correction again. */
const NEW_LESSONS_MIN = 50

interface LearningParts {
  readonly learning: Learning
  readonly dataDir: string
  readonly log: Logger
  readonly isEnabled: () => boolean
}

/** Once an hour, where enough was taught since the last time, fits the correction anew. */
export function keepLearning(parts: LearningParts, everyMs = LOOK_MS): { stop: () => void } {
  const { learning, dataDir, log, isEnabled } = parts
  let fitted = learning.status().lessons
  let worker: Worker | null = null
  const look = (): void => {
    if (!isEnabled() || worker !== null) return
    const { lessons } = learning.status()
    if (lessons - fitted < NEW_LESSONS_MIN) return
    fitted = lessons
    worker = new Worker(threadFile(import.meta.url, 'refit-thread'), {
      workerData: { dataDir } satisfies RefitOrder,
    })
    worker.unref()
    worker.on('message', (result: Promotion) => log.info({ result: said(result) }, 'learning'))
    worker.on('error', (error: Error) => log.warn({ err: error }, 'learning failed'))
    worker.on('exit', () => (worker = null))
  }
  const looking = setInterval(look, everyMs)
  looking.unref()
  return {
    stop: () => {
      clearInterval(looking)
      void worker?.terminate()
    },
  }
}

/** What the log says of a refit; the numbers of a correction are no reading. */
function said(result: Promotion): object {
  return result.kind === 'too_few' ? result : { kind: result.kind, ...result.report }
}
