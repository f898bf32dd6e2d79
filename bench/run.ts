import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import {
  type Candidate,
  start,
  startGateway,
  startMock,
  startNginx,
  stopAll,
} from './candidates.ts'
import type { LoadFigures } from './load-client.ts'
import { canMeasure, familyOf, readCost, readRss } from './process-cost.ts'
import { measureRecord } from './record-cost.ts'
import { report, type Slice } from './report.ts'
import { type Workload, WORKLOADS } from './workloads.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string' },
    rounds: { type: 'string' },
    'no-write': { type: 'boolean' },
    /** Folder of another, built checkout: measured beside this one. */
    against: { type: 'string' },
  },
})
const ROUNDS = Number(values.rounds ?? (values.quick ? 1 : 5))
const SECONDS = values.quick ? 1 : 2
const STREAM_SECONDS = values.quick ? 2 : 6
const IDLE_MS = 2_500

class Load {
  readonly #child: ChildProcess
  #lines: ((line: string) => void)[] = []

  constructor() {
    this.#child = start(1, process.execPath, [
      fileURLToPath(new URL('./load-client.ts', import.meta.url)),
    ])
    let rest = ''
    this.#child.stdout?.on('data', (text: Buffer) => {
      const lines = (rest + text.toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.#lines.shift()?.(line)
    })
  }

  /** Runs one slice; `onStart` and the result frame the measured time. */
  async slice(candidate: Candidate, workload: Workload): Promise<Slice> {
    const seconds = workload.kind === 'streams' ? STREAM_SECONDS : SECONDS
    const started = this.#next()
    const done = this.#next()
    const command = {
      workload: workload.name,
      port: candidate.port,
      path: candidate.path(workload.name),
      seconds,
    }
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`)
    await started
    const pids = canMeasure ? familyOf(candidate.pid) : []
    const before = readCost(pids)
    const figures = JSON.parse(await done) as LoadFigures
    const after = readCost(pids)
    const rssMb = readRss(pids)
    await new Promise((resolve) => setTimeout(resolve, 250))
    const cpuUs = after.cpuUs - before.cpuUs
    const mainUs = after.mainUs - before.mainUs
    return { candidate: candidate.name, workload: workload.name, figures, cpuUs, mainUs, rssMb }
  }

  #next(): Promise<string> {
    return new Promise((resolve) => this.#lines.push(resolve))
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((left, right) => left.key - right.key)
    .map(({ item }) => item)
}

interface Turn {
  readonly round: number
  readonly workload: Workload
  readonly candidate: Candidate
}

/** Candidates take turns within each workload, so that a slow minute of the machine hits both. */
function schedule(
  rounds: readonly number[],
  workloads: readonly Workload[],
  candidates: readonly Candidate[],
): Turn[] {
  return rounds.flatMap((round) =>
    workloads.flatMap((workload) =>
      shuffled(candidates).map((candidate) => ({ round, workload, candidate })),
    ),
  )
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'smartroute-bench-'))
  process.on('SIGINT', () => {
    stopAll()
    process.exit(130)
  })
  try {
    if (!canMeasure)
      console.log('CPU and memory figures need Linux (/proc): only rates and latencies follow.')
    const mockPort = await startMock()
    const gateway = await startGateway(folder, mockPort)
    const nginx = await startNginx(folder, mockPort)
    if (nginx === null)
      console.log('nginx is not installed: no floor, no ratios (Debian: apt install nginx-light).')
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
    const idleMb = canMeasure ? readRss([gateway.pid]) : 0
    const recordUs = await measureRecord()
    const load = new Load()
    const slices: Slice[] = []
    const candidates = nginx === null ? [gateway] : [gateway, nginx]
    const { against } = values
    if (against !== undefined) candidates.push(await startGateway(folder, mockPort, against))
    const workloads = WORKLOADS.filter(
      ({ name }) => values.only === undefined || values.only.split(',').includes(name),
    )
    const rounds = Array.from({ length: ROUNDS }, (_, index) => index + 1)
    for (const { round, workload, candidate } of schedule(rounds, workloads, candidates)) {
      // What a thousand streams need is asked of a process that has done nothing before.
      const isFresh = workload.name === 'S1000' && candidate === gateway
      const measured = isFresh ? await startGateway(folder, mockPort) : candidate
      slices.push(await load.slice(measured, workload))
      if (isFresh) process.kill(measured.pid)
      process.stderr.write(`\rround ${round}/${ROUNDS} ${workload.name} ${candidate.name}      `)
    }
    process.stderr.write('\r')
    report({ slices, idleMb, recordUs, write: values['no-write'] !== true })
  } finally {
    stopAll()
    await new Promise((resolve) => setTimeout(resolve, 800))
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
process.exit(0)
