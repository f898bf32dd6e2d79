import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AdminDeps } from '../admin/mount.ts'
import type { PanelFiles } from '../admin/panel-files.ts'
import type { GatewayDeps } from '../gateway/gateway-deps.ts'
import { clientError, renderError } from '../gateway/render-error.ts'
import { serveCall } from '../gateway/serve-call.ts'
import { VERSION } from '../kit/version.ts'
import type { Inbound } from '../transport/transport.ts'
import type { AuditLog } from './audit-log.ts'
import type { RunState } from './run-state.ts'

export interface SurfaceParts {
  readonly gateway: GatewayDeps
  readonly admin: AdminDeps
  readonly audit: AuditLog
  readonly state: RunState
}

type AdminListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Sends each call to the plane it belongs to: models, operations, or the admin side. */
export class Surface {
  readonly #parts: SurfaceParts
  #admin: Promise<AdminListener> | null = null
  #panel: Promise<PanelFiles> | null = null

  constructor(parts: SurfaceParts) {
    this.#parts = parts
  }

  route(inbound: Inbound): void {
    if (isModelPath(inbound.path) && !isPage(inbound)) {
      const { gateway, state } = this.#parts
      state.begin()
      void serveCall(gateway, inbound).finally(() => state.end())
    } else if (!this.#operate(inbound)) void this.#administer(inbound)
  }

  /** The cheap questions of balancers and collectors; false where it is none of them. */
  #operate(inbound: Inbound): boolean {
    const { state } = this.#parts
    switch (inbound.path) {
      case '/livez':
        json(inbound, 200, { status: 'ok' })
        return true
      case '/readyz':
        json(inbound, state.isDraining ? 503 : 200, {
          status: state.isDraining ? 'draining' : 'ready',
        })
        return true
      case '/health':
      case '/healthz':
        json(inbound, 200, { status: state.isDraining ? 'draining' : 'ok', version: VERSION })
        return true
      case '/metrics':
        if (!this.#mayReadMetrics(inbound)) {
          const error = clientError(
            'invalid_api_key',
            'Metrics need a gateway key or the admin token.',
          )
          inbound.respond(error.status, ['content-type', 'application/json'], renderError(error))
          return true
        }
        inbound.respond(
          200,
          ['content-type', 'text/plain; version=0.0.4; charset=utf-8'],
          Buffer.from(this.#metrics()),
        )
        return true
      default:
        return false
    }
  }

  /** Free on the loopback address; elsewhere with a key, because they name providers and volumes. */
  #mayReadMetrics(inbound: Inbound): boolean {
    const { admin, gateway } = this.#parts
    if (admin.loopbackOnly) return true
    const bearer = inbound.header('authorization') ?? ''
    if (admin.adminToken !== null && bearer === `Bearer ${admin.adminToken}`) return true
    return gateway.authenticator.admit(gateway.current(), inbound).kind === 'admitted'
  }

  #metrics(): string {
    const { admin, audit, state } = this.#parts
    return audit.metrics.render({
      version: VERSION,
      inflight: () => state.inflight,
      logQueue: () => audit.recorder.depth,
      health: () => admin.health().endpoints,
    })
  }

  /** The admin side is loaded with its first call: a gateway nobody looks at stays small. */
  async #administer(inbound: Inbound): Promise<void> {
    const { request, response } = inbound.raw
    if (inbound.path.startsWith('/api/')) {
      this.#admin ??= import('../admin/mount.ts').then((module) =>
        module.createAdminListener(this.#parts.admin),
      )
      return (await this.#admin)(request, response)
    }
    this.#panel ??= import('../admin/panel-files.ts').then((module) => new module.PanelFiles())
    if ((await this.#panel).serve(inbound.path, request, response)) return
    const error = clientError(
      'not_found',
      `There is no ${inbound.method} ${inbound.path.slice(0, 200)}.`,
    )
    inbound.respond(error.status, ['content-type', 'application/json'], renderError(error))
  }
}

function isModelPath(path: string): boolean {
  return (
    path.startsWith('/v1/') ||
    path === '/v1' ||
    path === '/chat/completions' ||
    /^\/models(?:\/|$)/.test(path)
  )
}

/** `/models` without `/v1` is an address of programs and of the panel: a browser asks for a page. */
function isPage(inbound: Inbound): boolean {
  const isRead = inbound.method === 'GET' && !inbound.path.startsWith('/v1')
  return isRead && (inbound.header('accept') ?? '').includes('text/html')
}

function json(inbound: Inbound, status: number, value: object): void {
  inbound.respond(status, ['content-type', 'application/json'], Buffer.from(JSON.stringify(value)))
}
