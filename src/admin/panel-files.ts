import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'

interface PanelFile {
  readonly type: string
  readonly body: Buffer
  /** The same, compressed while building. */
  readonly gzip: Buffer | null
  readonly brotli: Buffer | null
  /** Its name changes with its content. */
  readonly isHashed: boolean
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}
const NONCE = '__NONCE__'
const NOT_BUILT =
  '<!doctype html><meta charset="utf-8"><title>SmartRoute</title><p>The panel is not built. Start the gateway with <code>npm start</code>. 面板尚未构建，请使用 <code>npm start</code> 启动。</p>'

/** The built panel, beside the code: `dist/panel`, also where the code runs from `src`. */
const FOLDERS = ['../panel/', '../../dist/panel/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)

/**
 * The panel, read into memory once. Nothing but its own files can be asked for, so no path is ever
 * joined; every other address a browser may be at shows the same page, which finds its way itself.
 */
export class PanelFiles {
  readonly #files = readFiles()

  /** False where the call is none of the panel's. */
  serve(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    const file = this.#files.get(path)
    if (file !== undefined && path !== '/index.html') {
      send(request, response, file)
      return true
    }
    const wantsPage = path === '/' || (request.headers.accept ?? '').includes('text/html')
    if (!wantsPage) return false
    sendPage(request, response, this.#files.get('/index.html')?.body.toString() ?? NOT_BUILT)
    return true
  }
}

function send(request: IncomingMessage, response: ServerResponse, file: PanelFile): void {
  const accepted = request.headers['accept-encoding'] ?? ''
  const [encoding, body] =
    file.brotli !== null && /\bbr\b/.test(accepted)
      ? ['br', file.brotli]
      : file.gzip !== null && /\bgzip\b/.test(accepted)
        ? ['gzip', file.gzip]
        : [null, file.body]
  response.writeHead(200, {
    ...SAFE_HEADERS,
    'content-type': file.type,
    'content-length': body.length,
    'content-security-policy': policy(null),
    'cache-control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    ...(encoding === null ? {} : { 'content-encoding': encoding }),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** The page gets a nonce of its own: style sheets that a library adds are accepted by it alone. */
function sendPage(request: IncomingMessage, response: ServerResponse, text: string): void {
  const nonce = randomBytes(16).toString('base64')
  const body = Buffer.from(text.replaceAll(NONCE, nonce))
  response.writeHead(200, {
    ...SAFE_HEADERS,
    'content-type': TYPES['html'],
    'content-length': body.length,
    'content-security-policy': policy(nonce),
    'cache-control': 'no-store',
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}

function policy(nonce: string | null): string {
  const style = nonce === null ? "'self'" : `'self' 'nonce-${nonce}'`
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${style}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}

function readFiles(): ReadonlyMap<string, PanelFile> {
  for (const folder of FOLDERS) {
    const names = listFiles(folder)
    if (names.length === 0) continue
    const has = new Set(names)
    const read = (name: string): Buffer | null =>
      has.has(name) ? readFileSync(folder + name) : null
    return new Map(
      names
        .filter((name) => !/\.(?:gz|br)$/.test(name))
        .map((name) => [
          `/${name}`,
          {
            type: TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
            body: readFileSync(folder + name),
            gzip: read(`${name}.gz`),
            brotli: read(`${name}.br`),
            isHashed: name.startsWith('assets/'),
          },
        ]),
    )
  }
  return new Map()
}

/** Names below a folder with forward slashes, `assets/x.js`; none where it is missing. */
function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        `${entry.parentPath.slice(folder.length).replaceAll('\\', '/')}/${entry.name}`.replace(
          /^\/+/,
          '',
        ),
      )
  } catch {
    return []
  }
}
