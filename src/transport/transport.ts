import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * The port to the network. Everything that opens a socket for the data plane sits behind these
 * two, so that another runtime can be tried without touching the rest.
 */

/** Where a request goes. Connections are pooled per target object identity of `key`. */
export interface DispatchTarget {
  /** `https://host:port` */
  readonly origin: string
  readonly tls: { readonly ca: string | null; readonly verify: boolean }
  /** May be an address of this machine or this network. */
  readonly allowPrivate: boolean
  /** On a connection of its own instead of a pooled one. */
  readonly fresh?: boolean
}

export interface OutgoingRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Flat list: name, value, name, value. */
  readonly headers: readonly string[]
  readonly body: Buffer | null
}

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>

/** Receives one answer. After `onEnd` or `onError` nothing more is called. */
export interface ResponseSink {
  /** A connection is there and the request goes out on it. */
  onConnected(): void
  onHead(status: number, headers: ResponseHeaders): void
  /** Return false to pause the upstream until `resume` is called. */
  onData(chunk: Buffer): boolean
  onEnd(): void
  onError(error: Error): void
}

export interface Dispatch {
  /** Closes the upstream connection. The sink is not called any more. */
  abort(): void
  resume(): void
}

export interface Dispatcher {
  dispatch(target: DispatchTarget, request: OutgoingRequest, sink: ResponseSink): Dispatch
  /** Open connections end when their last request ends. */
  close(): Promise<void>
}

export type BodyResult =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'too_large'; readonly bytes: number }
  | { readonly kind: 'closed' }

/** One request of a client. */
export interface Inbound {
  readonly method: string
  /** Path without the query. */
  readonly path: string
  readonly remoteAddress: string
  readonly headerCount: number
  /** Flat list as it arrived: name, value, name, value. */
  readonly headers: readonly string[]
  /** Flat list of the answer's head, empty until it is sent. */
  readonly sentHeaders: readonly string[]
  header(name: string): string | undefined
  /** Reads at most `limitBytes`; a larger body is discarded so that the answer can be received. */
  readBody(limitBytes: number): Promise<BodyResult>
  /** Called once when the client is gone before its answer was complete. */
  onGone(listener: () => void): void
  readonly gone: boolean
  /** A complete answer. */
  respond(status: number, headers: readonly string[], body: Buffer): void
  /** The head of a streamed answer. */
  begin(status: number, headers: readonly string[]): void
  /** Returns false when the client reads more slowly than we write. */
  write(bytes: Buffer): boolean
  onDrain(listener: () => void): void
  end(): void
  /** Cuts the connection. */
  destroy(): void
  /** For handlers that speak node:http themselves (the admin API). */
  readonly raw: { readonly request: IncomingMessage; readonly response: ServerResponse }
}

export interface Listener {
  readonly host: string
  readonly port: number
  /** Stops accepting and asks kept-alive clients to leave; resolves when the last one has. */
  stop(): Promise<void>
  /** Ends every connection at once. */
  destroy(): void
}
