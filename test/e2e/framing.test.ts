import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chat } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { until } from '../support/start-gateway.ts'
import { RAW_REQUESTS } from '../support/raw-requests.ts'

const fixture = withGateway(
  (url) => `${provider(url)}
tiers: { t1: { models: [fake/ok] } }
server: { body_limit_bytes: 1048576 }
`,
)

/** Sends bytes as they are; resolves to what came back when the server closed or fell silent. */
function exchange(
  bytes: Buffer,
  silenceMs = 120,
  at: number | null = null,
): Promise<{ text: string; closed: boolean }> {
  const { hostname, port: own } = new URL(fixture.gateway.url)
  const port = at ?? own
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    const finish = (closed: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ text, closed })
    }
    const timer = setTimeout(() => finish(false), silenceMs)
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1')
      timer.refresh()
    })
    socket.on('close', () => finish(true))
    socket.on('error', () => {})
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

/** Refusals, and 100 or 200 for what is one plain request after all. */
const STATUSES = new Set([100, 200, 400, 403, 404, 405, 408, 411, 413, 415, 417, 431, 501])

describe('framing: one request in is at most one request up', () => {
  it('is at least two hundred payloads', () => {
    expect(RAW_REQUESTS.length).toBeGreaterThanOrEqual(200)
  })

  it.each(RAW_REQUESTS.map((one) => [one.name, one.bytes] as const))('%s', async (_name, bytes) => {
    const { upstream } = fixture
    const before = upstream.calls.length
    const hidden = upstream.of('smuggled').length
    const { text } = await exchange(bytes)
    expect(upstream.of('smuggled').length - hidden).toBe(0)
    expect(upstream.calls.length - before).toBeLessThanOrEqual(1)
    const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))
    for (const status of statuses) expect(STATUSES).toContain(status)
    expect(statuses.length).toBeLessThanOrEqual(2)
  })

  it('stays alive and well', async () => {
    expect((await chat(fixture.gateway, { model: 't1' })).status).toBe(200)
  })

  it.each([
    ['two hosts', 'GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    [
      'a foreign absolute target',
      'GET http://evil.example/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n',
      400,
    ],
    ['a version of its own', 'GET /v1/models HTTP/1.3\r\nHost: localhost\r\n\r\n', 400],
    [
      'another coding',
      'POST /v1/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n', 405],
    ['CONNECT', 'CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n', 405],
    [
      '101 headers',
      `GET /v1/models HTTP/1.1\r\nHost: localhost\r\n${'a: b\r\n'.repeat(101)}\r\n`,
      431,
    ],
    [
      'headers beyond 16 KiB',
      `GET /v1/models HTTP/1.1\r\nHost: localhost\r\na: ${'b'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
  ])('%s is refused', async (_name, text, status) => {
    const answer = await exchange(Buffer.from(text))
    expect(answer.text).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`))
  })
})

describe('behind nginx', () => {
  it('one request in is at most one request up', async ({ skip }) => {
    if (spawnSync('nginx', ['-v']).status !== 0) skip('nginx is not installed')
    const folder = mkdtempSync(join(tmpdir(), 'smartroute-nginx-'))
    mkdirSync(join(folder, 'logs'))
    const port = await freePort()
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; pid ${folder}/pid; error_log ${folder}/logs/error.log; events {}
       http { access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
         fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
         server { listen 127.0.0.1:${port}; location / { proxy_pass ${fixture.gateway.url};
           proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; } } }`,
    )
    const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
      stdio: 'ignore',
    })
    try {
      await until(() =>
        exchange(Buffer.from('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n'), 100, port).then(
          ({ text }) => text.includes('200'),
        ),
      )
      const { upstream } = fixture
      // A name with an underscore is no header to nginx: what follows is a second request, openly.
      const hiding = RAW_REQUESTS.filter(({ bytes }) => !bytes.includes('Transfer_Encoding'))
      for (const { name, bytes } of hiding) {
        const [before, hidden] = [upstream.calls.length, upstream.of('smuggled').length]
        await exchange(bytes, 60, port)
        expect(upstream.calls.length - before, name).toBeLessThanOrEqual(1)
        expect(upstream.of('smuggled').length - hidden, name).toBe(0)
      }
    } finally {
      nginx.kill('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    }
  }, 120_000)
})

describe('floods stay small', () => {
  it('a body that says it is a gigabyte is refused before it comes', async () => {
    const head =
      'POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1073741824\r\n\r\n'
    const { text, closed } = await exchange(Buffer.from(head), 1_000)
    expect(text).toMatch(/^HTTP\/1\.1 413/)
    expect(closed).toBe(true)
  })

  it('a compressed body is not unpacked', async () => {
    const answer = await chat(fixture.gateway, '{}', { 'content-encoding': 'gzip' })
    expect(answer.status).toBe(415)
  })

  it.each([
    [
      '100,000 levels',
      `{"model":"t1","messages":[],"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      400,
    ],
    [
      'a model name of 900 KB',
      `{"model":"${'m'.repeat(900_000)}","messages":[{"role":"user"}]}`,
      400,
    ],
    [
      '100,000 members',
      `{"model":"t1","messages":[{"role":"user","content":"x"}],${Array.from({ length: 60_000 }, (_, n) => `"k${n}":1`).join(',')}}`,
      200,
    ],
  ])('%s', async (_name, text, status) => {
    const startedAt = performance.now()
    const answer = await chat(fixture.gateway, text)
    expect(answer.status).toBe(status)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  it('connections that never finish a request are cut, and hold nobody up', async () => {
    const { hostname, port } = new URL(fixture.gateway.url)
    const count = Number(process.env['SLOW_SOCKETS'] ?? 100)
    const sockets = Array.from({ length: count }, () => {
      const socket = connect(Number(port), hostname, () => socket.write('POST /v1/chat/compl'))
      socket.resume()
      socket.on('error', () => {})
      return socket
    })
    const startedAt = performance.now()
    expect((await chat(fixture.gateway, { model: 't1' })).status).toBe(200)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    await until(() => sockets.every(({ closed }) => closed), 15_000)
    for (const socket of sockets) socket.destroy()
  }, 30_000)
})
