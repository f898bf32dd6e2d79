import { parentPort, workerData } from 'node:worker_threads'
import { refit } from './refit.ts'

/** Fitting takes a second of computing: no request waits for it on a thread of its own. */

export interface RefitOrder {
  readonly dataDir: string
}

parentPort?.postMessage(refit((workerData as RefitOrder).dataDir))
