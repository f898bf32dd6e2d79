import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { LoadFigures } from './load-client.ts'
import { WORKLOADS } from './workloads.ts'

/** One candidate under one workload for a few seconds. */
export interface Slice {
  readonly candidate: string
  readonly workload: string
  readonly figures: LoadFigures
  readonly cpuUs: number
  readonly mainUs: number
  readonly rssMb: number
}

export interface Results {
  readonly slices: readonly Slice[]
  readonly idleMb: number
  readonly recordUs: number
  readonly write: boolean
}

interface Row {
  readonly workload: string
  readonly candidate: string
  readonly perSecond: number
  readonly cpuUs: number
  readonly cpuMin: number
  readonly cpuMax: number
  readonly mainUs: number
  readonly ratio: number | null
  readonly p50: number
  readonly p99: number
  readonly rssMb: number
  readonly errors: number
}

/** What the project promises itself. Shown beside each figure; never a reason to fail. */
const BUDGETS: readonly {
  readonly name: string
  readonly limit: number
  readonly read: (rows: readonly Row[], results: Results) => number | null
}[] = [
  { name: 'W1 CPU per request, µs', limit: 220, read: (rows) => find(rows, 'W1')?.cpuUs ?? null },
  { name: 'W1 against nginx, times', limit: 5.5, read: (rows) => find(rows, 'W1')?.ratio ?? null },
  { name: 'W2 CPU per request, µs', limit: 1_800, read: (rows) => find(rows, 'W2')?.cpuUs ?? null },
  { name: 'W4 CPU per chunk, µs', limit: 85, read: (rows) => find(rows, 'W4')?.cpuUs ?? null },
  { name: 'memory idle, MB', limit: 90, read: (_rows, results) => results.idleMb || null },
  {
    name: 'memory with 1,000 streams, MB',
    limit: 260,
    read: (rows) => find(rows, 'S1000')?.rssMb ?? null,
  },
  { name: 'main thread per log row, µs', limit: 5, read: (_rows, results) => results.recordUs },
]

/** Prints the table and keeps it in bench/results. */
export function report(results: Results): void {
  const rows = summarise(results.slices)
  const text = `${table(rows)}\n\n${budgets(rows, results)}\n`
  console.log(text)
  if (!results.write) return
  const { model = 'unknown' } = cpus()[0] ?? {}
  const commit =
    spawnSync('git', ['rev-parse', '--short', 'HEAD']).stdout.toString().trim() || 'unknown'
  const machine = {
    cpu: model,
    cores: cpus().length,
    node: process.version,
    kernel: release(),
    commit,
  }
  const folder = fileURLToPath(new URL('./results/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const name = `${folder}${new Date().toISOString().slice(0, 10)}-${commit}`
  const about = `# Bench ${commit}\n\n${machine.cpu}, ${machine.cores} cores, Linux ${machine.kernel}, Node ${machine.node}. Medians over interleaved slices; CPU of the whole process from the kernel.\n\n`
  writeFileSync(`${name}.md`, about + text)
  writeFileSync(
    `${name}.json`,
    `${JSON.stringify({ machine, idleMb: results.idleMb, recordUs: results.recordUs, rows }, null, 2)}\n`,
  )
  console.log(`written to ${name}.md`)
}

function summarise(slices: readonly Slice[]): Row[] {
  const rows: Row[] = []
  for (const { name: workload } of WORKLOADS) {
    const floor = median(costs(slices, workload, 'nginx').map(({ perUnit }) => perUnit))
    for (const candidate of ['smartroute', 'before', 'nginx']) {
      const own = costs(slices, workload, candidate)
      if (own.length === 0) continue
      const perUnit = own.map((cost) => cost.perUnit)
      const of = (pick: (slice: Slice) => number): number =>
        median(own.map(({ slice }) => pick(slice)))
      const cpuUs = median(perUnit)
      rows.push({
        workload,
        candidate,
        perSecond: median(own.map(({ units, slice }) => units / slice.figures.seconds)),
        cpuUs,
        cpuMin: Math.min(...perUnit),
        cpuMax: Math.max(...perUnit),
        mainUs: median(own.map(({ units, slice }) => slice.mainUs / units)),
        ratio: Number.isNaN(floor) ? null : cpuUs / floor,
        p50: of(({ figures }) => figures.p50),
        p99: of(({ figures }) => figures.p99),
        rssMb: of(({ rssMb }) => rssMb),
        errors: own.reduce((sum, { slice }) => sum + slice.figures.errors, 0),
      })
    }
  }
  return rows
}

/** CPU per request, or per chunk of paced streams. */
function costs(
  slices: readonly Slice[],
  workload: string,
  candidate: string,
): { slice: Slice; units: number; perUnit: number }[] {
  return slices
    .filter((slice) => slice.workload === workload && slice.candidate === candidate)
    .map((slice) => {
      const units = Math.max(1, slice.figures.chunks || slice.figures.requests)
      return { slice, units, perUnit: slice.cpuUs / units }
    })
}

function table(rows: readonly Row[]): string {
  const head =
    '| workload | candidate | per s | CPU µs (min–max) | main thread µs | × nginx | p50 ms | p99 ms | RSS MB | errors |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|'
  const lines = rows.map((row) => {
    const title = WORKLOADS.find(({ name }) => name === row.workload)?.title ?? ''
    const cpu = `${show(row.cpuUs)} (${show(row.cpuMin)}–${show(row.cpuMax)})`
    const ratio = row.ratio === null ? '–' : row.ratio.toFixed(2)
    return `| ${row.workload} ${title} | ${row.candidate} | ${Math.round(row.perSecond)} | ${cpu} | ${show(row.mainUs)} | ${ratio} | ${row.p50.toFixed(2)} | ${row.p99.toFixed(2)} | ${Math.round(row.rssMb)} | ${row.errors} |`
  })
  return [head, ...lines].join('\n')
}

function budgets(rows: readonly Row[], results: Results): string {
  const lines = BUDGETS.map(({ name, limit, read }) => {
    const value = read(rows, results)
    if (value === null) return `| ${name} | – | ${limit} | not measured |`
    return `| ${name} | ${show(value)} | ${limit} | ${value <= limit ? 'yes' : 'no'} |`
  })
  return ['| budget | measured | limit | within |', '|---|--:|--:|---|', ...lines].join('\n')
}

function find(rows: readonly Row[], workload: string): Row | undefined {
  return rows.find((row) => row.workload === workload && row.candidate === 'smartroute')
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function show(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2)
}
