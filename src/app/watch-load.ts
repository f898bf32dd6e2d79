import { readdirSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const CHECK_MS = 1_000
const DELAY_MS_MAX = 200
/** So many bad seconds in a row: one long garbage collection is no overload. */
const BAD_CHECKS = 2
const MEMORY_SHARE_MAX = 0.85
const FILES_SHARE_MAX = 0.9
/** Counting open files reads a folder: not every second. */
const FILES_EVERY = 5

/** Tells once a second whether the process can take more requests; null: it can. */
export function watchLoad(tell: (overload: string | null) => void): { stop: () => void } {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const memoryMax = memoryLimit()
  const filesMax = filesLimit()
  let bad = 0
  let checks = 0
  let files = 0
  const timer = setInterval(() => {
    const delayMs = delay.percentile(99) / 1e6
    delay.reset()
    bad = delayMs > DELAY_MS_MAX ? bad + 1 : 0
    if (checks++ % FILES_EVERY === 0) files = openFiles()
    if (bad >= BAD_CHECKS) tell(`the event loop is ${Math.round(delayMs)} ms behind`)
    else if (process.memoryUsage.rss() > memoryMax * MEMORY_SHARE_MAX) tell('memory is short')
    else if (files > filesMax * FILES_SHARE_MAX) tell('too many files and connections are open')
    else tell(null)
  }, CHECK_MS)
  timer.unref()
  return {
    stop: () => {
      clearInterval(timer)
      delay.disable()
    },
  }
}

/** What the container or the machine allows, in bytes. */
function memoryLimit(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? limit : Infinity
}

function filesLimit(): number {
  try {
    const line = /Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))
    return line === null ? Infinity : Number(line[1])
  } catch {
    return Infinity
  }
}

function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}
