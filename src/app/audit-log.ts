import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import type { Exchange } from '../contract/exchange.ts'
import { LogReaderClient } from '../storage/sqlite/log-reader-client.ts'
import { LogWriterClient } from '../storage/sqlite/log-writer-client.ts'
import type { LogSettings } from '../storage/log-store.ts'
import { ExchangeRecorder } from '../telemetry/exchange-recorder.ts'
import { LiveBus } from '../telemetry/live-bus.ts'
import { Metrics } from '../telemetry/metrics.ts'
import { RateWindow } from '../telemetry/rate-window.ts'
import { costOf } from './cost-of.ts'

/** Facts about requests, from the data plane to memory, watchers and disk. */
export class AuditLog {
  readonly metrics = new Metrics()
  readonly window = new RateWindow()
  readonly live = new LiveBus()
  readonly reader: LogReaderClient
  readonly recorder: ExchangeRecorder
  readonly #writer: LogWriterClient
  readonly #log: Logger
  /** Why the log cannot be written at the moment, or null. */
  fault: string | null = null
  /** Rows that are on disk, since the start. */
  stored = 0

  constructor(dataDir: string, current: () => Snapshot, log: Logger) {
    this.#log = log
    this.#writer = new LogWriterClient(dataDir, settingsOf(current()))
    this.reader = new LogReaderClient(dataDir)
    this.recorder = new ExchangeRecorder({
      sink: {
        post: (batch) => this.#writer.post(batch),
        takeSpare: (bytes) => this.#writer.takeSpare(bytes),
        onAcknowledged: (listener) => this.#listen(listener),
      },
      metrics: this.metrics,
      window: this.window,
      live: this.live,
      costOf: (exchange: Exchange) => costOf(current(), exchange),
    })
  }

  configure(snapshot: Snapshot): void {
    this.#writer.configure(settingsOf(snapshot))
  }

  /** Deletes the days before this one, `YYYY-MM-DD`. */
  pruneBefore(day: string): Promise<void> {
    return this.#writer.pruneBefore(day)
  }

  /** Everything recorded is on disk when this resolves. */
  async close(): Promise<void> {
    this.recorder.flush()
    await this.#writer.close()
    await this.reader.close()
  }

  #listen(acknowledge: (rows: number, bytes: number) => void): void {
    this.#writer.listen({
      onWritten: ({ rows, bytes, stored, bodiesDropped }) => {
        acknowledge(rows, bytes)
        this.stored += stored
        if (stored < rows) this.metrics.dropRow(rows - stored)
        if (bodiesDropped > 0) this.metrics.dropBodies(bodiesDropped)
        if (stored > 0) this.#report(null)
      },
      onFault: (fault) => this.#report(fault),
    })
  }

  #report(fault: string | null): void {
    if (fault !== null && fault !== this.fault)
      this.#log.error({ fault }, 'the log cannot be written')
    if (fault === null && this.fault !== null) this.#log.info('the log can be written again')
    this.fault = fault
  }
}

function settingsOf({ logs, secrets }: Snapshot): LogSettings {
  return { bodies: logs.bodies, retentionDays: logs.retentionDays, secrets }
}
