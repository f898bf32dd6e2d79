import type { Outcome } from '../contract/exchange.ts'
import type { ResponseHeaders } from '../transport/transport.ts'

/** The request itself is the mistake, whoever is asked. */
export function isFinal(outcome: Outcome): boolean {
  return (
    outcome === 'client_fault' ||
    outcome === 'param' ||
    outcome === 'context' ||
    outcome === 'content'
  )
}

export function isEventStream(headers: ResponseHeaders): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && type.includes('text/event-stream')
}
