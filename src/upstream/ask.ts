import type { Endpoint } from '../config/snapshot.ts'
import type { Usage } from '../contract/exchange.ts'
import { readAnswer } from '../dialect/answer.ts'
import { readErrorText } from '../dialect/error-body.ts'
import { parseJson } from '../kit/json-value.ts'
import { scanMembers } from '../kit/json-members.ts'
import { spliceMembers } from '../kit/splice-members.ts'
import type { Dispatcher } from '../transport/transport.ts'
import { requestHeaders } from './request-headers.ts'

export interface AskResult {
  readonly text: string
  readonly usage: Usage | null
  readonly error: string | null
}

const ANSWER_BYTES_MAX = 1024 * 1024

/** One chat completion outside of any client's request. Never rejects; ends with the signal. */
export function ask(
  dispatcher: Dispatcher,
  endpoint: Endpoint,
  body: object,
  signal: AbortSignal,
): Promise<AskResult> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let bytes = 0
    let status = 0
    const failed = (error: string): void => resolve({ text: '', usage: null, error })
    if (signal.aborted) return failed('no time is left')
    const call = dispatcher.dispatch(
      {
        origin: endpoint.upstream.origin,
        tls: endpoint.upstream.tls,
        allowPrivate: endpoint.upstream.allowPrivate,
      },
      {
        method: 'POST',
        path: endpoint.upstream.chatPath,
        headers: requestHeaders(endpoint.upstream, endpoint.upstream.apiKeys[0] ?? null, false),
        body: withParams(body, endpoint),
      },
      {
        onConnected: () => {},
        onHead: (code) => {
          status = code
        },
        onData: (chunk) => {
          bytes += chunk.length
          if (bytes <= ANSWER_BYTES_MAX) pieces.push(chunk)
          return true
        },
        onEnd: () => resolve(readAsk(status, Buffer.concat(pieces).toString('utf8'))),
        onError: (error) => failed(error.message),
      },
    )
    const stop = (): void => {
      call.abort()
      failed('the time limit passed')
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}

function readAsk(status: number, text: string): AskResult {
  if (status !== 200) {
    return { text: '', usage: null, error: `HTTP ${status}: ${readErrorText(text).message}` }
  }
  const facts = readAnswer(parseJson(text))
  return { text: facts.text, usage: facts.usage, error: facts.error?.message ?? null }
}

function withParams(body: object, endpoint: Endpoint): Buffer {
  const bytes = Buffer.from(JSON.stringify(body))
  const scan = scanMembers(bytes, Number.POSITIVE_INFINITY)
  if (scan.kind === 'invalid') return bytes
  const edits = new Map(endpoint.params.map(({ name, json }) => [name, json]))
  return spliceMembers(bytes, scan.members, edits)
}
