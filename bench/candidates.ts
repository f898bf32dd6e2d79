import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Something that forwards requests and is measured. */
export interface Candidate {
  readonly name: string
  readonly port: number
  readonly pid: number
  /** Its path for a workload. */
  path(workload: string): string
}

const children: ChildProcess[] = []
const hasTaskset = spawnSync('taskset', ['-V']).status === 0

/** Starts a child on one processor where that can be asked for; ended with `stopAll`. */
export function start(cpu: number, command: string, args: readonly string[]): ChildProcess {
  const [file, all] = hasTaskset
    ? ['taskset', ['-c', String(cpu), command, ...args]]
    : [command, [...args]]
  const child = spawn(file, all, { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  return child
}

export function stopAll(): void {
  for (const child of children) child.kill('SIGTERM')
}

export async function startMock(): Promise<number> {
  const child = start(1, process.execPath, [
    fileURLToPath(new URL('./mock-upstream.ts', import.meta.url)),
  ])
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  return Number(line.toString())
}

/** `checkout`: another version of the project, built, to be compared with this one. */
export async function startGateway(
  parent: string,
  mockPort: number,
  checkout: string | null = null,
): Promise<Candidate> {
  const folder = mkdtempSync(join(parent, 'gateway-'))
  const port = await freePort()
  const config = join(folder, 'smartroute.yaml')
  const upstream = (path: string): string =>
    `{ base_url: "http://127.0.0.1:${mockPort}/${path}/v1", api_key: bench, allow_private: true }`
  writeFileSync(
    config,
    `version: 1
gateway: { api_keys: ["sr-bench-key-0001"] }
providers:
  w1: ${upstream('w1')}
  w2: ${upstream('w2')}
  w3: ${upstream('w3')}
  paced: ${upstream('paced')}
tiers: { t1: { models: [w1/bench] }, t2: { models: [w2/bench] }, t3: { models: [w3/bench] } }
model_map: { paced: paced }
params: { global: { top_p: 0.9, presence_penalty: 0 }, models: { bench: { seed: 1 } } }
routing:
  classifier: none
  rules:
    - { keywords: ["workload-one"], tier: t1 }
    - { keywords: ["workload-two"], tier: t2 }
    - { keywords: ["workload-three"], tier: t3 }
`,
  )
  const main = join(checkout ?? fileURLToPath(new URL('..', import.meta.url)), 'dist/main.js')
  const flags = ['--config', config, '--port', String(port), '--data-dir', join(folder, 'data')]
  const extra = (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter(Boolean)
  const child = start(0, process.execPath, [
    ...extra,
    main,
    'serve',
    ...flags,
    '--log-level',
    'warn',
  ])
  await untilOpen(port)
  const name = checkout === null ? 'smartroute' : 'before'
  return { name, port, pid: child.pid ?? 0, path: () => '/v1/chat/completions' }
}

/** nginx as the floor: two sockets and a copy. Null where it is not installed. */
export async function startNginx(folder: string, mockPort: number): Promise<Candidate | null> {
  if (spawnSync('nginx', ['-v']).status !== 0) return null
  const port = await freePort()
  const prefix = join(folder, 'nginx')
  mkdirSync(join(prefix, 'logs'), { recursive: true })
  writeFileSync(
    join(prefix, 'nginx.conf'),
    `worker_processes 1; daemon off; pid nginx.pid; error_log stderr crit;
events { worker_connections 8192; }
http {
  access_log off; client_max_body_size 64m; client_body_buffer_size 1m; keepalive_requests 1000000;
  client_body_temp_path ${prefix}/body; proxy_temp_path ${prefix}/proxy; fastcgi_temp_path ${prefix}/f;
  uwsgi_temp_path ${prefix}/u; scgi_temp_path ${prefix}/s;
  upstream mock { server 127.0.0.1:${mockPort}; keepalive 2000; keepalive_requests 1000000; }
  server { listen 127.0.0.1:${port}; location / {
    proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_read_timeout 300s;
  } }
}
`,
  )
  const child = start(0, 'nginx', ['-p', prefix, '-c', join(prefix, 'nginx.conf')])
  await untilOpen(port)
  const path = (workload: string): string => `${paths[workload] ?? '/w3'}/v1/chat/completions`
  return { name: 'nginx', port, pid: child.pid ?? 0, path }
}

const paths: Readonly<Record<string, string>> = {
  W1: '/w1',
  W2: '/w2',
  W3: '/w3',
  W4: '/paced',
  S1000: '/paced',
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return address !== null && typeof address === 'object' ? address.port : 0
}

async function untilOpen(port: number): Promise<void> {
  const { connect } = await import('node:net')
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, '127.0.0.1')
    const opened = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (opened) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing listens on port ${port}`)
}
