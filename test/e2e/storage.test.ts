import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chat } from '../support/chat.ts'
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts'
import { provider } from '../support/fixture.ts'
import { type Gateway, runCli, startGateway, until } from '../support/start-gateway.ts'

let upstream: FakeUpstream
let gateway: Gateway | null = null

beforeAll(async () => {
  upstream = await startFakeUpstream()
})
afterAll(() => upstream.close())
afterEach(async () => {
  await gateway?.stop()
  gateway = null
})

const config = (): string => `${provider(upstream.baseUrl)}
tiers: { t1: { models: [fake/ok] } }
`

interface LogState {
  readonly stored: number
  readonly waiting: number
  readonly rows_dropped: number
  readonly bodies_dropped: number
  readonly fault: string | null
}

async function logState(one: Gateway): Promise<LogState> {
  return ((await (await one.api('/health')).json()) as { log: LogState }).log
}

/** Sends requests one after the other; none may fail. Returns how many. */
async function traffic(one: Gateway, count: number, content = 'hello'): Promise<number> {
  for (let sent = 0; sent < count; sent++) {
    const answer = await chat(one, { model: 't1', messages: [{ role: 'user', content }] })
    expect(answer.status).toBe(200)
  }
  return count
}

/** Everything sent is stored or counted as dropped, to the row. */
async function settled(one: Gateway, sent: number): Promise<LogState> {
  return until(async () => {
    const state = await logState(one)
    return state.waiting === 0 && state.stored + state.rows_dropped === sent ? state : null
  }, 20_000)
}

const today = (): string => `${new Date().toISOString().slice(0, 10)}.db`

async function start(flags: string[] = []): Promise<Gateway> {
  gateway = await startGateway(config(), ['--log-level', 'warn', ...flags])
  return gateway
}

describe('the log under fire: requests never notice', () => {
  it('files that are deleted under it: starts new ones', async () => {
    const one = await start()
    let sent = await traffic(one, 20)
    await settled(one, sent)
    rmSync(join(one.dataDir, 'logs'), { recursive: true })
    rmSync(join(one.dataDir, 'stats.db'), { force: true })
    sent += await traffic(one, 20)
    const state = await settled(one, sent)
    expect(state).toMatchObject({ fault: null, rows_dropped: 0, stored: sent })
    expect(existsSync(join(one.dataDir, 'logs', today()))).toBe(true)
  })

  it('a file that is damaged: sets it aside and goes on', async () => {
    const one = await start()
    let sent = await traffic(one, 20)
    await settled(one, sent)
    const path = join(one.dataDir, 'logs', today())
    const descriptor = openSync(path, 'r+')
    const noise = Buffer.from(
      Array.from({ length: statSync(path).size }, () => Math.random() * 256),
    )
    writeSync(descriptor, noise, 0, noise.length, 0)
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
    sent += await traffic(one, 30)
    const state = await settled(one, sent)
    expect(state.fault).toBeNull()
    sent += await traffic(one, 5)
    expect((await settled(one, sent)).fault).toBeNull()
  })

  it('a folder that cannot be opened: keeps what it can hold, stores it after the repair', async () => {
    const one = await start()
    let sent = await traffic(one, 5)
    await settled(one, sent)
    const logs = join(one.dataDir, 'logs')
    renameSync(logs, `${logs}.away`)
    writeFileSync(logs, 'a file where a folder should be')
    sent += await traffic(one, 30)
    const broken = await until(async () => {
      const state = await logState(one)
      return state.fault === null ? null : state
    })
    expect(broken.rows_dropped).toBe(0)
    rmSync(logs)
    mkdirSync(logs)
    const state = await settled(one, sent)
    expect(state).toMatchObject({ fault: null, rows_dropped: 0, stored: sent })
  }, 40_000)

  it('a database that another process has locked: waits, without making anybody wait', async () => {
    const one = await start()
    let sent = await traffic(one, 5)
    await settled(one, sent)
    const path = join(one.dataDir, 'logs', today())
    const control = join(one.dataDir, 'control.db')
    const locker = spawn(
      resolve(import.meta.dirname, '../../node_modules/node/bin/node'),
      [
        '-e',
        `const { DatabaseSync } = require('node:sqlite')
         for (const file of [${JSON.stringify(path)}, ${JSON.stringify(control)}]) {
           const one = new DatabaseSync(file); one.exec('BEGIN EXCLUSIVE'); globalThis[file] = one
         }
         console.log('locked'); setTimeout(() => process.exit(0), 7000)`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await once(locker.stdout, 'data')
    const times: number[] = []
    for (let count = 0; count < 100; count++) {
      const startedAt = performance.now()
      sent += await traffic(one, 1)
      times.push(performance.now() - startedAt)
    }
    times.sort((a, b) => a - b)
    expect(times[98]).toBeLessThan(300)
    if (locker.exitCode === null) await once(locker, 'exit')
    const state = await settled(one, sent)
    expect(state).toMatchObject({ fault: null, rows_dropped: 0, stored: sent })
  }, 40_000)

  it('a full disk: rows before bodies, exact counts, and back by itself', async ({ skip }) => {
    const disk = mkdtempSync(join(tmpdir(), 'smartroute-disk-'))
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk])
    if (mounted.status !== 0) skip('mounting a small disk needs root')
    try {
      const one = await start(['--data-dir', join(disk, 'data')])
      let sent = await traffic(one, 10, 'x'.repeat(20_000))
      await settled(one, sent)
      const hog = join(disk, 'hog')
      spawnSync('dd', ['if=/dev/zero', `of=${hog}`, 'bs=1M', 'count=80'])
      sent += await traffic(one, 300, 'x'.repeat(20_000))
      await until(
        async () => (await logState(one)).fault ?? (await logState(one)).bodies_dropped > 0,
        8_000,
      )
      sent += await traffic(one, 50)
      rmSync(hog)
      const state = await settled(one, sent)
      sent += await traffic(one, 10)
      expect((await settled(one, sent)).fault).toBeNull()
      expect(state.rows_dropped).toBe(0)
    } finally {
      await gateway?.stop()
      gateway = null
      spawnSync('umount', [disk])
      rmSync(disk, { recursive: true, force: true })
    }
  }, 60_000)

  it('a read-only disk: requests go on, and rows are stored once it is writable again', async ({
    skip,
  }) => {
    const one = await start()
    let sent = await traffic(one, 5)
    await settled(one, sent)
    const logs = join(one.dataDir, 'logs')
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', logs]).status !== 0) {
      skip('mounting a small disk needs root')
    }
    sent += await traffic(one, 30)
    const fault = await until(async () => (await logState(one)).fault)
    expect(fault).toMatch(/read-?only|unable to open/i)
    spawnSync('umount', [logs])
    expect(await settled(one, sent)).toMatchObject({ fault: null, rows_dropped: 0 })
  }, 60_000)
})

describe('a disk that fails', () => {
  it('refuses every sync for a while: nobody notices, nothing is lost', async ({ skip }) => {
    if (spawnSync('strace', ['-V']).status !== 0) skip('strace is not installed')
    const one = await start()
    let sent = await traffic(one, 5)
    await settled(one, sent)
    const rules = ['-e', 'trace=pwrite64,fdatasync,fsync']
    const strace = spawn('strace', [
      '-fqq',
      '-o/dev/null',
      `-p${one.process.pid}`,
      ...rules,
      '-einject=pwrite64,fdatasync,fsync:error=EIO:when=2+2',
    ])
    await new Promise((done) => setTimeout(done, 500))
    if (strace.exitCode !== null) skip('this system does not allow to trace processes')
    sent += await traffic(one, 40)
    await new Promise((done) => setTimeout(done, 500))
    const ended = once(strace, 'exit')
    strace.kill('SIGINT')
    await ended
    const state = await settled(one, sent)
    expect(state.stored + state.rows_dropped).toBe(sent)
    sent += await traffic(one, 5)
    expect((await settled(one, sent)).fault).toBeNull()
  }, 60_000)

  for (const call of ['rename', 'fsync', 'openat', 'pwrite64', 'fdatasync']) {
    it(`while the configuration is written (${call}): it is the old or the new one`, async ({
      skip,
    }) => {
      if (spawnSync('strace', ['-V']).status !== 0) skip('strace is not installed')
      const one = await start()
      const path = join(one.folder, 'smartroute.yaml')
      const view = async (): Promise<{ revision: string; document: object }> =>
        (await one.api('/config')).json() as Promise<{ revision: string; document: object }>
      // The history is open before anything fails.
      await one.api('/config/history')
      const old = readFileSync(path, 'utf8')
      const { revision, document } = await view()
      const strace = spawn('strace', [
        '-fqq',
        '-o/dev/null',
        `-p${one.process.pid}`,
        `-etrace=${call}`,
        `-einject=${call}:error=ENOSPC:when=1..4`,
      ])
      await new Promise((done) => setTimeout(done, 500))
      if (strace.exitCode !== null) skip('this system does not allow to trace processes')
      const response = await one.api('/config', {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'if-match': revision },
        body: JSON.stringify({ document: { ...document, timeouts: { idle_ms: 12345 } } }),
      })
      const ended = once(strace, 'exit')
      strace.kill('SIGINT')
      await ended
      const now = readFileSync(path, 'utf8')
      if (response.status === 200) expect(now).toContain('12345')
      else expect([response.status, now]).toEqual([503, old])
      expect((await chat(one, { model: 't1' })).status).toBe(200)
      expect((await view()).document).toBeTruthy()
    }, 30_000)
  }

  it('while a key is made: it is there and works, or it was never promised', async ({ skip }) => {
    if (spawnSync('strace', ['-V']).status !== 0) skip('strace is not installed')
    const folder = mkdtempSync(join(tmpdir(), 'smartroute-eio-'))
    const node = resolve(import.meta.dirname, '../../node_modules/node/bin/node')
    const main = resolve(import.meta.dirname, '../../src/main.ts')
    await runCli(['keys', 'create', 'first', '--data-dir', folder])
    const promised = ['first']
    for (let step = 1; step <= Number(process.env['FAULT_STEPS'] ?? 6); step++) {
      const error = step % 2 === 0 ? 'EIO' : 'ENOSPC'
      const made = spawnSync('strace', [
        '-fqq',
        '-o/dev/null',
        '-etrace=pwrite64,fsync,fdatasync,ftruncate',
        `-einject=pwrite64,fsync,fdatasync,ftruncate:error=${error}:when=${step}`,
        node,
        main,
        'keys',
        'create',
        `key-${step}`,
        '--data-dir',
        folder,
      ])
      if (made.status === 0) promised.push(`key-${step}`)
      const list = await runCli(['keys', 'list', '--data-dir', folder])
      expect(list.code).toBe(0)
      for (const name of promised) expect(list.stdout).toContain(name)
    }
    rmSync(folder, { recursive: true, force: true })
  }, 120_000)
})

describe('kill -9', () => {
  it('loses no row that was said to be stored, and the next start is ready at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smartroute-kill-'))
    const flags = ['--log-level', 'warn', '--data-dir', folder]
    const rounds = Number(process.env['KILLS'] ?? 4)
    let known = 0
    for (let round = 0; round < rounds; round++) {
      const startedAt = performance.now()
      const one = await startGateway(config(), flags)
      expect(performance.now() - startedAt).toBeLessThan(5_000)
      const running = Array.from({ length: 4 }, async () => {
        for (;;) {
          try {
            await chat(one, { model: 't1' })
          } catch {
            return
          }
        }
      })
      await new Promise((done) => setTimeout(done, 400))
      known += (await logState(one)).stored
      one.process.kill('SIGKILL')
      await Promise.all(running)
      await one.stop()
      const rows = countRows(folder)
      expect(rows).toBeGreaterThanOrEqual(known)
      known = rows
    }
    process.stderr.write(`goal R16: ${rounds} kills, ${known} rows, none lost\n`)
    rmSync(folder, { recursive: true, force: true })
  }, 1_800_000)

  it('a key that was shown is kept, whatever happens next', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smartroute-keys-'))
    for (let round = 0; round < Number(process.env['KILLS'] ?? 4); round++) {
      const name = `key-${round}`
      const made = await runCli(['keys', 'create', name, '--data-dir', folder])
      expect(made.code).toBe(0)
      const child = spawn(resolve(import.meta.dirname, '../../node_modules/node/bin/node'), [
        resolve(import.meta.dirname, '../../src/main.ts'),
        'keys',
        'create',
        `${name}b`,
        '--data-dir',
        folder,
      ])
      await new Promise((done) => setTimeout(done, 100 + round * 40))
      child.kill('SIGKILL')
      const list = await runCli(['keys', 'list', '--data-dir', folder])
      expect(list.code).toBe(0)
      expect(list.stdout).toContain(name)
    }
    rmSync(folder, { recursive: true, force: true })
  }, 120_000)
})

/** Rows of every segment; each database must be whole. */
function countRows(dataDir: string): number {
  let count = 0
  for (const name of readdirSync(join(dataDir, 'logs')).filter((file) => file.endsWith('.db'))) {
    const database = new DatabaseSync(join(dataDir, 'logs', name))
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    count += Number(database.prepare('SELECT count(*) AS n FROM exchange').get()?.['n'])
    database.close()
  }
  return count
}
