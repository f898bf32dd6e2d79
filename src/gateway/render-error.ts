import type { SentAnswer } from '../upstream/continuation.ts'
import { ERROR_CODES, type ErrorCode } from '../contract/error-code.ts'

/** An error as a client sees it. */
export interface ClientError {
  readonly status: number
  readonly message: string
  readonly type: string
  readonly param: string | null
  readonly code: string
  /** Seconds for Retry-After, if waiting helps. */
  readonly retryAfterMs?: number | null
  /** Failover is exhausted or pointless: an SDK must not multiply our attempts. */
  readonly final?: boolean
  /** Refused for load alone: repeating it later is right. */
  readonly retryable?: boolean
}

export function clientError(
  code: ErrorCode,
  message: string,
  param: string | null = null,
): ClientError {
  const { status, type } = ERROR_CODES[code]
  return { status, message, type, param, code }
}

/** The body: all four keys, always (OpenAI's schema requires them). */
export function renderError({ message, type, param, code }: ClientError): Buffer {
  return Buffer.from(JSON.stringify({ error: { message, type, param, code } }))
}

/**
 * The last event of a stream that broke off: an error that the SDKs throw, in a chunk that clients
 * with a strict reader accept (OpenRouter's shape).
 */
export function renderStreamError(
  { message, type, param, code }: ClientError,
  sent: SentAnswer | null,
): Buffer {
  const chunk = {
    id: sent?.id ?? 'chatcmpl-interrupted',
    object: 'chat.completion.chunk',
    created: sent?.created ?? 0,
    model: 'smartroute',
    choices: [{ index: 0, delta: {}, finish_reason: 'error' }],
    error: { message, type, param, code },
  }
  return Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`)
}

/** Retry-After is whole seconds; SDKs ignore anything above a minute. */
export function errorHeaders(error: ClientError): string[] {
  const headers = ['content-type', 'application/json']
  if (error.final === true) headers.push('x-should-retry', 'false')
  if (error.retryable === true) headers.push('x-should-retry', 'true')
  const { retryAfterMs } = error
  if (retryAfterMs !== undefined && retryAfterMs !== null) {
    const ms = Math.min(60_000, Math.max(0, Math.round(retryAfterMs)))
    headers.push('retry-after', String(Math.ceil(ms / 1000)), 'retry-after-ms', String(ms))
  }
  return headers
}

/** The body for a request that never became one: bad framing, a flood of headers, a timeout. */
export function renderProtocolError(status: number): Buffer {
  switch (status) {
    case 431:
      return renderError(clientError('headers_too_large', 'The request headers are too large.'))
    case 405:
      return renderError(clientError('method_not_allowed', 'This HTTP method is not supported.'))
    case 408:
      return renderError(clientError('request_timeout', 'The request took too long to arrive.'))
    default:
      return renderError(clientError('invalid_request_error', 'This is not a valid HTTP request.'))
  }
}
