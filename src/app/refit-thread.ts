import { parentPort, workerData } from 'node:worker_threads'
import type { Promotion } from '../classify/learning/promotion.ts'
import { Learning } from './learning.ts'
import type { LearningFault } from './learning-fault.ts'
import { refit } from './refit.ts'

/** Reading lessons and fitting take seconds of computing: no request waits for it on a thread of its own. */

export interface RefitOrder {
  readonly dataDir: string
}

export type RefitNews =
  | { readonly kind: 'refitted'; readonly result: Promotion }
  | { readonly kind: 'fault'; readonly fault: LearningFault }

const tell = (news: RefitNews): void => parentPort?.postMessage(news)

const learning = new Learning((workerData as RefitOrder).dataDir, {
  onFault: (fault) => tell({ kind: 'fault', fault }),
})
if (learning.isDue()) tell({ kind: 'refitted', result: refit(learning) })
