import { once } from 'node:events'
import type { App, StartResult } from '../app/start-app.ts'
import { startApp, urlOf } from '../app/start-app.ts'
import { type Message, say, type Values } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { compactMemory } from '../kit/compact-memory.ts'
import { DEMO_URL_VARIABLE, demoDocument } from '../demo/demo-document.ts'
import { startDemoProvider } from '../demo/demo-provider.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'
import { findStart, type StartSource } from './load-start.ts'
import { printProblems } from './print-problems.ts'

const CRASH_DRAIN_MS = 5_000
const EXIT_MS = 300
/** When starting is over for certain. */
const COMPACT_MS = 1_000

/** Runs the gateway until it is told to stop. Resolves to the exit code. */
export async function serve(options: CliOptions): Promise<number> {
  const tell: Tell = (message, values) => {
    process.stdout.write(`${say(message, options.language, values)}\n`)
  }
  const source: StartSource =
    options.command === 'demo'
      ? { kind: 'demo', env: process.env }
      : findStart(options.configPath, process.env, process.cwd())
  if (source.kind === 'unreadable') {
    process.stderr.write(`${say(cliMessages.cannotRead, options.language, { ...source })}\n`)
    return EXIT.config
  }
  const path = source.kind === 'file' ? source.path : null
  const configText = source.kind === 'file' ? source.text : demoDocument()
  // A file that the panel has made of the demo may still name its models.
  const demo = configText.includes(DEMO_URL_VARIABLE) ? await startDemoProvider() : null
  const env = demo === null ? source.env : { ...source.env, [DEMO_URL_VARIABLE]: demo.baseUrl }
  let result: StartResult
  try {
    result = await startApp({ ...options, configPath: path, configText, env })
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    const values = { path: options.dataDir, detail }
    process.stderr.write(`${say(cliMessages.dataDir, options.language, values)}\n`)
    return EXIT.io
  }
  if (result.kind !== 'started') return refuse(result, path ?? '', options)
  introduce(source, tell)
  greet(result.app, tell)
  setTimeout(compactMemory, COMPACT_MS).unref()
  const code = await untilStopped(result.app)
  await demo?.close()
  // Everything is flushed; a connection that never came to be must not hold the process.
  setTimeout(() => process.exit(code), EXIT_MS).unref()
  return code
}

function introduce(source: StartSource, tell: Tell): void {
  if (source.kind === 'demo') {
    tell(cliMessages.demoMode)
    tell(cliMessages.demoNext)
  } else if (source.kind === 'file' && source.written.length > 0) {
    tell(cliMessages.starterWritten, { path: source.path, providers: source.written.join(', ') })
  }
}

type Tell = (message: Message, values?: Values) => void

function refuse(
  result: Exclude<StartResult, { kind: 'started' }>,
  path: string,
  { language }: CliOptions,
): number {
  const complain = (message: Message, values: Values): void => {
    process.stderr.write(`${say(message, language, values)}\n`)
  }
  switch (result.kind) {
    case 'invalid_config':
      printProblems(result.problems, path, language)
      return EXIT.config
    case 'needs_key':
      complain(cliMessages.needsKey, { host: result.host })
      return EXIT.config
    case 'bad_password':
      complain(cliMessages[result.reason], { detail: result.detail })
      return EXIT.config
    case 'port_taken':
      complain(cliMessages.portTaken, {
        host: result.host,
        port: result.port,
        other: result.port + 1,
      })
      return EXIT.unavailable
  }
}

/** The three lines that a newcomer needs. */
function greet(app: App, tell: Tell): void {
  const host = app.host === '0.0.0.0' || app.host === '::' ? '127.0.0.1' : app.host
  const base = `${urlOf(host)}:${app.port}`
  const key = app.isOpen ? '' : `-H "Authorization: Bearer $GATEWAY_KEY" `
  const body = '{"model":"auto","messages":[{"role":"user","content":"Hello"}]}'
  if (app.setupToken === null) tell(cliMessages.panelSignIn, { url: `${base}/` })
  else tell(cliMessages.panel, { url: `${base}/#setup=${app.setupToken}` })
  tell(cliMessages.api, { url: `${base}/v1` })
  tell(cliMessages.tryIt, {
    command: `curl ${base}/v1/chat/completions ${key}-H "Content-Type: application/json" -d '${body}'`,
  })
}

/** First signal: drain. Second: now. SIGHUP: read the configuration again. */
async function untilStopped(app: App): Promise<number> {
  const stop = new AbortController()
  process.on('SIGHUP', () => app.reload())
  process.on('uncaughtException', (error) => {
    // Nothing is known about the state any more: let what runs end, then let a supervisor restart.
    app.log.fatal({ err: error }, 'uncaught exception')
    setTimeout(() => process.exit(EXIT.failure), CRASH_DRAIN_MS).unref()
    void app.drain().finally(() => process.exit(EXIT.failure))
  })
  const signal = await Promise.race([
    once(process, 'SIGTERM', stop).then(() => 15),
    once(process, 'SIGINT', stop).then(() => 2),
  ])
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.on(name, () => process.exit(128 + signal))
  await app.drain()
  return EXIT.ok
}
