import { say } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { VERSION } from '../kit/version.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'

/** Each command is loaded when it is asked for, so that the small ones start at once. */
export async function runCommand(options: CliOptions): Promise<number> {
  switch (options.command) {
    case 'serve':
    case 'demo':
      return (await import('./serve.ts')).serve(options)
    case 'check':
      return (await import('./check.ts')).check(options)
    case 'route':
      return (await import('./route.ts')).route(options)
    case 'import':
      return (await import('./import.ts')).importConfig(options)
    case 'keys':
      return (await import('./keys.ts')).keys(options)
    case 'admin':
      return (await import('./admin.ts')).admin(options)
    case 'drill':
      return (await import('./drill.ts')).drill(options)
    case 'schema':
      return (await import('./schema.ts')).schema()
    case 'eval':
      return (await import('./eval.ts')).evalFile(options)
    case 'replay':
      return (await import('./replay.ts')).replay(options)
    case 'learn':
      return (await import('./learn.ts')).learn(options)
    case 'bench':
      return print(`${say(cliMessages.benchHow, options.language)}\n`)
    case 'version':
      return print(`${VERSION}\n`)
    case 'help':
      return print(say(cliMessages.help, options.language, { version: VERSION }))
  }
}

function print(text: string): number {
  process.stdout.write(text)
  return EXIT.ok
}
