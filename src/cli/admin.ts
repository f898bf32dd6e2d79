import { join } from 'node:path'
import { say } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { AdminStore } from '../storage/admin-store.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'

/** `admin reset-password`: whoever may write the data folder may let himself in again. */
export function admin({ positionals, language, dataDir }: CliOptions): number {
  if (positionals[0] !== 'reset-password') {
    process.stderr.write(`${say(cliMessages.adminUsage, language)}\n`)
    return EXIT.usage
  }
  const store = new AdminStore(join(dataDir, 'admin.db'))
  store.password = null
  store.setTotp(null)
  store.endSessions(null)
  store.addAudit({
    at: Date.now(),
    actor: 'cli',
    action: 'password.reset',
    target: '',
    detail: '',
    address: '',
  })
  store.close()
  process.stdout.write(`${say(cliMessages.passwordReset, language)}\n`)
  return EXIT.ok
}
