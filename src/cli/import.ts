import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { importPython } from '../config/import-python.ts'
import { loadConfigText } from '../config/load.ts'
import { type Message, say, type Values } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { importMessages } from '../contract/messages/import.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'
import { printProblems } from './print-problems.ts'

/** `import FILE`: writes smartroute.yaml and lists what changed meaning. Overwrites nothing. */
export function importConfig(options: CliOptions): number {
  const { language, positionals, out, force } = options
  const [file] = positionals
  const complain = (message: Message, values?: Values): void => {
    process.stderr.write(`${say(message, language, values)}\n`)
  }
  if (file === undefined) {
    complain(cliMessages.importUsage)
    return EXIT.usage
  }
  const value = readJson(file, complain)
  if (value === null) return EXIT.config
  const result = importPython(value)
  if (result.kind === 'not_recognised') {
    complain(importMessages.notRecognised, { path: file })
    return EXIT.config
  }
  const path = resolve(out ?? 'smartroute.yaml')
  const checked = loadConfigText(result.yaml, { configPath: path, language, env: process.env })
  if (!checked.ok) {
    printProblems(checked.problems, path, language)
    return EXIT.config
  }
  if (existsSync(path) && !force) {
    complain(cliMessages.outExists, { path })
    return EXIT.failure
  }
  writeFileSync(path, result.yaml, { mode: 0o600 })
  process.stdout.write(`${say(cliMessages.importDone, language, { path })}\n`)
  process.stdout.write(`${say(cliMessages.importNotes, language)}\n`)
  for (const { message, values } of result.notes) {
    process.stdout.write(`  - ${say(message, language, values)}\n`)
  }
  return EXIT.ok
}

function readJson(file: string, complain: (message: Message, values: Values) => void): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''))
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    const message = error instanceof SyntaxError ? importMessages.notJson : cliMessages.cannotRead
    complain(message, { path: file, detail })
    return null
  }
}
