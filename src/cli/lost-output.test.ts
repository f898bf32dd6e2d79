import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT } from './exit-code.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const COMMANDS = [['help'], ['schema'], ['version'], ['bench']]
const FULL = '/dev/full'

/** A command whose output goes to `stdout`, or to a reader that has gone. */
async function run(
  args: readonly string[],
  { stdout = 'pipe', stderr = 'pipe' }: { stdout?: number | 'pipe'; stderr?: number | 'pipe' } = {},
): Promise<{ code: number | null; complaint: string }> {
  const node = resolve(ROOT, 'node_modules/node/bin/node')
  const child = spawn(node, [resolve(ROOT, 'src/main.ts'), ...args, '--lang', 'en'], {
    stdio: ['ignore', stdout, stderr],
  })
  child.stdout?.destroy()
  let complaint = ''
  child.stderr?.on('data', (text: Buffer) => (complaint += text.toString()))
  await once(child, 'close')
  return { code: child.exitCode, complaint }
}

async function withFull<T>(use: (file: number) => Promise<T>): Promise<T> {
  const file = openSync(FULL, 'w')
  try {
    return await use(file)
  } finally {
    closeSync(file)
  }
}

describe('output that nobody takes', () => {
  it.each(COMMANDS)('ends %s in peace where the reader has gone', async (...args) => {
    expect(await run(args)).toEqual({ code: EXIT.ok, complaint: '' })
  })

  it.runIf(existsSync(FULL)).each(COMMANDS)('is an error of %s on a full disk', async (...args) => {
    const { code, complaint } = await withFull((stdout) => run(args, { stdout }))
    expect(code).toBe(EXIT.io)
    expect(complaint).toMatch(/^[^\n]*stdout[^\n]*ENOSPC[^\n]*\n$/)
  })

  it.runIf(existsSync(FULL))('changes no exit code where it is a complaint', async () => {
    for (const args of [['route'], ['--unknown']]) {
      expect(await withFull((stderr) => run(args, { stderr }))).toMatchObject({ code: EXIT.usage })
    }
  })
})
