import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

interface Asset {
  readonly file: string
  readonly type: string
}

/** The whole of it: nothing else can be asked for, so there is no path to join. */
const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ['/', { file: 'index.html', type: 'text/html; charset=utf-8' }],
  ['/status.css', { file: 'status.css', type: 'text/css; charset=utf-8' }],
  ['/status.js', { file: 'status.js', type: 'text/javascript; charset=utf-8' }],
])

/** Serves the status page; false where the path is not part of it. */
export function servePage(method: string, path: string, response: ServerResponse): boolean {
  const asset = ASSETS.get(path)
  if (asset === undefined || (method !== 'GET' && method !== 'HEAD')) return false
  const body = readFileSync(new URL(`../../assets/status/${asset.file}`, import.meta.url))
  response.writeHead(200, {
    'content-type': asset.type,
    'content-length': body.length,
    'content-security-policy': CSP,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-cache',
  })
  response.end(method === 'HEAD' ? undefined : body)
  return true
}
