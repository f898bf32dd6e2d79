import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { StorageView } from '../contract/api/logs.ts'
import { explainRoute } from '../contract/api/routing.ts'
import type { Health, LogDetail } from '../contract/api/shapes.ts'
import type { LogReader } from '../storage/log-store.ts'
import type { LiveBus } from '../telemetry/live-bus.ts'
import { mountAuth } from './auth-routes.ts'
import { type ConfigDeps, mountConfig } from './config-routes.ts'
import type { Accounts } from './accounts.ts'
import { type AdminEnv, guard } from './guard.ts'
import { mountLogs } from './log-routes.ts'
import { openApiDocument } from './openapi.ts'
import { mountOverview } from './overview-routes.ts'
import { problem } from './problem.ts'
import { type KeyDeps, mountKeys } from './key-routes.ts'
import { mountProviders, type ProviderDeps } from './provider-routes.ts'
import { MalformedBody } from './read-input.ts'
import { mountRouting, type RoutingDeps } from './routing-routes.ts'

export interface AdminDeps {
  readonly version: string
  /** Bearer token for automation; null where none is set. */
  readonly adminToken: string | null
  readonly accounts: Accounts
  /** Runs without a configuration file, with simulated models. */
  readonly isDemo: () => boolean
  /** The listener is bound to the loopback address: other names in Host are an attack. */
  readonly loopbackOnly: boolean
  /** The longest chat request that the gateway takes. */
  readonly chatBytesMax: () => number
  readonly logs: LogReader
  readonly live: LiveBus
  readonly qps: () => number
  readonly health: () => Health
  /** False where no such endpoint is configured. */
  readonly steer: (endpoint: string, action: 'open' | 'close' | 'drain') => boolean
  readonly config: ConfigDeps
  readonly routing: RoutingDeps
  readonly providers: ProviderDeps
  readonly keys: KeyDeps
  readonly assembleStream: (pieces: readonly Uint8Array[]) => unknown
  readonly now: () => number
  /** What people say about the tier of a request. */
  readonly feedback: {
    of(id: string): LogDetail['feedback']
    /** Resolves to whether the classifier can learn from it. */
    rate(id: string, tier: 't1' | 't2' | 't3' | null, note: string): Promise<boolean>
  }
  /** Whether a price is known for `provider/model`. */
  readonly hasPrice: (endpoint: string) => boolean
  /** Where the log lies and what bounds it. */
  readonly storage: () => Omit<StorageView, 'days' | 'total_bytes'>
  /** Deletes the days before this one. */
  readonly prune: (before: string) => Promise<void>
}

const BASE = '/api/v1'
const BODY_BYTES_MAX = 1024 * 1024

/** The admin API as a node:http listener. */
export function createAdminListener(
  deps: AdminDeps,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const app = new Hono<AdminEnv>()
  app.use(guard(deps))
  app.use(limited(BODY_BYTES_MAX, deps))
  mountLogs(app, BASE, deps)
  mountOverview(app, BASE, deps)
  mountConfig(app, BASE, deps)
  mountRouting(app, BASE, deps)
  mountProviders(app, BASE, deps)
  mountKeys(app, BASE, deps)
  mountAuth(app, BASE, deps)
  app.get(`${BASE}/openapi.json`, (c) => c.json(openApiDocument(deps.version)))
  app.notFound((c) => problem(c, 404, 'not_found', `There is no ${c.req.method} ${c.req.path}.`))
  app.onError((error, c) =>
    error instanceof MalformedBody
      ? problem(c, 400, 'invalid_input', error.message)
      : problem(c, 500, 'internal_error', error.message),
  )
  return getRequestListener(app.fetch)
}

/** A dry run takes what the gateway itself would take, with a draft beside it. */
function limited(
  usual: number,
  { chatBytesMax }: Pick<AdminDeps, 'chatBytesMax'>,
): MiddlewareHandler {
  return (c, next) => {
    const isDryRun = c.req.path === BASE + explainRoute.path
    const limit = bodyLimit({
      maxSize: isDryRun ? usual + chatBytesMax() : usual,
      onError: () => problem(c, 413, 'request_too_large', 'The body is too large.'),
    })
    return limit(c, next)
  }
}
