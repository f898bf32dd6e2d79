import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { LogReader } from '../storage/log-store.ts'
import type { LiveBus } from '../telemetry/live-bus.ts'
import type { Health, LogRow } from '../contract/api/shapes.ts'
import { liveRow } from './log-view.ts'

export interface LiveDeps {
  readonly live: LiveBus
  readonly logs: LogReader
  readonly qps: () => number
  readonly health: () => Health
}

const COUNTERS_MS = 1_000
/** A watcher that reads too slowly loses the oldest events, not the gateway its memory. */
const WAITING_MAX = 500

/** Sends each finished request and, every second, the counters, until the watcher leaves. */
export function streamLive(c: Context, { live, qps, health }: LiveDeps): Response {
  return streamSSE(c, async (stream) => {
    let waiting: LogRow[] = []
    const stop = live.subscribe((exchange, cost) => {
      waiting.push(liveRow(exchange, cost))
      if (waiting.length > WAITING_MAX) waiting.shift()
      wake()
    })
    let wake = (): void => {}
    stream.onAbort(() => {
      stop()
      wake()
    })
    let nextCounters = 0
    while (!stream.aborted && health().status !== 'draining') {
      const rows = waiting
      waiting = []
      for (const row of rows)
        await stream.writeSSE({ event: 'exchange', data: JSON.stringify(row) })
      if (performance.now() >= nextCounters) {
        const { inflight, log } = health()
        await stream.writeSSE({
          event: 'counters',
          data: JSON.stringify({ qps: qps(), inflight, log }),
        })
        nextCounters = performance.now() + COUNTERS_MS
      }
      if (waiting.length > 0) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(1, nextCounters - performance.now()))
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    stop()
  })
}
