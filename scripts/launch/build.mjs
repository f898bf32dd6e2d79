import { chmodSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './root.mjs'
import { runtime } from './run.mjs'

const folder = fileURLToPath(root)
const stamp = join(folder, 'dist', '.stamp')

/** Compiles when a source is newer than the last build. */
export function buildIfStale() {
  const sources = [
    join(folder, 'src'),
    join(folder, 'tsconfig.json'),
    join(folder, 'tsconfig.build.json'),
    join(folder, 'package-lock.json'),
  ]
  const newest = Math.max(...sources.map(newestIn))
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= newest) return
  rmSync(join(folder, 'dist'), { recursive: true, force: true })
  const { status } = spawnSync(
    runtime(),
    [join(folder, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    { cwd: folder, stdio: 'inherit' },
  )
  if (status !== 0) {
    console.error('The build failed. / 构建失败。')
    process.exit(1)
  }
  chmodSync(join(folder, 'dist/main.js'), 0o755)
  writeFileSync(stamp, '')
}

function newestIn(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))))
}
