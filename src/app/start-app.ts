import { join } from 'node:path'
import type { Logger } from 'pino'
import { type LoadedConfig, loadConfigText } from '../config/load.ts'
import type { Problem } from '../config/problem.ts'
import { Authenticator, type StoredKeys } from '../gateway/authenticate.ts'
import type { GatewayDeps } from '../gateway/gateway-deps.ts'
import { PlaygroundKeys } from '../gateway/playground-keys.ts'
import { renderProtocolError } from '../gateway/render-error.ts'
import { Sessions } from '../gateway/sessions.ts'
import { AnsweredAsks } from '../gateway/weak-lessons.ts'
import { systemClock } from '../kit/clock.ts'
import { Admission } from '../resilience/admission.ts'
import { createGuards } from '../resilience/guards.ts'
import { ControlStore } from '../storage/control-store.ts'
import { listen } from '../transport/node-listener.ts'
import type { Inbound, Listener } from '../transport/transport.ts'
import { UndiciDispatcher } from '../transport/undici-dispatcher.ts'
import type { AppOptions } from './app-options.ts'
import { AuditLog } from './audit-log.ts'
import { Background } from './background.ts'
import { buildClassifiers } from './classifiers.ts'
import { createLog, logRequests } from './create-log.ts'
import { logFaults } from './learning-fault.ts'
import { Learning } from './learning.ts'
import { type BadPassword, buildControlPlane } from './control-plane.ts'
import { LiveConfig } from './live-config.ts'
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
  | BadPassword
  | { readonly kind: 'port_taken'; readonly host: string; readonly port: number }

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
  const playground = new PlaygroundKeys(Date.now)
  const authenticator = new Authenticator(keysOf(keys, playground))
  if (!isLoopback(host) && authenticator.isOpen(config.current)) return { kind: 'needs_key', host }
  const log = createLog(options)
  const audit = new AuditLog(options.dataDir, () => config.current, log)
  const dispatcher = new UndiciDispatcher()
  const learning = new Learning(options.dataDir, {
    onFault: logFaults(log, options.language),
  })
  const gateway = gatewayDeps(config, { authenticator, audit, dispatcher, log, learning })
  const state = new RunState()
  const background = new Background({ options, config, audit, keys, log, gateway, learning })
  const control = await buildControlPlane({
    options,
    config,
    audit,
    gateway,
    state,
    keys,
    playground,
    loopbackOnly: isLoopback(host),
    onFile: (path) => background.follow(path),
  })
  const close = async (): Promise<void> => {
    await learning.flush()
    await audit.close()
    await dispatcher.close()
    keys.close()
    if (control.kind === 'control') control.close()
  }
  if (control.kind === 'bad_password') {
    await close()
    return control
  }
  const surface = new Surface({ gateway, admin: control.admin, audit, state })
  try {
    const onCall = (call: Inbound): void => surface.route(call)
    const listener = await listen({ host, port, onCall, renderProtocolError })
    background.start()
    announce(log, `${urlOf(host)}:${listener.port}`, loaded)
    const isOpen = authenticator.isOpen(config.current)
    const reload = (): void => background.reload()
    const drain = drainer({ listener, state, background, config, log, close })
    const { setupToken } = control.accounts
    const app = { host, port: listener.port, setupToken, isOpen, log, reload, drain }
    return { kind: 'started', app }
  } catch (error) {
    await close()
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      return { kind: 'port_taken', host, port }
    throw error
  }
}

interface DrainParts {
  readonly listener: Listener
  readonly state: RunState
  readonly background: Background
  readonly config: LiveConfig
  readonly log: Logger
  readonly close: () => Promise<void>
}

function drainer({ listener, state, background, config, log, close }: DrainParts) {
  return async (): Promise<void> => {
    state.startDraining()
    log.info({ inflight: state.inflight }, 'draining')
    background.stop()
    await drainListener(listener, config.current.server.drainMs)
    await close()
    log.info('stopped')
    await new Promise((resolve) => log.flush(resolve))
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
    answeredAsks: new AnsweredAsks(),
    guards: createGuards(clock),
    admission: new Admission(clock),
    dispatcher,
    recorder: logRequests(audit.recorder, log),
    onBug: (cause, requestId) =>
      log.error({ err: cause, request_id: requestId }, 'unexpected error'),
  }
}

/** Keys of the store and of the playground; only the former close an open gateway. */
function keysOf(stored: ControlStore, playground: PlaygroundKeys): StoredKeys {
  return {
    get size() {
      return stored.size
    },
    find: (digest) => stored.find(digest) ?? playground.find(digest),
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
