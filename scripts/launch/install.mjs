import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { root } from './root.mjs'

const STAMP = new URL('node_modules/.smartroute-stamp', root)

/**
 * Installs when node_modules is absent or belongs to another lockfile. Not `npm ci`: it refuses a
 * lockfile that lacks a binary of some other platform; `--no-save` keeps the lockfile as it is.
 */
export function installIfMissing() {
  const wanted = createHash('sha256')
    .update(readFileSync(new URL('package-lock.json', root)))
    .digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted && hasRuntime()) return
  console.log('Installing what the lockfile names (once) … / 正在按锁定文件安装依赖（仅首次）……')
  const npm = process.env.npm_execpath
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  const options = {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: command === 'npm' && process.platform === 'win32',
  }
  const { status } = spawnSync(
    command,
    [...args, 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    options,
  )
  if (status !== 0)
    fail(
      'npm install failed. Is the registry reachable? In China: npm config set registry https://registry.npmmirror.com',
      'npm install 失败。请检查能否访问 npm 源；国内可执行：npm config set registry https://registry.npmmirror.com',
    )
  // The runtime is unpacked by an install script, which npm may have been told to skip.
  if (!hasRuntime())
    spawnSync(command, [...args, 'rebuild', 'node', '--foreground-scripts'], options)
  if (!hasRuntime())
    fail(
      'The Node runtime is missing: npm skipped its install script. Run: npm rebuild node',
      '缺少 Node 运行时：npm 跳过了它的安装脚本。请运行：npm rebuild node',
    )
  writeFileSync(STAMP, wanted)
}

/** The package's placeholder is a small text; the runtime is not. */
function hasRuntime() {
  const file = new URL(
    `node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`,
    root,
  )
  return existsSync(file) && statSync(file).size > 1_000_000
}

function fail(english, chinese) {
  console.error(`${english}\n${chinese}`)
  process.exit(1)
}
