import type { Endpoint } from '../config/snapshot.ts'
import type { ExchangeDraft } from './exchange-draft.ts'

/** Headers that say who answered and why, on every answer of a model. */
export function answerHeaders(
  draft: ExchangeDraft,
  endpoint: Endpoint,
  attempts: number,
  upstreamMs: number,
): string[] {
  const routeMs = draft.routedAt - draft.readAt
  const readMs = draft.readAt - draft.startedAt
  const gatewayMs = Math.max(0, draft.elapsed() - readMs - routeMs - upstreamMs)
  return [
    ...routeHeaders(draft),
    'x-smartroute-model',
    ascii(endpoint.id),
    'x-smartroute-attempts',
    String(attempts),
    'server-timing',
    `route;dur=${routeMs.toFixed(2)}, upstream;dur=${upstreamMs.toFixed(2)}, gateway;dur=${gatewayMs.toFixed(2)}`,
  ]
}

/** What is known of the route, also where it failed. */
export function routeHeaders(draft: ExchangeDraft): string[] {
  const headers = ['x-request-id', draft.id]
  const { tier, reason } = draft.route
  if (tier !== null) headers.push('x-smartroute-tier', tier)
  if (reason !== null) headers.push('x-smartroute-reason', ascii(reason))
  return headers
}

/** Node refuses to send anything beyond Latin-1 in a header; a Chinese model name is legal. */
function ascii(text: string): string {
  return /^[\x20-\x7e]*$/.test(text)
    ? text
    : encodeURI(text.toWellFormed()).replace(/[^\x20-\x7e]/g, '?')
}
