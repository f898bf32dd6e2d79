import { once } from 'node:events'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Gateway, runCli, startGateway, until } from '../support/start-gateway.ts'

const PASSWORD = 'an-uncommon-password-8'

async function signIn(gateway: Gateway, password = PASSWORD): Promise<Response> {
  return fetch(`${gateway.url}/api/v1/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password }),
  })
}

const cookieOf = (response: Response): string =>
  response.headers.get('set-cookie')?.split(';')[0] ?? ''
const isIn = async (gateway: Gateway, cookie: string): Promise<boolean> =>
  (await fetch(`${gateway.url}/api/v1/keys`, { headers: { cookie } })).status === 200

describe('the first password', () => {
  it('comes from the environment; then no token is made, and another one changes nothing', async () => {
    const first = await startGateway(null, ['--lang', 'zh'], {
      SMARTROUTE_ADMIN_PASSWORD: PASSWORD,
    })
    expect(first.output()).toMatch(/面板\s+http\S+\/\s+（使用密码登录）/)
    expect(first.output()).not.toContain('#setup=')
    const cookie = cookieOf(await signIn(first))
    expect(await isIn(first, cookie)).toBe(true)
    first.process.kill('SIGTERM')
    await once(first.process, 'exit')

    const env = { SMARTROUTE_ADMIN_PASSWORD: 'another-uncommon-one-9' }
    const second = await startGateway(null, ['--data-dir', first.dataDir], env)
    expect(second.output()).toMatch(/Panel\s+http\S+\/\s+\(sign in with your password\)/)
    expect(second.output()).not.toContain('#setup=')
    // The session is still there, the password is the stored one.
    expect(await isIn(second, cookie)).toBe(true)
    expect((await signIn(second, env.SMARTROUTE_ADMIN_PASSWORD)).status).toBe(401)
    expect((await signIn(second)).status).toBe(200)

    const reset = await runCli([
      'admin',
      'reset-password',
      '--data-dir',
      first.dataDir,
      '--lang',
      'zh',
    ])
    expect([reset.code, reset.stdout]).toEqual([0, expect.stringContaining('已清除')])
    expect(await isIn(second, cookie)).toBe(false)
    expect((await signIn(second)).status).toBe(401)
    await second.stop()

    const third = await startGateway(null, ['--data-dir', first.dataDir])
    expect(third.output()).toContain('#setup=')
    await third.stop()
    await first.stop()
  })

  it('comes from a file, and is refused where it is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smartroute-'))
    const file = join(folder, 'password')
    await writeFile(file, `${PASSWORD}\n`, { mode: 0o600 })
    const gateway = await startGateway(null, [], { SMARTROUTE_ADMIN_PASSWORD_FILE: file })
    expect((await signIn(gateway)).status).toBe(200)
    await gateway.stop()
    const start = (env: Record<string, string>): ReturnType<typeof runCli> =>
      runCli(['demo', '--port', '0', '--data-dir', join(folder, 'data')], env, folder)
    for (const [env, text] of [
      [{ SMARTROUTE_ADMIN_PASSWORD: 'short' }, 'at least 12'],
      [{ SMARTROUTE_ADMIN_PASSWORD: 'password123456' }, 'common'],
      [{ SMARTROUTE_ADMIN_PASSWORD_FILE: `${file}.gone` }, 'ADMIN_PASSWORD_FILE cannot be read'],
    ] as const) {
      const { code, stderr } = await start(env)
      expect([code, stderr]).toEqual([78, expect.stringContaining(text)])
      expect(stderr).not.toContain('password123456')
    }
  })
})

describe('signing in', () => {
  it.skipIf(process.platform !== 'linux')('gives its memory back', async () => {
    const gateway = await startGateway(null, ['--log-level', 'warn'], {
      SMARTROUTE_ADMIN_PASSWORD: PASSWORD,
    })
    const residentMb = async (): Promise<number> => {
      const status = await readFile(`/proc/${gateway.process.pid}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
    }
    await signIn(gateway)
    const before = await residentMb()
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 4 }, () => signIn(gateway)))
    }
    await until(async () => (await residentMb()) < before + 40, 5_000)
    await gateway.stop()
  })
})

describe('who watches', () => {
  it('sees nothing more soon after the session has ended', async () => {
    const gateway = await startGateway(null, ['--log-level', 'warn'], {
      SMARTROUTE_ADMIN_PASSWORD: PASSWORD,
    })
    const cookie = cookieOf(await signIn(gateway))
    const live = await fetch(`${gateway.url}/api/v1/live`, { headers: { cookie } })
    const reader = live.body?.getReader()
    expect((await reader?.read())?.done).toBe(false)
    const out = await fetch(`${gateway.url}/api/v1/auth/sign-out`, {
      method: 'POST',
      headers: { cookie, 'x-smartroute-csrf': '1' },
    })
    expect(out.status).toBe(200)
    expect(out.headers.get('set-cookie')).toMatch(/Max-Age=0/)
    await until(async () => (await reader?.read())?.done === true, 8_000)
    expect(await isIn(gateway, cookie)).toBe(false)
    await gateway.stop()
  })
})
