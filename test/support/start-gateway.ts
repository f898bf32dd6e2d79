import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** The real program in a process of its own. */
export interface Gateway {
  readonly url: string
  readonly folder: string
  readonly dataDir: string
  readonly process: ChildProcess
  output(): string
  /** Replaces the configuration as an editor does: by renaming a new file over it. */
  configure(text: string): Promise<void>
  api(path: string, init?: RequestInit): Promise<Response>
  /** Resolves to the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export const ADMIN_TOKEN = 'admin-token-for-tests-0123456789'
const MAIN = resolve(import.meta.dirname, '../../src/main.ts')
const NODE = resolve(import.meta.dirname, '../../node_modules/node/bin/node')
const START_MS = 20_000

export async function startGateway(
  config: string | null,
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'smartroute-'))
  const configPath = join(folder, 'smartroute.yaml')
  const dataDir = join(folder, 'data')
  if (config !== null) await writeFile(configPath, config)
  const named = config === null ? [] : ['--config', configPath]
  const child = spawn(
    NODE,
    [MAIN, 'serve', ...named, '--port', '0', '--data-dir', dataDir, ...flags],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, SMARTROUTE_ADMIN_TOKEN: ADMIN_TOKEN, ...env },
    },
  )
  let output = ''
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  child.stderr.on('data', (text: Buffer) => (output += text.toString()))
  const url = await untilListening(child, () => output)
  return {
    url,
    folder,
    dataDir,
    process: child,
    output: () => output,
    configure: async (text) => {
      await writeFile(`${configPath}.new`, text)
      await rename(`${configPath}.new`, configPath)
    },
    api: (path, init) =>
      fetch(`${url}/api/v1${path}`, {
        ...init,
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...(init?.headers as object) },
      }),
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, 'exit')
        child.kill(signal)
        await exit
      }
      await rm(folder, { recursive: true, force: true })
      return child.exitCode
    },
  }
}

async function untilListening(child: ChildProcess, output: () => string): Promise<string> {
  const address = await until(() => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the gateway exited ${child.exitCode ?? child.signalCode}:\n${output()}`)
    return /API\s+(http:\/\/\S+)\/v1/.exec(output())?.[1]
  }, START_MS)
  return address
}

/** Runs a command of the CLI to its end. */
export async function runCli(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = tmpdir(),
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(NODE, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, ...env },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
  await once(child, 'close')
  return { code: child.exitCode, stdout, stderr }
}

/** Waits until a probe gives something, at most so long. */
export async function until<T>(
  probe: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  ms = 3_000,
): Promise<T> {
  const deadline = performance.now() + ms
  for (;;) {
    const value = await probe()
    if (value !== undefined && value !== null && value !== false) return value
    if (performance.now() > deadline) throw new Error(`nothing within ${ms} ms`)
    await new Promise((done) => setTimeout(done, 10))
  }
}
