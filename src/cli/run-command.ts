import { say } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { VERSION } from '../kit/version.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'

type Run = (options: CliOptions) => number | Promise<number>

/** Each command is loaded when it is asked for, so that the small ones start at once. */
const COMMANDS: Readonly<Record<CliOptions['command'], () => Promise<Run>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  demo: async () => (await import('./serve.ts')).serve,
  check: async () => (await import('./check.ts')).check,
  route: async () => (await import('./route.ts')).route,
  import: async () => (await import('./import.ts')).importConfig,
  keys: async () => (await import('./keys.ts')).keys,
  admin: async () => (await import('./admin.ts')).admin,
  drill: async () => (await import('./drill.ts')).drill,
  schema: async () => (await import('./schema.ts')).schema,
  eval: async () => (await import('./eval.ts')).evalFile,
  replay: async () => (await import('./replay.ts')).replay,
  learn: async () => (await import('./learn.ts')).learn,
  bench: () => Promise.resolve(({ language }) => print(`${say(cliMessages.benchHow, language)}\n`)),
  version: () => Promise.resolve(() => print(`${VERSION}\n`)),
  help: () =>
    Promise.resolve(({ language }) => print(say(cliMessages.help, language, { version: VERSION }))),
}

export async function runCommand(options: CliOptions): Promise<number> {
  const run = await COMMANDS[options.command]()
  return run(options)
}

function print(text: string): number {
  process.stdout.write(text)
  return EXIT.ok
}
