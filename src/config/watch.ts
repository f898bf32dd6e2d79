import { readFileSync, statSync, watch } from 'node:fs'
import { dirname } from 'node:path'

export interface ConfigWatcher {
  /** Reads the file now, whether it changed or not. */
  reload(): void
  close(): void
}

const SETTLE_MS = 50
const POLL_MS = 400

/**
 * Reports the text of a file whenever it has changed. Watches the folder, because editors and
 * container platforms replace files and links instead of writing into them, and polls beside it,
 * because notifications get lost (network drives, some containers).
 */
export function watchConfig(path: string, onText: (text: string) => void): ConfigWatcher {
  let seen = signature(path)
  let last = readText(path)
  let timer: NodeJS.Timeout | undefined
  const read = (force: boolean): void => {
    seen = signature(path)
    const text = readText(path)
    // A file that is missing for a moment is being replaced.
    if (text === null || (!force && text === last)) return
    last = text
    onText(text)
  }
  const settle = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => read(false), SETTLE_MS)
  }
  const watcher = startWatcher(dirname(path), settle)
  const poll = setInterval(() => {
    if (signature(path) !== seen) settle()
  }, POLL_MS)
  poll.unref()
  return {
    reload: () => read(true),
    close: () => {
      clearTimeout(timer)
      clearInterval(poll)
      watcher?.close()
    },
  }
}

function startWatcher(folder: string, onEvent: () => void): { close(): void } | null {
  try {
    const watcher = watch(folder, { persistent: false }, onEvent)
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return null // The poll alone is slower, and enough.
  }
}

function signature(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path)
    return `${mtimeMs} ${size} ${ino}`
  } catch {
    return ''
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
