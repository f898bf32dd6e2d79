#!/usr/bin/env node
import { parseArguments } from './cli/arguments.ts'
import { EXIT } from './cli/exit-code.ts'
import { endOnLostOutput } from './cli/lost-output.ts'
import { runCommand } from './cli/run-command.ts'

/** The first with argon2 of its own. */
const NODE_MIN = '24.7'

if (numberOf(process.versions.node) < numberOf(NODE_MIN)) {
  process.stderr.write(
    `smartroute needs Node ${NODE_MIN} or newer (this is ${process.versions.node}). In a clone, "npm start" brings its own.\n` +
      `smartroute 需要 Node ${NODE_MIN} 或更高版本（当前为 ${process.versions.node}）。在源码目录中运行 "npm start" 会自带运行时。\n`,
  )
  process.exit(EXIT.failure)
}
// Everything this process writes (logs, keys, configuration) is its user's alone.
process.umask(0o077)
// A complaint that cannot be printed changes nothing about the exit code.
process.stderr.on('error', () => {})
const parsed = parseArguments(process.argv.slice(2), process.env, process.stdout.isTTY)
if (parsed.kind === 'usage') {
  process.stderr.write(`${parsed.message}\n`)
  process.exitCode = EXIT.usage
} else {
  endOnLostOutput(parsed.options)
  process.exitCode = await runCommand(parsed.options)
}

function numberOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major * 1_000 + minor
}
