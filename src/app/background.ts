import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import { type ConfigWatcher, watchConfig } from '../config/watch.ts'
import type { GatewayDeps } from '../gateway/gateway-deps.ts'
import type { ControlStore } from '../storage/control-store.ts'
import { StateFile } from '../storage/state-file.ts'
import type { AppOptions } from './app-options.ts'
import type { AuditLog } from './audit-log.ts'
import { keepHealth } from './keep-health.ts'
import { keepLearning } from './keep-learning.ts'
import { logFaults } from './learning-fault.ts'
import type { Learning } from './learning.ts'
import type { LiveConfig } from './live-config.ts'
import { watchLoad } from './watch-load.ts'

export interface BackgroundParts {
  readonly options: AppOptions
  readonly config: LiveConfig
  readonly audit: AuditLog
  readonly keys: ControlStore
  readonly log: Logger
  readonly gateway: GatewayDeps
  readonly learning: Learning
}

const KEYS_REFRESH_MS = 500
const KEYS_NOTE_MS = 60_000

/** What goes on beside requests: a changed file, keys changed by the CLI, health, load. */
export class Background {
  readonly #parts: BackgroundParts
  readonly #ends: (() => void)[] = []
  #watcher: ConfigWatcher | null = null

  constructor(parts: BackgroundParts) {
    this.#parts = parts
  }

  start(): void {
    const { options, config, audit, keys, log, gateway, learning } = this.#parts
    config.onTaken((snapshot) => {
      audit.configure(snapshot)
      warmClassifier(gateway, snapshot)
    })
    warmClassifier(gateway, config.current)
    if (options.configPath !== null) this.follow(options.configPath)
    const refreshing = setInterval(() => keys.refresh(), KEYS_REFRESH_MS)
    const noting = setInterval(() => keys.noteUse(Date.now()), KEYS_NOTE_MS)
    const memory = keepHealth(
      gateway.guards.health,
      new StateFile(join(options.dataDir, 'health.json')),
    )
    const lessons = keepLearning({
      learning,
      dataDir: options.dataDir,
      log,
      isEnabled: () => config.current.routing.learning.enabled,
      onFault: logFaults(log, options.language),
    })
    const gauge = watchLoad((overload) => {
      if (overload !== null && gateway.admission.overload === null)
        log.warn({ overload }, 'shedding')
      gateway.admission.overload = overload
    })
    this.#ends.push(() => {
      clearInterval(refreshing)
      clearInterval(noting)
      keys.noteUse(Date.now())
      memory.stop()
      gauge.stop()
      lessons.stop()
    })
  }

  /** Applies what is written into a configuration file from now on. */
  follow(path: string): void {
    this.#watcher?.close()
    this.#watcher = watchConfig(path, (text) => this.#take(text))
  }

  reload(): void {
    this.#watcher?.reload()
  }

  stop(): void {
    this.#watcher?.close()
    for (const end of this.#ends) end()
  }

  #take(text: string): void {
    const { config, audit, log } = this.#parts
    const result = config.take(text)
    if (result.ok) {
      audit.metrics.countReload('applied')
      log.info({ revision: result.snapshot.revision }, 'configuration applied')
      return
    }
    audit.metrics.countReload('refused')
    const problems = result.problems.map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    )
    log.error({ problems }, 'configuration refused; the last good version stays')
  }
}

function warmClassifier({ classifiers }: GatewayDeps, { routing }: Snapshot): void {
  classifiers[routing.classifier]?.warm?.()
}
