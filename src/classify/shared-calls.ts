/** What a call brought. `isFirst`: nobody else has taken the result, so this one accounts for it. */
export interface Heard<T> {
  readonly value: T
  readonly isFirst: boolean
}

interface Running<T> {
  readonly result: Promise<T>
  readonly stop: AbortController
  callers: number
  isHeard: boolean
}

/**
 * One call for all who want the same at the same time. A key is kept while its call runs and
 * somebody waits for it; the call is stopped when the last of them has left.
 */
export class SharedCalls<T> {
  readonly #running = new Map<string, Running<T>>()

  /** Null where the caller left before the call ended. `start` never rejects and ends when stopped. */
  async join(
    key: string,
    signal: AbortSignal,
    start: (signal: AbortSignal) => Promise<T>,
  ): Promise<Heard<T> | null> {
    if (signal.aborted) return null
    const running = this.#running.get(key) ?? this.#begin(key, start)
    running.callers++
    const left = new AbortController()
    const value = await Promise.race([
      running.result.then((result) => ({ result })),
      aborted(signal, left.signal),
    ])
    left.abort()
    running.callers--
    if (value === null) {
      if (running.callers === 0) this.#stop(key, running)
      return null
    }
    const isFirst = !running.isHeard
    running.isHeard = true
    return { value: value.result, isFirst }
  }

  #begin(key: string, start: (signal: AbortSignal) => Promise<T>): Running<T> {
    const stop = new AbortController()
    const result = start(stop.signal).finally(() => this.#forget(key, running))
    const running: Running<T> = { result, stop, callers: 0, isHeard: false }
    this.#running.set(key, running)
    return running
  }

  #stop(key: string, running: Running<T>): void {
    this.#forget(key, running)
    running.stop.abort()
  }

  /** Under its key another call may run by now. */
  #forget(key: string, running: Running<T>): void {
    if (this.#running.get(key) === running) this.#running.delete(key)
  }
}

/** Listens no longer than until `done`: a signal may outlive the call by far. */
function aborted(signal: AbortSignal, done: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true, signal: done })
  })
}
