import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { AdminDeps } from '../admin/mount.ts'
import type { Accounts } from '../admin/accounts.ts'
import { effectiveEntries } from '../config/effective.ts'
import { configJsonSchema } from '../config/json-schema.ts'
import { priceOf } from '../config/price-of.ts'
import { maskSecrets } from '../config/secret-path.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { AdminStore } from '../storage/admin-store.ts'
import type { ConfigView, Health } from '../contract/api/shapes.ts'
import { tierIndex } from '../contract/tier.ts'
import { assembleStream } from '../dialect/assemble-stream.ts'
import type { GatewayDeps } from '../gateway/gateway-deps.ts'
import type { Feedback } from '../gateway/lessons.ts'
import { VERSION } from '../kit/version.ts'
import type { AppOptions } from './app-options.ts'
import type { AuditLog } from './audit-log.ts'
import type { ConfigEditor } from './config-editor.ts'
import { endpointHealth, restingView } from './endpoint-health.ts'
import type { LiveConfig } from './live-config.ts'
import { keyDeps } from './key-deps.ts'
import { providerDeps } from './provider-deps.ts'
import { routingTrials } from './routing-trials.ts'
import type { ControlStore } from '../storage/control-store.ts'
import type { PlaygroundKeys } from '../gateway/playground-keys.ts'
import type { RunState } from './run-state.ts'

export interface AdminParts {
  readonly options: AppOptions
  readonly config: LiveConfig
  readonly audit: AuditLog
  readonly gateway: GatewayDeps
  readonly state: RunState
  readonly loopbackOnly: boolean
  readonly editor: ConfigEditor
  readonly accounts: Accounts
  readonly store: AdminStore
  readonly keys: ControlStore
  readonly playground: PlaygroundKeys
}

/** The windows through which the control plane sees the rest. */
export function adminDeps({
  options,
  config,
  audit,
  gateway,
  state,
  loopbackOnly,
  editor,
  accounts,
  store,
  keys,
  playground,
}: AdminParts): AdminDeps {
  return {
    version: VERSION,
    adminToken: options.adminToken,
    accounts,
    isDemo: () => editor.path === null,
    loopbackOnly,
    chatBytesMax: () => config.current.server.bodyLimitBytes,
    logs: audit.reader,
    live: audit.live,
    qps: () => audit.window.perSecond(Date.now()),
    health: () => healthView({ audit, gateway, state, config }),
    config: configDeps(options, config, editor),
    steer: (id, action) => {
      const { health } = gateway.guards
      const isKnown = endpointHealth(config.current, health).some(({ endpoint }) => endpoint === id)
      if (isKnown) health.steer(id, action)
      return isKnown
    },
    routing: routingTrials({ gateway, editor, logs: audit.reader }),
    providers: providerDeps(config, { dispatcher: gateway.dispatcher, env: options.env }),
    keys: keyDeps(keys, playground, config),
    assembleStream,
    now: () => Date.now(),
    feedback: {
      of: (id) => store.feedbackOf(id),
      rate: async (id, tier, note) => {
        store.setFeedback(id, tier, { note, at: Date.now() })
        if (tier === null) {
          await gateway.lessons.withdraw(id)
          return false
        }
        if (!config.current.routing.learning.enabled) return false
        const lesson: Feedback = { requestId: id, tier: tierIndex(tier), weight: 1, by: 'human' }
        return (await gateway.lessons.keep(lesson)) === 'kept'
      },
    },
    hasPrice: (id) => priceOf(config.current, id) !== null,
    storage: () => storageView(options.dataDir, config.current),
    prune: (before) => audit.pruneBefore(before),
  }
}

function configDeps(
  flags: AppOptions,
  config: LiveConfig,
  editor: ConfigEditor,
): AdminDeps['config'] {
  return {
    view: () => ({
      revision: config.current.revision,
      path: editor.path,
      document: maskSecrets(config.current.document) as ConfigView['document'],
      problems: [...config.problems],
    }),
    file: () => editor.file(),
    preview: (change) => editor.preview(change),
    effective: () => effectiveEntries(config.current, editor.file().text, flags),
    schema: () => configJsonSchema(),
    change: (change) => editor.change(change),
    rollback: (revision, author) => editor.rollback(revision, author),
    versions: () => editor.versions(),
    versionText: (revision) => editor.versionText(revision),
  }
}

function storageView(dataDir: string, { logs }: Snapshot): ReturnType<AdminDeps['storage']> {
  return {
    path: join(dataDir, 'logs'),
    free_bytes: freeBytes(dataDir),
    retention_days: logs.retentionDays,
    bodies: logs.bodies,
  }
}

function freeBytes(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  } catch {
    return null
  }
}

function healthView({
  audit,
  gateway,
  state,
  config,
}: Pick<AdminParts, 'audit' | 'gateway' | 'state' | 'config'>): Health {
  const dropped = audit.metrics.dropped()
  return {
    status: state.isDraining ? 'draining' : 'ok',
    version: VERSION,
    uptime_s: state.uptimeS,
    inflight: state.inflight,
    overload: gateway.admission.overload,
    retry_budget: gateway.guards.budget.tokens,
    endpoints: endpointHealth(config.current, gateway.guards.health),
    resting: restingView(gateway.guards.health.dump()),
    log: {
      stored: audit.stored,
      waiting: audit.recorder.depth,
      rows_dropped: dropped.rows,
      bodies_dropped: dropped.bodies,
      fault: audit.fault,
    },
  }
}
