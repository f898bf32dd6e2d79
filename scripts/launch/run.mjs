import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { root } from './root.mjs'

const PARENT_CHECK_MS = 300
/** Read at once: it may die while dependencies are installed. */
const parent = process.ppid

/** The project's own Node. */
export function runtime() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  return fileURLToPath(new URL(`node_modules/node/bin/${name}`, root))
}

/** Runs a child in the caller's folder; signals go through, its exit code comes back. */
export function run(command, [file, ...args]) {
  const child = spawn(command, [fileURLToPath(new URL(file, root)), ...args], { stdio: 'inherit' })
  // Ctrl+C in a terminal reaches the child by itself; a signal to this process alone does not.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT')
  })
  // npm runs scripts in a shell that dies of a signal without passing it on.
  const watching = setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM')
  }, PARENT_CHECK_MS)
  watching.unref()
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)))
  })
}
