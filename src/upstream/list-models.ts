import type { Upstream } from '../config/snapshot.ts'
import { readErrorText } from '../dialect/error-body.ts'
import { field, parseJson } from '../kit/json-value.ts'
import type { Dispatcher } from '../transport/transport.ts'
import { errorText } from './connection-error.ts'
import { requestHeaders } from './request-headers.ts'

export interface ModelList {
  readonly status: number | null
  readonly error: string | null
  readonly models: readonly { readonly id: string; readonly contextTokens: number | null }[]
}

const ANSWER_BYTES_MAX = 8 * 1024 * 1024

/** What an account offers, as the provider lists it. Never rejects; ends with the signal. */
export function listModels(
  dispatcher: Dispatcher,
  upstream: Upstream,
  signal: AbortSignal,
): Promise<ModelList> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let bytes = 0
    let status: number | null = null
    const failed = (error: string): void => resolve({ status, error, models: [] })
    const call = dispatcher.dispatch(
      { origin: upstream.origin, tls: upstream.tls, allowPrivate: upstream.allowPrivate },
      {
        method: 'GET',
        path: upstream.chatPath.replace('/chat/completions', '/models'),
        headers: listHeaders(upstream),
        body: null,
      },
      {
        onConnected: () => {},
        onHead: (code) => {
          status = code
        },
        onData: (chunk) => {
          bytes += chunk.length
          pieces.push(chunk)
          if (bytes <= ANSWER_BYTES_MAX) return true
          call.abort()
          failed('the answer is too long')
          return false
        },
        onEnd: () => resolve(readList(status ?? 0, Buffer.concat(pieces).toString('utf8'))),
        onError: (error) => failed(errorText(error)),
      },
    )
    const stop = (): void => {
      call.abort()
      failed('the time limit passed')
    }
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
  })
}

/** Anthropic answers `Authorization` only where the OpenAI dialect goes; this list is its own. */
function listHeaders(upstream: Upstream): readonly string[] {
  const key = upstream.apiKeys[0] ?? null
  const headers = requestHeaders(upstream, key, false)
  const isAnthropic = /(?:^|\.)anthropic\.com$/.test(new URL(upstream.origin).hostname)
  if (!isAnthropic || key === null) return headers
  return [...headers, 'x-api-key', key, 'anthropic-version', '2023-06-01']
}

function readList(status: number, text: string): ModelList {
  if (status !== 200) {
    // A redirect is never followed: it could lead anywhere.
    const message = status >= 300 && status < 400 ? 'a redirect' : readErrorText(text).message
    return { status, error: `HTTP ${status}: ${message}`, models: [] }
  }
  const list = itemsOf(parseJson(text))
  if (list === null) return { status, error: 'the answer is no list of models', models: [] }
  const models = list.flatMap((item) => {
    const id = field(item, 'id') ?? field(item, 'name')
    // Gemini lists `models/gemini-…` and answers to the name without the folder.
    return typeof id === 'string'
      ? [{ id: id.replace(/^models\//, ''), contextTokens: contextOf(item) }]
      : []
  })
  return { status, error: null, models }
}

function itemsOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value
  const list = field(value, 'data') ?? field(value, 'models')
  return Array.isArray(list) ? list : null
}

function contextOf(item: unknown): number | null {
  for (const name of [
    'context_length',
    'context_window',
    'max_context_length',
    'max_model_len',
    'max_input_tokens',
    'inputTokenLimit',
  ]) {
    const value = field(item, name)
    if (typeof value === 'number' && value > 0) return value
  }
  return null
}
