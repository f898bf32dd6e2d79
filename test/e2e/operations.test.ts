import { once } from 'node:events'
import { createServer } from 'node:net'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chat } from '../support/chat.ts'
import { startFakeUpstream } from '../support/fake-upstream.ts'
import { provider } from '../support/fixture.ts'
import { runCli, startGateway, until } from '../support/start-gateway.ts'

describe('operations', () => {
  it('runs without any configuration: three lines, and a curl that works as pasted', async () => {
    const gateway = await startGateway(null)
    const output = gateway.output()
    expect(output).toMatch(/Panel\s+http:\/\/127\.0\.0\.1:\d+\/#setup=\S{20,}/)
    expect(output).toMatch(/API\s+http:\/\/127\.0\.0\.1:\d+\/v1/)
    expect(output).toContain('demo/small')
    const command = /Try it\s+(curl .+)/.exec(output)?.[1] ?? ''
    const answer = await chat(gateway, {
      model: 'auto',
      messages: [{ role: 'user', content: 'Hello' }],
    })
    expect(answer.content).toContain('simulated')
    expect(answer.headers.get('x-smartroute-model')).toBe('demo/small')
    expect(command).toContain('-d \'{"model":"auto"')
    const chinese = await chat(gateway, {
      model: 'auto',
      stream: true,
      messages: [{ role: 'user', content: '证明根号二是无理数，并推广到所有非完全平方的正整数。' }],
    })
    expect(chinese.content).toContain('模拟')
    expect(chinese.headers.get('x-smartroute-tier')).toBe('t3')
    expect(await gateway.stop()).toBe(0)
  })

  it('says how it is, and drains: an open stream ends intact, then the exit code is 0', async () => {
    const upstream = await startFakeUpstream()
    const gateway = await startGateway(
      `${provider(upstream.baseUrl)}tiers: { t1: { models: [fake/ok] } }\n`,
      ['--log-level', 'warn'],
    )
    const get = async (path: string): Promise<[number, string]> => {
      const response = await fetch(gateway.url + path)
      return [response.status, await response.text()]
    }
    expect((await get('/livez'))[0]).toBe(200)
    expect((await get('/readyz'))[0]).toBe(200)
    expect((await get('/health'))[0]).toBe(200)
    expect((await get('/'))[1]).toContain('<!doctype html>')
    await chat(gateway, { model: 't1' })
    const [, metrics] = await get('/metrics')
    expect(metrics).toMatch(
      /smartroute_requests_total\{tier="t1",provider="fake",model="ok",outcome="ok"\} 1/,
    )
    expect(metrics).toMatch(/smartroute_request_duration_seconds_count 1/)
    const streaming = chat(gateway, { model: 'fake/paced', stream: true })
    await until(() => upstream.of('paced')[0])
    gateway.process.kill('SIGTERM')
    await until(async () => (await get('/readyz'))[0] === 503, 1_000)
    const answer = await streaming
    expect(answer.events.at(-1)).toBe('[DONE]')
    if (gateway.process.exitCode === null) await once(gateway.process, 'exit')
    expect(gateway.process.exitCode).toBe(0)
    await upstream.close()
  })

  it('makes and ends keys while it runs, noticed within a second', async () => {
    const upstream = await startFakeUpstream()
    const gateway = await startGateway(
      `${provider(upstream.baseUrl)}tiers: { t1: { models: [fake/ok] } }\n`,
      ['--log-level', 'warn'],
    )
    const keys = (...args: string[]): ReturnType<typeof runCli> =>
      runCli(['keys', ...args, '--data-dir', gateway.dataDir])
    expect((await chat(gateway, { model: 't1' })).status).toBe(200)
    const key = (await keys('create', 'laptop')).stdout.trim()
    expect(key).toMatch(/^sr-[0-9A-Za-z]{43}$/)
    await until(async () => (await chat(gateway, { model: 't1' })).status === 401, 1_000)
    for (const headers of [
      { authorization: `Bearer ${key}` },
      { 'x-api-key': key },
      { 'api-key': key },
    ]) {
      expect((await chat(gateway, { model: 't1' }, headers as Record<string, string>)).status).toBe(
        200,
      )
    }
    expect((await keys('create', 'laptop')).code).toBe(1)
    expect((await keys('create', 'other')).code).toBe(0)
    expect((await keys('list')).stdout).toMatch(/active\s+sr-/)
    expect((await keys('revoke', 'laptop')).code).toBe(0)
    await until(
      async () =>
        (await chat(gateway, { model: 't1' }, { authorization: `Bearer ${key}` })).status === 401,
      1_000,
    )
    await gateway.stop()
    await upstream.close()
  })

  it('keeps web pages away from an open gateway', async () => {
    const gateway = await startGateway(null)
    expect((await chat(gateway, { model: 't1' }, { origin: 'https://evil.example' })).status).toBe(
      403,
    )
    expect((await chat(gateway, { model: 't1' }, { origin: 'http://localhost:3000' })).status).toBe(
      200,
    )
    await gateway.stop()
  })

  it('refuses what is unsafe or impossible with the right exit code', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smartroute-'))
    const bad = join(folder, 'bad.yaml')
    await writeFile(bad, 'tiers:\n  t1: { modles: [] }\n')
    const data = ['--data-dir', join(folder, 'data')]
    const open = await runCli(['demo', '--host', '0.0.0.0', '--port', '0', ...data])
    expect([open.code, open.stderr]).toEqual([78, expect.stringContaining('without a gateway key')])
    const invalid = await runCli(['serve', '-c', bad, '--port', '0', ...data])
    expect([invalid.code, invalid.stderr]).toEqual([
      78,
      expect.stringMatching(/bad\.yaml:2:\d+ .*did you mean "models"/),
    ])
    expect((await runCli(['check', bad])).code).toBe(78)
    expect((await runCli(['check', bad, '--lang', 'zh'])).stderr).toContain('是否想写')
    const usage = await runCli(['serve', '--prot', '1'])
    expect([usage.code, usage.stderr]).toEqual([2, expect.stringContaining('--port')])
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const { port } = blocker.address() as { port: number }
    const taken = await runCli(['demo', '--port', String(port), ...data])
    expect([taken.code, taken.stderr]).toEqual([69, expect.stringContaining(String(port))])
    blocker.close()
    await writeFile(join(folder, 'file'), '')
    expect(
      (await runCli(['demo', '--port', '0', '--data-dir', join(folder, 'file', 'x')])).code,
    ).toBe(74)
  })

  it('writes a starter configuration for the keys in the environment, and explains routes offline', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smartroute-'))
    const env = {
      DEEPSEEK_API_KEY: 'sk-from-env',
      OPENAI_API_KEY: 'sk-other',
      XDG_CONFIG_HOME: folder,
    }
    const route = await runCli(['route', '你好', '--json'], env, folder)
    expect(JSON.parse(route.stdout)).toMatchObject({
      tier: 't1',
      reason: expect.stringMatching(/^rule; rule=\d+$/),
    })
    const check = await runCli(['check'], env, folder)
    expect([check.code, check.stdout]).toEqual([0, expect.stringContaining('2 providers')])
    const text = await import('node:fs/promises').then((fs) =>
      fs.readFile(join(folder, 'smartroute.yaml'), 'utf8'),
    )
    expect(text).toContain('${DEEPSEEK_API_KEY}')
    expect(text).not.toContain('sk-from-env')
    expect((await runCli(['version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect((await runCli(['--help', '--lang', 'zh'])).stdout).toContain('用法')
    expect(JSON.parse((await runCli(['schema'])).stdout)).toHaveProperty('properties.tiers')
  })
})
