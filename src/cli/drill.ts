import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, startApp } from '../app/start-app.ts'
import { loadConfigText } from '../config/load.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { ConfigDocument } from '../contract/config.ts'
import { say } from '../contract/message.ts'
import { drillMessages } from '../contract/messages/drill.ts'
import { type Tier, TIERS } from '../contract/tier.ts'
import { demoDocument } from '../demo/demo-document.ts'
import { DRILL_CA } from '../drill/certificates.ts'
import { FAULTS } from '../drill/faults/index.ts'
import { askGateway, judge, type Judgement } from '../drill/judge.ts'
import { type DrillProvider, startDrillProvider } from '../drill/provider.ts'
import type { Fault } from '../drill/stage.ts'
import { startTlsProvider, TLS_FAULTS, type TlsFault } from '../drill/tls-provider.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'
import { findStart } from './load-start.ts'
import { printProblems } from './print-problems.ts'

/** Silence is simulated in seconds, not in the minutes that a real model may take to think. */
const TIMEOUTS = {
  connect_ms: 1_000,
  headers_ms: 500,
  first_token_ms: 500,
  idle_ms: 500,
  content_idle_ms: 600,
  total_ms: 10_000,
}
const LIMIT_MS = 12_000

interface Row extends Judgement {
  readonly fault: string
  readonly stream: boolean
  readonly attempts: number
  readonly ms: number
}

/**
 * Plays every fault against the tiers of the user's own configuration: its providers are replaced
 * by a simulated one on this machine, nothing leaves it and nothing is billed.
 */
export async function drill(options: CliOptions): Promise<number> {
  const { language } = options
  const source = findStart(options.configPath, process.env, process.cwd())
  if (source.kind === 'unreadable') {
    process.stderr.write(`${source.path}: ${source.detail}\n`)
    return EXIT.config
  }
  const configPath = source.kind === 'file' ? source.path : null
  const text = source.kind === 'file' ? source.text : demoDocument()
  const loaded = loadConfigText(text, { configPath, language, env: source.env })
  if (!loaded.ok) {
    printProblems(loaded.problems, configPath ?? '', language)
    return EXIT.config
  }
  const [first = '', second = ''] = options.positionals
  const tier = tierOf(loaded.snapshot, first)
  const filter = tier === first ? second : first
  const faults = FAULTS.filter(({ name }) => name.startsWith(filter))
  const tlsFaults = TLS_FAULTS.filter(({ name }) => name.startsWith(filter))
  if (tier === null || faults.length + tlsFaults.length === 0) {
    process.stderr.write(`${say(drillMessages.usage, language)}\n`)
    return EXIT.usage
  }
  const provider = await startDrillProvider()
  const dataDir = mkdtempSync(join(tmpdir(), 'smartroute-drill-'))
  const stage = { options, provider, dataDir, tier, snapshot: loaded.snapshot }
  try {
    introduce(stage, faults.length + tlsFaults.length)
    const rows = await rehearse(stage, {}, (run) => playAll(run, faults, options))
    for (const fault of tlsFaults) rows.push(...(await playTls(stage, fault)))
    return report(rows, options)
  } finally {
    await provider.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

interface Rehearsal {
  readonly options: CliOptions
  readonly provider: DrillProvider
  readonly dataDir: string
  readonly tier: Tier
  readonly snapshot: Snapshot
}

/** Runs the gateway on the simulated providers for as long as `play` needs it. */
async function rehearse(
  { options, provider, dataDir, tier, snapshot }: Rehearsal,
  others: NonNullable<ConfigDocument['providers']>,
  play: (run: DrillRun) => Promise<Row[]>,
): Promise<Row[]> {
  const adminToken = randomBytes(16).toString('hex')
  const document = rehearsed(snapshot.document, provider)
  const started = await startApp({
    ...options,
    configPath: null,
    configText: JSON.stringify({ ...document, providers: { ...document.providers, ...others } }),
    dataDir,
    host: '127.0.0.1',
    port: 0,
    logLevel: 'silent',
    adminToken,
    env: {},
  })
  if (started.kind !== 'started') throw new Error(`the rehearsal did not start: ${started.kind}`)
  try {
    return await play({ app: started.app, provider, adminToken, tier, snapshot })
  } finally {
    await started.app.drain()
  }
}

/** A connection that never becomes secure: the provider of the first model moves to it. */
async function playTls(stage: Rehearsal, fault: TlsFault): Promise<Row[]> {
  const caFile = join(stage.dataDir, 'ca.pem')
  writeFileSync(caFile, DRILL_CA)
  const [first] = stage.snapshot.pools[stage.tier].endpoints
  const secure = await startTlsProvider(fault)
  const settings = {
    base_url: secure.baseUrl,
    api_key: 'drill-tls-key',
    allow_private: true,
    ...(fault.trusted ? { tls: { ca_file: caFile } } : {}),
  }
  try {
    const others = { [first?.upstream.id ?? '']: settings }
    return await rehearse(stage, others, (run) => {
      const silent: Fault = { name: fault.name, level: 'tcp', play: () => {} }
      return playAll(run, [silent], stage.options)
    })
  } finally {
    await secure.close()
  }
}

function introduce({ options, tier, snapshot }: Rehearsal, faults: number): void {
  if (options.json) return
  const models = snapshot.pools[tier].endpoints.map(({ id }) => id).join(', ')
  const text = say(drillMessages.start, options.language, { tier, models, faults })
  process.stdout.write(`${text}\n\n`)
}

/** The tier named first, else the fallback tier, else the first that has a model. */
function tierOf({ pools, routing }: Snapshot, wanted: string): Tier | null {
  const filled = TIERS.filter((tier) => pools[tier].members.length > 0)
  return (
    filled.find((tier) => tier === wanted) ??
    filled.find((tier) => tier === routing.fallbackTier) ??
    filled[0] ??
    null
  )
}

/** The same tiers and policy on simulated providers; the first model of a tier is the faulty one. */
function rehearsed(document: ConfigDocument, provider: DrillProvider): ConfigDocument {
  const providers = Object.keys(document.providers ?? {}).map((id) => [
    id,
    { base_url: provider.baseUrl(id), api_key: `drill-${id}-key`, allow_private: true },
  ])
  const tiers = Object.entries(document.tiers ?? {}).map(([name, tier]) => [
    name,
    { ...tier, strategy: 'sequential', timeouts: TIMEOUTS },
  ])
  const { default_provider, model_map, retry, models } = document
  return {
    version: 1,
    ...(default_provider === undefined ? {} : { default_provider }),
    ...(model_map === undefined ? {} : { model_map }),
    ...(models === undefined ? {} : { models }),
    providers: Object.fromEntries(providers) as ConfigDocument['providers'],
    tiers: Object.fromEntries(tiers) as ConfigDocument['tiers'],
    retry: { ...retry, failover_per_s: 10_000 },
    timeouts: TIMEOUTS,
    logs: { bodies: 'none' },
  }
}

interface DrillRun {
  readonly app: App
  readonly provider: DrillProvider
  readonly adminToken: string
  readonly tier: Tier
  readonly snapshot: Snapshot
}

async function playAll(
  run: DrillRun,
  faults: readonly Fault[],
  { json }: CliOptions,
): Promise<Row[]> {
  const rows: Row[] = []
  const members = run.snapshot.pools[run.tier].endpoints.map(({ id }) => id)
  for (const fault of faults) {
    for (const stream of [true, false]) {
      const row = await play(run, fault, stream, members)
      rows.push(row)
      if (!json) process.stdout.write(line(row))
    }
  }
  return rows
}

async function play(
  { app, provider, adminToken, tier }: DrillRun,
  fault: Fault,
  stream: boolean,
  members: readonly string[],
): Promise<Row> {
  const url = `http://127.0.0.1:${app.port}`
  for (const endpoint of members) {
    await fetch(`${url}/api/v1/health/endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ endpoint, action: 'close' }),
    })
  }
  provider.faults.clear()
  provider.faults.set(members[0] ?? '', fault)
  const before = provider.calls.length
  const received = await askGateway(url, { model: tier, stream, limitMs: LIMIT_MS })
  const common = { fault: fault.name, stream, attempts: provider.calls.length - before }
  if (received === 'hang') {
    return { ...common, verdict: 'wrong', detail: 'hang', served: null, ms: LIMIT_MS }
  }
  // Not every attempt reaches the provider, and one that continues comes after the headers.
  const told = Number(received.headers.get('x-smartroute-attempts') ?? 0)
  const attempts = Math.max(told, common.attempts)
  return { ...common, attempts, ...judge(fault, stream, received), ms: received.ms }
}

const MARKS: Readonly<Record<Judgement['verdict'], string>> = {
  hidden: '✓',
  told: '!',
  wrong: '✗',
}

function line({ fault, stream, verdict, detail, served, attempts, ms }: Row): string {
  const cells = [
    MARKS[verdict],
    fault.padEnd(32),
    (stream ? 'stream' : 'whole').padEnd(7),
    `${attempts} ×`.padStart(4),
    `${Math.round(ms)} ms`.padStart(9),
    ` ${verdict === 'hidden' ? (served ?? '') : detail}`,
  ]
  return `${cells.join(' ')}\n`
}

function report(rows: readonly Row[], { json, language }: CliOptions): number {
  const count = (verdict: Judgement['verdict']): number =>
    rows.filter((row) => row.verdict === verdict).length
  const values = { hidden: count('hidden'), told: count('told'), wrong: count('wrong') }
  if (json) process.stdout.write(`${JSON.stringify({ ...values, rows })}\n`)
  else process.stdout.write(`\n${say(drillMessages.summary, language, values)}\n`)
  return values.wrong === 0 ? EXIT.ok : EXIT.failure
}
