import { say } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'

/**
 * What happens where nobody takes what is printed. `| head -1` has what it wanted, so a command
 * ends as if it had said the rest; a full disk is an error. The gateway serves on without a console.
 */
export function endOnLostOutput({ command, language }: CliOptions): void {
  const isGateway = command === 'serve' || command === 'demo'
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (isGateway) return
    if (code === 'EPIPE') process.exit(process.exitCode)
    const values = { path: 'stdout', detail: message }
    process.stderr.write(`${say(cliMessages.cannotWrite, language, values)}\n`)
    process.exit(EXIT.io)
  })
}
