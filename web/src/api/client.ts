import type { z } from 'zod'
import type { OPERATIONS } from '@contract/operations.ts'

type Operation = (typeof OPERATIONS)[number]
type Method = Operation['method']
type Path<M extends Method> = Extract<Operation, { method: M }>['path']
type Called<M extends Method, P extends string> = Extract<Operation, { method: M; path: P }>
export type Input<M extends Method, P extends string> = z.input<Called<M, P>['input']>
export type Output<M extends Method, P extends string> = z.output<Called<M, P>['output']>

export interface CallOptions<I> {
  readonly input?: I
  /** Values of `{name}` in the path. */
  readonly params?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** What the gateway refused, with its stable code. `offline` where it did not answer at all. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string | null
  /** Further members of the answer: `problems`, `current`, … */
  readonly more: Readonly<Record<string, unknown>>

  constructor(status: number, body: Readonly<Record<string, unknown>>, requestId: string | null) {
    super(textOf(body['detail']) ?? textOf(body['title']) ?? `HTTP ${status}`)
    this.status = status
    this.code = textOf(body['code']) ?? 'unknown'
    this.requestId = requestId
    this.more = body
  }
}

export const BASE = '/api/v1'
/** Dispatched on window when a session is over: the shell asks to sign in, the page stays. */
export const SIGNED_OUT = 'smartroute:signed-out'

/** One call of the admin API. Method and path pick the types from the contract. */
export async function call<M extends Method, P extends Path<M>>(
  method: M,
  path: P,
  { input, params = {}, headers = {}, signal }: CallOptions<Input<M, P>> = {},
): Promise<Output<M, P>> {
  const url = urlOf(path, params, method === 'get' ? input : undefined)
  const init: RequestInit = {
    method: method.toUpperCase(),
    headers: {
      'x-smartroute-csrf': '1',
      ...(method === 'get' ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(method === 'get' ? {} : { body: JSON.stringify(input ?? {}) }),
    ...(signal === undefined ? {} : { signal }),
  }
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (error) {
    if (signal?.aborted === true) throw error
    throw new ApiError(0, { code: 'offline', detail: 'The gateway does not answer.' }, null)
  }
  if (response.ok) return (await response.json()) as Output<M, P>
  throw await refusal(response, path)
}

/** The address of a call, for links and downloads. */
export function urlOf(
  path: string,
  params: Readonly<Record<string, string>> = {},
  input: unknown = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  )
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input as object)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  }
  const text = query.toString()
  return BASE + filled + (text === '' ? '' : `?${text}`)
}

async function refusal(response: Response, path: string): Promise<ApiError> {
  let body: Readonly<Record<string, unknown>> = {}
  try {
    body = (await response.json()) as Readonly<Record<string, unknown>>
  } catch {
    // A balancer in between answers with HTML: the status says enough.
  }
  const error = new ApiError(response.status, body, response.headers.get('x-request-id'))
  if (response.status === 401 && !path.startsWith('/auth') && path !== '/setup') {
    window.dispatchEvent(new Event(SIGNED_OUT))
  }
  return error
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
