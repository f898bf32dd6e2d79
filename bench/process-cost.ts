import { readdirSync, readFileSync } from 'node:fs'

/** What the kernel has accounted to a process, Linux only. */
export interface ProcessCost {
  /** Microseconds of CPU of all threads, and of the main thread alone. */
  readonly cpuUs: number
  readonly mainUs: number
}

export const canMeasure = process.platform === 'linux'

/** Run time of every thread (schedstat, in ns): no 10 ms tick, unlike utime and stime. */
export function readCost(pids: readonly number[]): ProcessCost {
  let cpuUs = 0
  let mainUs = 0
  for (const pid of pids) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const us =
        Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1_000
      cpuUs += us
      if (thread === String(pid)) mainUs += us
    }
  }
  return { cpuUs, mainUs }
}

/** Resident memory in MB (1024 * 1024 bytes). */
export function readRss(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return sum + Number(kb ?? 0) / 1_024
  }, 0)
}

/** A process and its children (nginx: master and worker). */
export function familyOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  const children = readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(familyOf)]
}
