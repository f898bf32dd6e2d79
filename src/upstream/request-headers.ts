import type { Upstream } from '../config/snapshot.ts'

const USER_AGENT = 'smartroute'
/** Counts gateways on the way: one that is its own provider must not call itself for ever. */
export const HOP_HEADER = 'x-smartroute-hop'

/**
 * Headers of an upstream call. Built from the provider's settings alone: nothing of the client's
 * headers goes through, so a cookie or a key of the client cannot leak to a provider.
 */
export function requestHeaders(
  upstream: Upstream,
  apiKey: string | null,
  stream: boolean,
  hop = 1,
): readonly string[] {
  const headers = [
    'content-type',
    'application/json',
    'accept',
    stream ? 'text/event-stream' : 'application/json',
    'accept-encoding',
    'identity',
    'user-agent',
    USER_AGENT,
    HOP_HEADER,
    String(hop),
  ]
  if (apiKey !== null) headers.push('authorization', `Bearer ${apiKey}`)
  for (const [name, value] of Object.entries(upstream.headers)) headers.push(name, value)
  return headers
}
