const WAIT_MS_MAX = 5_000
/** More than this waiting for one provider gain nothing by waiting. */
const WAITERS_MAX = 200

interface Waiter {
  readonly isFree: () => boolean
  readonly settle: (got: boolean) => void
}

/** Requests that wait until a provider at its limit has room, first come first served. */
export class SlotQueue {
  readonly #waiters = new Map<string, Waiter[]>()

  /** Resolves to false where the wait was too long, the queue too full, or the client left. */
  wait(provider: string, isFree: () => boolean, limitMs: number): Waiting {
    const waiters = this.#waiters.get(provider) ?? []
    this.#waiters.set(provider, waiters)
    let cancel = (): void => {}
    const done = new Promise<boolean>((resolve) => {
      if (waiters.length >= WAITERS_MAX) return resolve(false)
      const settle = (got: boolean): void => {
        clearTimeout(timer)
        const at = waiters.indexOf(waiter)
        if (at >= 0) waiters.splice(at, 1)
        resolve(got)
      }
      const timer = setTimeout(() => settle(false), Math.min(limitMs, WAIT_MS_MAX))
      const waiter: Waiter = { isFree, settle }
      waiters.push(waiter)
      cancel = () => settle(false)
    })
    return { done, cancel: () => cancel() }
  }

  /** A request at the provider ended. */
  release(provider: string): void {
    const waiters = this.#waiters.get(provider)
    if (waiters === undefined) return
    const next = waiters.find((waiter) => waiter.isFree())
    next?.settle(true)
    if (waiters.length === 0) this.#waiters.delete(provider)
  }
}

export interface Waiting {
  readonly done: Promise<boolean>
  readonly cancel: () => void
}
