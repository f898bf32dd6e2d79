import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './root.mjs'
import { runtime } from './run.mjs'

const folder = fileURLToPath(root)
const stamp = join(folder, 'dist', '.stamp')

/** Compiles the gateway and the panel where a source is newer than the last build. */
export function buildIfStale() {
  buildGateway()
  buildPanel()
}

function buildGateway() {
  const sources = [
    join(folder, 'src'),
    join(folder, 'tsconfig.json'),
    join(folder, 'tsconfig.build.json'),
    join(folder, 'package-lock.json'),
  ]
  const newest = Math.max(...sources.map(newestIn))
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= newest) return
  for (const name of existsSync(join(folder, 'dist')) ? readdirSync(join(folder, 'dist')) : []) {
    if (name !== 'panel') rmSync(join(folder, 'dist', name), { recursive: true, force: true })
  }
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

function buildPanel() {
  const sources = ['web', 'vite.config.ts', 'package-lock.json', 'src/contract']
  const newest = Math.max(...sources.map((name) => newestIn(join(folder, name))))
  const done = join(folder, 'dist', 'panel', '.stamp')
  if (existsSync(done) && statSync(done).mtimeMs >= newest) return
  const { status } = spawnSync(
    runtime(),
    [join(folder, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'],
    { cwd: folder, stdio: 'inherit' },
  )
  if (status !== 0) {
    console.error('The panel could not be built. / 面板构建失败。')
    process.exit(1)
  }
  compressIn(join(folder, 'dist', 'panel'))
  writeFileSync(done, '')
}

/** Once, while building: the gateway sends these as they are. */
function compressIn(path) {
  for (const name of readdirSync(path)) {
    const file = join(path, name)
    if (statSync(file).isDirectory()) compressIn(file)
    else if (/\.(?:js|css|svg)$/.test(name)) {
      const bytes = readFileSync(file)
      writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
      writeFileSync(`${file}.br`, brotliCompressSync(bytes))
    }
  }
}

function newestIn(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))))
}
