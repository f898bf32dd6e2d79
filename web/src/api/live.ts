import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { LogRow } from '@contract/api/shapes.ts'
import { BASE } from './client.ts'

export interface Counters {
  readonly qps: number
  readonly inflight: number
}

export type LiveState = 'connecting' | 'live' | 'offline'

type RowsListener = (rows: readonly LogRow[]) => void

/**
 * One stream of server-sent events for the whole panel, open while anybody listens. Rows are
 * handed on once per frame, so 200 a second cost the page no more than sixty updates.
 */
class Live {
  #source: EventSource | null = null
  #state: LiveState = 'connecting'
  #counters: Counters | null = null
  #waiting: LogRow[] = []
  #frame = 0
  readonly #rows = new Set<RowsListener>()
  readonly #changed = new Set<() => void>()

  readonly state = (): LiveState => this.#state
  readonly counters = (): Counters | null => this.#counters

  readonly onChange = (listener: () => void): (() => void) => {
    this.#changed.add(listener)
    this.#open()
    return () => {
      this.#changed.delete(listener)
      this.#closeIfUnused()
    }
  }

  onRows(listener: RowsListener): () => void {
    this.#rows.add(listener)
    this.#open()
    return () => {
      this.#rows.delete(listener)
      this.#closeIfUnused()
    }
  }

  #open(): void {
    if (this.#source !== null) return
    const source = new EventSource(`${BASE}/live`)
    this.#source = source
    source.addEventListener('open', () => this.#set('live'))
    source.addEventListener('error', () => {
      this.#set('offline')
      // The browser tries again by itself unless it was refused; then we do, more slowly.
      if (source.readyState !== EventSource.CLOSED) return
      this.#source = null
      setTimeout(() => {
        if (this.#rows.size + this.#changed.size > 0) this.#open()
      }, 5_000)
    })
    source.addEventListener('exchange', (event) => {
      this.#waiting.push(JSON.parse((event as MessageEvent<string>).data) as LogRow)
      if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#hand())
    })
    source.addEventListener('counters', (event) => {
      this.#counters = JSON.parse((event as MessageEvent<string>).data) as Counters
      this.#set('live')
    })
  }

  #hand(): void {
    this.#frame = 0
    const rows = this.#waiting
    this.#waiting = []
    for (const listener of this.#rows) listener(rows)
  }

  #set(state: LiveState): void {
    this.#state = state
    for (const listener of this.#changed) listener()
  }

  #closeIfUnused(): void {
    if (this.#rows.size + this.#changed.size > 0) return
    this.#source?.close()
    this.#source = null
    this.#state = 'connecting'
  }
}

const live = new Live()

export function useLiveState(): LiveState {
  return useSyncExternalStore(live.onChange, live.state)
}

export function useCounters(): Counters | null {
  return useSyncExternalStore(live.onChange, live.counters)
}

/** Calls back with each finished request, several at a time, at most once per frame. */
export function useLiveRows(listener: RowsListener, enabled = true): void {
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => {
    if (!enabled) return undefined
    return live.onRows((rows) => latest.current(rows))
  }, [enabled])
}
