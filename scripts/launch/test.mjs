import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './root.mjs'

const folder = fileURLToPath(root)
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024

/** The steps of CI. Every step runs, so that one broken thing does not hide another. */
const STEPS = [
  ['format', 'oxfmt', ['--check', '.']],
  ['lint', 'oxlint', []],
  ['types', 'tsc', []],
  ['panel types', 'tsc', ['-p', 'web']],
  ['dead code', 'knip', []],
]

/** Runs the steps, then the tests, and ends with one line `N passed, N failed` over all of it. */
export function testAll() {
  const bin = join(folder, 'node_modules', '.bin')
  const env = { ...process.env, PATH: bin + delimiter + (process.env.PATH ?? ''), NO_COLOR: '1' }
  const options = { cwd: folder, env, shell: process.platform === 'win32' }
  const results = STEPS.map(([name, command, args]) => {
    const stdio = ['ignore', 'inherit', 'inherit']
    const { status } = spawnSync(command, args, { ...options, stdio })
    console.log(name + (status === 0 ? ': ok' : ': FAILED'))
    return status === 0
  })
  const tests = runTests(options)
  const passed = tests.passed + results.filter(Boolean).length
  const failed = tests.failed + results.filter((ok) => !ok).length
  console.log(`${passed} passed, ${failed} failed, ${tests.skipped} skipped`)
  return failed === 0 ? 0 : 1
}

/** A runner that dies without its closing line, or fails with a clean one, counts as a failure. */
function runTests(options) {
  const stdio = ['ignore', 'pipe', 'inherit']
  const child = spawnSync('vitest', ['run'], { ...options, stdio, maxBuffer: OUTPUT_BYTES_MAX })
  const output = child.stdout.toString()
  const closing = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1)
  if (closing === undefined) {
    process.stdout.write(output)
    return { passed: 0, failed: 1, skipped: 0 }
  }
  process.stdout.write(output.replace(closing[0], ''))
  const [passed = 0, failed = 0, skipped = 0] = closing.slice(1).map(Number)
  return { passed, failed: failed === 0 && child.status !== 0 ? 1 : failed, skipped }
}
