import { join } from 'node:path'
import { loadConfigText } from '../config/load.ts'
import type { Problem } from '../config/problem.ts'
import type { StoredExchange } from '../contract/exchange-row.ts'
import { systemClock } from '../kit/clock.ts'
import { type LogFilter, NO_FILTER } from '../storage/log-store.ts'
import { daysOf, eachExchange, getLog } from '../storage/sqlite/read-log.ts'
import { UndiciDispatcher } from '../transport/undici-dispatcher.ts'
import type { AppOptions } from './app-options.ts'
import { buildClassifiers, learntIn } from './classifiers.ts'
import { isChat, type Replay, Replayer } from './replayer.ts'

/** The newest requests of a period; null: no bound. */
interface Wanted {
  readonly count: number
  readonly fromMs: number | null
  readonly toMs: number | null
}

export type ReplayResult =
  | { readonly kind: 'replayed'; readonly replay: Replay }
  | { readonly kind: 'invalid_config'; readonly problems: readonly Problem[] }
  /** The configuration draws tiers at random: any flow would be made up. */
  | { readonly kind: 'routing_disabled' }
  | { readonly kind: 'no_log' }

/** Rows that are looked at for chat requests. */
const LOOKED_AT_MAX = 200_000

/** Routes logged requests anew. No model is called: a cascade decides by its local part. */
export async function replayLog(
  options: Pick<AppOptions, 'configText' | 'configPath' | 'language' | 'env' | 'dataDir'>,
  wanted: Wanted,
): Promise<ReplayResult> {
  const { dataDir } = options
  const loaded = loadConfigText(options.configText, options)
  if (!loaded.ok) return { kind: 'invalid_config', problems: loaded.problems }
  if (!loaded.snapshot.routing.enabled) return { kind: 'routing_disabled' }
  if (daysOf(join(dataDir, 'logs'), NO_FILTER).length === 0) return { kind: 'no_log' }
  const dispatcher = new UndiciDispatcher()
  const classifiers = buildClassifiers(dispatcher, systemClock, learntIn(dataDir))
  const replayer = new Replayer(loaded.snapshot, classifiers)
  for (const exchange of newestChats(dataDir, wanted)) {
    await replayer.add(exchange, getLog(dataDir, exchange.id)?.bodies.request ?? null)
  }
  await dispatcher.close()
  return { kind: 'replayed', replay: replayer.result }
}

function* newestChats(dataDir: string, wanted: Wanted): Generator<StoredExchange> {
  const { fromMs, toMs } = wanted
  const filter: LogFilter = { ...NO_FILTER, fromMs, toMs }
  let left = wanted.count
  for (const { exchange } of eachExchange(dataDir, filter, LOOKED_AT_MAX)) {
    if (!isChat(exchange)) continue
    yield exchange
    left--
    if (left === 0) return
  }
}
