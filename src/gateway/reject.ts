import type { Turn } from './turn.ts'
import { type ClientError, errorHeaders, renderError } from './render-error.ts'
import { routeHeaders } from './response-headers.ts'

/** Answers with an error and notes it. */
export function reject({ inbound, draft }: Turn, error: ClientError): void {
  const body = renderError(error)
  draft.status = error.status
  draft.error = error
  draft.response = { kind: 'json', pieces: [body], bytes: body.length }
  const attempts = draft.attempts.length
  const counted = attempts > 0 ? ['x-smartroute-attempts', String(attempts)] : []
  inbound.respond(error.status, [...routeHeaders(draft), ...counted, ...errorHeaders(error)], body)
}
