import Pool from 'undici/lib/dispatcher/pool.js'
import { type BlockedAddressError, checkHost, guardedLookup } from './address-guard.ts'
import type {
  Dispatch,
  DispatchTarget,
  Dispatcher,
  OutgoingRequest,
  ResponseSink,
} from './transport.ts'

/** Longer than any configured connect deadline: the attempt's own deadline decides. */
const CONNECT_MS_MAX = 30_000
const CLOSE_MS_MAX = 500
/** Below the 5 s after which many servers close an idle connection (Node's own default). */
const KEEP_ALIVE_MS = 4_000
const HEADER_BYTES_MAX = 64 * 1024

type Controller = Parameters<
  NonNullable<import('undici').Dispatcher.DispatchHandler['onRequestStart']>
>[0]

/** Outbound HTTP/1.1 over undici pools, one pool per origin and TLS setting. */
export class UndiciDispatcher implements Dispatcher {
  readonly #pools = new Map<string, Pool>()
  readonly #publicVerdicts = new Map<string, BlockedAddressError | null>()
  readonly #privateVerdicts = new Map<string, BlockedAddressError | null>()

  dispatch(target: DispatchTarget, request: OutgoingRequest, sink: ResponseSink): Dispatch {
    const call = new Call(sink)
    const blocked = this.#blocked(target)
    if (blocked !== null) {
      // Like every other failure to connect: after the caller has got its handle.
      process.nextTick(() => call.onResponseError(null, blocked))
      return call
    }
    const pool = target.fresh === true ? createPool(target) : this.#pool(target)
    pool.dispatch(
      {
        method: request.method,
        path: request.path,
        headers: request.headers as string[],
        body: request.body,
      },
      call,
    )
    // Closes when its only request is over.
    if (target.fresh === true) void pool.close()
    return call
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()]
    this.#pools.clear()
    // A connection that is still being made cannot be hurried; it ends with the process.
    const patience = new Promise((resolve) => setTimeout(resolve, CLOSE_MS_MAX).unref())
    await Promise.race([Promise.all(pools.map((pool) => pool.destroy())), patience])
  }

  /** Where the host is written as an address: the verdict, once per origin. */
  #blocked({ origin, allowPrivate }: DispatchTarget): BlockedAddressError | null {
    const verdicts = allowPrivate ? this.#privateVerdicts : this.#publicVerdicts
    let verdict = verdicts.get(origin)
    if (verdict === undefined) {
      verdict = checkHost(new URL(origin).hostname, allowPrivate)
      verdicts.set(origin, verdict)
    }
    return verdict
  }

  #pool(target: DispatchTarget): Pool {
    const { ca, verify } = target.tls
    const scope = target.allowPrivate ? target.origin : `public ${target.origin}`
    const key = verify && ca === null ? scope : `${scope} ${verify} ${ca ?? ''}`
    let pool = this.#pools.get(key)
    if (pool === undefined) {
      pool = createPool(target)
      this.#pools.set(key, pool)
    }
    return pool
  }
}

/** The only place that makes outgoing connections: the address guard sits on each of them. */
function createPool({ origin, tls, allowPrivate }: DispatchTarget): Pool {
  return new Pool(origin, {
    connections: null,
    pipelining: 1,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
    connect: {
      timeout: CONNECT_MS_MAX,
      rejectUnauthorized: tls.verify,
      lookup: guardedLookup(allowPrivate),
      ...(tls.ca === null ? {} : { ca: tls.ca }),
    },
  })
}

/** A class, not closures: undici's hot path stays monomorphic. */
class Call implements Dispatch {
  readonly #sink: ResponseSink
  #controller: Controller | null = null
  #over = false

  constructor(sink: ResponseSink) {
    this.#sink = sink
  }

  abort(): void {
    if (this.#over) return
    this.#over = true
    this.#controller?.abort(new Error('aborted'))
  }

  resume(): void {
    if (!this.#over) this.#controller?.resume()
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#over) controller.abort(new Error('aborted'))
    else this.#sink.onConnected()
  }

  onResponseStart(
    _controller: Controller,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (!this.#over && status >= 200) this.#sink.onHead(status, headers)
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (!this.#over && !this.#sink.onData(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    if (this.#over) return
    this.#over = true
    this.#sink.onEnd()
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    if (this.#over) return
    this.#over = true
    this.#sink.onError(error)
  }
}
