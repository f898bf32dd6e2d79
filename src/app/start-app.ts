import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { Accounts } from '../admin/accounts.ts'
import { type LoadedConfig, loadConfigText } from '../config/load.ts'
import type { Problem } from '../config/problem.ts'
import { watchConfig } from '../config/watch.ts'
import { Authenticator } from '../gateway/authenticate.ts'
import type { GatewayDeps } from '../gateway/gateway-deps.ts'
import { renderProtocolError } from '../gateway/render-error.ts'
import { Sessions } from '../gateway/sessions.ts'
import { systemClock } from '../kit/clock.ts'
import { Vault } from '../kit/vault.ts'
import { Admission } from '../resilience/admission.ts'
import { createGuards } from '../resilience/guards.ts'
import { AdminStore } from '../storage/admin-store.ts'
import { ConfigHistory } from '../storage/config-history.ts'
import { ControlStore } from '../storage/control-store.ts'
import { StateFile } from '../storage/state-file.ts'
import { listen } from '../transport/node-listener.ts'
import type { Listener } from '../transport/transport.ts'
import { UndiciDispatcher } from '../transport/undici-dispatcher.ts'
import { adminDeps } from './admin-deps.ts'
import type { AppOptions } from './app-options.ts'
import { AuditLog } from './audit-log.ts'
import { buildClassifiers } from './classifiers.ts'
import { ConfigEditor } from './config-editor.ts'
import { createLog, logRequests } from './create-log.ts'
import { keepHealth } from './keep-health.ts'
import { Learning } from './learning.ts'
import { LiveConfig } from './live-config.ts'
import { watchLoad } from './watch-load.ts'
import { masterKey, masterKeyFile } from './master-key.ts'
import { RunState } from './run-state.ts'
import { Surface } from './surface.ts'

/** A running gateway. */
export interface App {
  readonly host: string
  readonly port: number
  readonly setupToken: string | null
  /** No gateway key is asked for. */
  readonly isOpen: boolean
  readonly log: Logger
  readonly reload: () => void
  /** Readiness fails, open answers may end within the limit, then everything is flushed. */
  drain(): Promise<void>
}

export type StartResult =
  | { readonly kind: 'started'; readonly app: App }
  | { readonly kind: 'invalid_config'; readonly problems: readonly Problem[] }
  | { readonly kind: 'needs_key'; readonly host: string }
  | { readonly kind: 'bad_password'; readonly reason: 'password_too_short' | 'password_too_common' }
  | { readonly kind: 'port_taken'; readonly host: string; readonly port: number }

const KEYS_REFRESH_MS = 500
const KEYS_NOTE_MS = 60_000
/** Between saying "not ready" and refusing connections: a balancer must have time to notice. */
const DRAIN_NOTICE_MS = 200

/** Builds everything and binds. The only place that knows all parts. */
export async function startApp(options: AppOptions): Promise<StartResult> {
  const loaded = loadConfigText(options.configText, options)
  if (!loaded.ok) return { kind: 'invalid_config', problems: loaded.problems }
  const config = new LiveConfig(loaded, { ...options, path: options.configPath })
  const host = options.host ?? loaded.snapshot.server.host
  const port = options.port ?? loaded.snapshot.server.port
  const keys = new ControlStore(join(options.dataDir, 'control.db'))
  const authenticator = new Authenticator(keys)
  if (!isLoopback(host) && authenticator.isOpen(config.current)) return { kind: 'needs_key', host }
  const log = createLog(options)
  const audit = new AuditLog(options.dataDir, () => config.current, log)
  const dispatcher = new UndiciDispatcher()
  const learning = new Learning(options.dataDir)
  const gateway = gatewayDeps(config, { authenticator, audit, dispatcher, log, learning })
  const state = new RunState()
  const { editor, close: closeEditor } = configEditor(options, config)
  const store = new AdminStore(join(options.dataDir, 'admin.db'))
  const accounts = new Accounts(store, () => vaultOf(options), Date.now)
  const refused = await adoptPassword(accounts, options)
  if (refused !== null) {
    store.close()
    return { kind: 'bad_password', reason: refused }
  }
  const admin = adminDeps({
    accounts,
    store,
    editor,
    options,
    config,
    audit,
    gateway,
    state,
    loopbackOnly: isLoopback(host),
  })
  const surface = new Surface({ gateway, admin, audit, state })
  const close = async (): Promise<void> => {
    await audit.close()
    await dispatcher.close()
    keys.close()
    store.close()
    closeEditor()
  }
  try {
    const listener = await listen({
      host,
      port,
      onCall: (call) => surface.route(call),
      renderProtocolError,
    })
    const background = startBackground(options, { config, audit, keys, log, gateway })
    announce(log, `${urlOf(host)}:${listener.port}`, loaded)
    const drain = async (): Promise<void> => {
      state.startDraining()
      log.info({ inflight: state.inflight }, 'draining')
      background.stop()
      await drainListener(listener, config.current.server.drainMs)
      await close()
      log.info('stopped')
      await new Promise((resolve) => log.flush(resolve))
    }
    const isOpen = authenticator.isOpen(config.current)
    const started = { host, port: listener.port, setupToken: accounts.setupToken }
    return { kind: 'started', app: { ...started, isOpen, log, reload: background.reload, drain } }
  } catch (error) {
    await close()
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      return { kind: 'port_taken', host, port }
    throw error
  }
}

function announce(log: Logger, address: string, { snapshot, warnings }: LoadedConfig): void {
  for (const warning of warnings) log.warn({ line: warning.line }, warning.message)
  log.info({ address, revision: snapshot.revision }, `listening on ${address}`)
}

/** An IPv6 address stands in brackets in a URL. */
export function urlOf(host: string): string {
  return `http://${host.includes(':') ? `[${host}]` : host}`
}

interface GatewayParts {
  readonly authenticator: Authenticator
  readonly audit: AuditLog
  readonly dispatcher: UndiciDispatcher
  readonly log: Logger
  readonly learning: Learning
}

function gatewayDeps(
  config: LiveConfig,
  { authenticator, audit, dispatcher, log, learning }: GatewayParts,
): GatewayDeps {
  const clock = systemClock
  return {
    current: () => config.current,
    clock,
    random: Math.random,
    authenticator,
    classifiers: buildClassifiers(dispatcher, clock, {
      residual: (now) => learning.residual(now),
      random: Math.random,
    }),
    lessons: learning,
    sessions: new Sessions(),
    guards: createGuards(clock),
    admission: new Admission(clock),
    dispatcher,
    recorder: logRequests(audit.recorder, log),
    onBug: (cause, requestId) =>
      log.error({ err: cause, request_id: requestId }, 'unexpected error'),
  }
}

/** The history is opened with its first use: most gateways are edited by hand. */
function configEditor(
  options: AppOptions,
  config: LiveConfig,
): { editor: ConfigEditor; close: () => void } {
  let history: ConfigHistory | null = null
  const open = (): ConfigHistory => {
    history ??= new ConfigHistory(join(options.dataDir, 'history.db'), vaultOf(options))
    return history
  }
  const parts = { path: options.configPath, config, history: open, now: () => Date.now() }
  return { editor: new ConfigEditor(parts), close: () => history?.close() }
}

function vaultOf({ env }: AppOptions): Vault {
  return new Vault(masterKey(env['SMARTROUTE_MASTER_KEY'], masterKeyFile(env)))
}

/** The first password may come from the environment; why it is not good enough, or null. */
async function adoptPassword(
  accounts: Accounts,
  { env }: AppOptions,
): Promise<'password_too_short' | 'password_too_common' | null> {
  const file = env['SMARTROUTE_ADMIN_PASSWORD_FILE'] || null
  const password =
    file === null ? env['SMARTROUTE_ADMIN_PASSWORD'] || null : readFileSync(file, 'utf8').trim()
  if (password === null) return null
  const answer = await accounts.adopt(password)
  return answer === 'password_too_short' || answer === 'password_too_common' ? answer : null
}

interface BackgroundParts {
  readonly config: LiveConfig
  readonly audit: AuditLog
  readonly keys: ControlStore
  readonly log: Logger
  readonly gateway: GatewayDeps
}

/** What goes on beside requests: a changed file, keys changed by the CLI, health, load. */
function startBackground(
  { configPath, dataDir }: AppOptions,
  { config, audit, keys, log, gateway }: BackgroundParts,
): { reload: () => void; stop: () => void } {
  const take = (text: string): void => {
    const result = config.take(text)
    if (result.ok) {
      audit.metrics.countReload('applied')
      audit.configure(result.snapshot)
      log.info({ revision: result.snapshot.revision }, 'configuration applied')
      return
    }
    audit.metrics.countReload('refused')
    const problems = result.problems.map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    )
    log.error({ problems }, 'configuration refused; the last good version stays')
  }
  const watcher = configPath === null ? null : watchConfig(configPath, take)
  const refreshing = setInterval(() => keys.refresh(), KEYS_REFRESH_MS)
  const noting = setInterval(() => keys.noteUse(Date.now()), KEYS_NOTE_MS)
  const memory = keepHealth(gateway.guards.health, new StateFile(join(dataDir, 'health.json')))
  const gauge = watchLoad((overload) => {
    if (overload !== null && gateway.admission.overload === null) log.warn({ overload }, 'shedding')
    gateway.admission.overload = overload
  })
  return {
    reload: () => watcher?.reload(),
    stop: () => {
      watcher?.close()
      clearInterval(refreshing)
      clearInterval(noting)
      keys.noteUse(Date.now())
      memory.stop()
      gauge.stop()
    },
  }
}

async function drainListener(listener: Listener, limitMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, DRAIN_NOTICE_MS))
  const limit = setTimeout(() => listener.destroy(), limitMs)
  await listener.stop()
  clearTimeout(limit)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
