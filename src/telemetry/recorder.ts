import type { Exchange } from '../contract/exchange.ts'

/** Where finished exchanges go. Never blocks, never throws, never slows a request. */
export interface Recorder {
  record(exchange: Exchange): void
}
