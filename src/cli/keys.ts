import { join } from 'node:path'
import { type Message, say, type Values } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { ControlStore } from '../storage/control-store.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'

/** `keys create NAME | list | revoke NAME`: a running gateway notices within a second. */
export function keys(options: CliOptions): number {
  const { language, positionals } = options
  const [action = 'list', name] = positionals
  const fail = (message: Message, values?: Values): number => {
    process.stderr.write(`${say(message, language, values)}\n`)
    return EXIT.failure
  }
  if (action !== 'list' && ((action !== 'create' && action !== 'revoke') || name === undefined)) {
    fail(cliMessages.keysUsage)
    return EXIT.usage
  }
  const store = new ControlStore(join(options.dataDir, 'control.db'))
  try {
    if (action === 'list' || name === undefined) return list(store, options)
    if (action === 'create') {
      const days = options.expiresDays
      const expiresAt = days === null ? null : Date.now() + days * DAY_MS
      const created = store.createKey(name, Date.now(), expiresAt)
      if (created === null) return fail(cliMessages.keyTaken, { name })
      process.stderr.write(`${say(cliMessages.keyCreated, language, { name })}\n`)
      process.stdout.write(`${created.key}\n`)
      return EXIT.ok
    }
    const revoked = store.revokeKey(name, Date.now())
    if (revoked === null) return fail(cliMessages.keyUnknown, { name })
    process.stdout.write(`${say(cliMessages.keyRevoked, language, { name: revoked.name })}\n`)
    return EXIT.ok
  } finally {
    store.close()
  }
}

const DAY_MS = 86_400_000

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16)
}

function list(store: ControlStore, { language, json }: CliOptions): number {
  const found = store.listKeys()
  if (json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
  else if (found.length === 0) process.stdout.write(`${say(cliMessages.keysNone, language)}\n`)
  else {
    for (const { id, name, prefix, createdAt, revokedAt, expiresAt, lastUsedAt } of found) {
      const isExpired = expiresAt !== null && expiresAt <= Date.now()
      const state = revokedAt !== null ? 'revoked' : isExpired ? 'expired' : 'active '
      const used = lastUsedAt === null ? '–'.padEnd(16) : minute(lastUsedAt)
      const until = expiresAt === null ? '' : `  ≤ ${minute(expiresAt)}`
      process.stdout.write(
        `${state}  ${prefix}…  ${minute(createdAt)}  ${used}  ${name}  ${id}${until}\n`,
      )
    }
  }
  return EXIT.ok
}
