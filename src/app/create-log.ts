import pino, { type Logger } from 'pino'
import type { Recorder } from '../telemetry/recorder.ts'
import type { AppOptions } from './app-options.ts'

/** Written in blocks: a system call per line would cost more than the routing of a request. */
const BUFFER_BYTES = 4096
const FLUSH_MS = 200
const BUFFERED_MAX = 4 * 1024 * 1024

/** The operational log on standard output: JSON lines, or lines for people on a terminal. */
export function createLog({
  logLevel,
  logFormat,
}: Pick<AppOptions, 'logLevel' | 'logFormat'>): Logger {
  const destination = pino.destination({
    dest: 1,
    sync: false,
    minLength: BUFFER_BYTES,
    periodicFlush: FLUSH_MS,
    // Lines beyond that are dropped where nobody takes them.
    maxLength: BUFFERED_MAX,
  })
  // A log that cannot be written, on a full disk or where its reader left, is no reason to stop serving.
  destination.on('error', () => {})
  const settings = {
    level: logLevel,
    base: null,
    formatters: { level: (level: string) => ({ level }) },
  }
  if (logFormat === 'json') return pino(settings, destination)
  return pino(settings, { write: (line: string) => destination.write(prettyLine(line)) })
}

/** Adds one structured line per request to a recorder. Bodies never appear in it. */
export function logRequests(recorder: Recorder, log: Logger): Recorder {
  if (!log.isLevelEnabled('info')) return recorder
  return {
    record: (exchange) => {
      recorder.record(exchange)
      const { route, timings } = exchange
      log.info({
        request_id: exchange.id,
        key: exchange.keyName,
        tier: route.tier,
        reason: route.reason,
        asked: exchange.asked,
        served: exchange.served,
        attempts: exchange.attempts.length,
        status: exchange.status,
        error: exchange.errorCode,
        ttft_ms: timings.firstTokenMs,
        total_ms: timings.totalMs,
        tokens: exchange.usage?.totalTokens,
      })
    },
  }
}

interface Line {
  readonly level: string
  readonly time: number
  readonly msg?: string
  readonly [field: string]: unknown
}

function prettyLine(line: string): string {
  const { level, time, msg = '', ...rest } = JSON.parse(line) as Line
  const clock = new Date(time).toISOString().slice(11, 19)
  const fields = Object.entries(rest)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}=${shown(value)}`)
  const text = [msg, ...fields].filter((part) => part !== '').join('  ')
  return `${clock} ${level.padEnd(5)} ${text}\n`
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 10) / 10)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
