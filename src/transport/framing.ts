import type { IncomingMessage } from 'node:http'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * What Node's parser accepts although two parsers could read it differently (RFC 9112, 3.2 and
 * 6.1): the status to refuse it with, or null. One request in must be one request up.
 */
export function framingFault(request: IncomingMessage): number | null {
  const { method = '', url = '', headers, httpVersionMajor, httpVersionMinor } = request
  if (!METHODS.has(method)) return 405
  if (httpVersionMajor !== 1 || httpVersionMinor > 1) return 400
  const encoding = headers['transfer-encoding']
  if (encoding !== undefined) {
    if (encoding.toLowerCase() !== 'chunked' || httpVersionMinor === 0) return 400
    if (headers['content-length'] !== undefined) return 400
  }
  if (url.charCodeAt(0) !== SLASH && !isOwnTarget(url, headers.host ?? '')) return 400
  return hasOddHeader(request.rawHeaders) ? 400 : null
}

const SLASH = 0x2f

/** `*` of OPTIONS, or an absolute form that names the host it was sent to. */
function isOwnTarget(url: string, host: string): boolean {
  return url === '*' || URL.parse(url)?.host === host
}

/** Two hosts, or a name that some servers take for one of the two that frame a message. */
function hasOddHeader(rawHeaders: readonly string[]): boolean {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++
    else if (name.includes('_') && LOOKALIKE.test(name)) return true
  }
  return hosts > 1
}

const LOOKALIKE = /^(?:transfer|content)_(?:encoding|length)$/i
