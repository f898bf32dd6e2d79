import type { Upstream } from '../config/snapshot.ts'

const USER_AGENT = 'smartroute'

/**
 * Headers of an upstream call. Built from the provider's settings alone: nothing of the client's
 * headers goes through, so a cookie or a key of the client cannot leak to a provider.
 */
export function requestHeaders(
  upstream: Upstream,
  apiKey: string | null,
  stream: boolean,
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
  ]
  if (apiKey !== null) headers.push('authorization', `Bearer ${apiKey}`)
  for (const [name, value] of Object.entries(upstream.headers)) headers.push(name, value)
  return headers
}
