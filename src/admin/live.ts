import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Health, LogRow } from '../contract/api/shapes.ts'
import { liveRow } from './log-view.ts'
import type { LiveBus } from '../telemetry/live-bus.ts'

export interface LiveDeps {
  readonly live: LiveBus
  readonly qps: () => number
  readonly health: () => Health
}

/** What one watcher may still see; asked again and again while it watches. */
export type StillAllowed = () => boolean

/** At most four writes a second, each with all that came since: 200 events are not 200 writes. */
const WRITE_MS = 250
const COUNTERS_MS = 1_000
/** Balancers close what is silent. */
const HEARTBEAT_MS = 15_000
/** So soon a watcher whose session was ended sees nothing more. */
const RECHECK_MS = 5_000
/** A watcher that reads too slowly loses the oldest events, not the gateway its memory. */
const WAITING_MAX = 500
/** For watchers whose connection broke: how many events they can catch up with. */
const KEPT_MAX = 500

/**
 * The newest requests, numbered, so that a watcher whose connection broke can go on where it was.
 * It listens from the first watcher on.
 */
export class LiveFeed {
  readonly #kept: { readonly id: number; readonly row: LogRow }[] = []
  #last = 0

  constructor(live: LiveBus) {
    live.subscribe((exchange, cost) => {
      this.#kept.push({ id: ++this.#last, row: liveRow(exchange, cost) })
      if (this.#kept.length > KEPT_MAX) this.#kept.shift()
    })
  }

  get last(): number {
    return this.#last
  }

  /** What came after a number; `missed` is how many of those are no longer kept. */
  since(id: number): {
    readonly rows: readonly { id: number; row: LogRow }[]
    readonly missed: number
  } {
    const all = this.#kept.filter((entry) => entry.id > id)
    const rows = all.slice(-WAITING_MAX)
    return { rows, missed: Math.max(0, this.#last - id - rows.length) }
  }
}

/** Sends each finished request and, every second, the counters, until the watcher leaves. */
export function streamLive(
  c: Context,
  { feed, deps, stillAllowed }: { feed: LiveFeed; deps: LiveDeps; stillAllowed: StillAllowed },
): Response {
  c.header('x-accel-buffering', 'no')
  const resumed = Number(c.req.header('last-event-id') ?? NaN)
  return streamSSE(c, async (stream) => {
    // A number from before a restart is larger than any of now.
    let seen = Number.isInteger(resumed) && resumed <= feed.last ? resumed : feed.last
    let dropped = 0
    let [nextCounters, nextHeartbeat, nextCheck] = [0, HEARTBEAT_MS, RECHECK_MS].map(
      (ms) => performance.now() + ms,
    ) as [number, number, number]
    while (!stream.aborted && deps.health().status !== 'draining') {
      const now = performance.now()
      if (now >= nextCheck) {
        if (!stillAllowed()) return
        nextCheck = now + RECHECK_MS
      }
      const { rows, missed } = feed.since(seen)
      seen = feed.last
      dropped += missed
      let text = rows
        .map(({ id, row }) => `id: ${id}\nevent: exchange\ndata: ${JSON.stringify(row)}\n\n`)
        .join('')
      if (now >= nextCounters) {
        text += `event: counters\ndata: ${JSON.stringify(counters(deps, dropped))}\n\n`
        nextCounters = now + COUNTERS_MS
      }
      if (text === '' && now >= nextHeartbeat) text = ': \n\n'
      if (text !== '') {
        await stream.write(text)
        nextHeartbeat = now + HEARTBEAT_MS
      }
      await stream.sleep(WRITE_MS)
    }
  })
}

function counters({ qps, health }: LiveDeps, dropped: number): object {
  const { inflight, log } = health()
  return { qps: qps(), inflight, log, dropped }
}
