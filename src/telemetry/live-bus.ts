import type { Exchange } from '../contract/exchange.ts'
import type { RowCost } from '../contract/exchange-row.ts'

export type LiveListener = (exchange: Exchange, cost: RowCost) => void

/** Finished exchanges for those who watch. Costs nothing while nobody does. */
export class LiveBus {
  readonly #listeners = new Set<LiveListener>()

  get isWatched(): boolean {
    return this.#listeners.size > 0
  }

  /** Returns the means to stop listening. */
  subscribe(listener: LiveListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  publish(exchange: Exchange, cost: RowCost): void {
    for (const listener of this.#listeners) listener(exchange, cost)
  }
}
