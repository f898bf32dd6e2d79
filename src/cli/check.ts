import { readFileSync } from 'node:fs'
import { findConfigFile, loadConfigText, withDotEnv } from '../config/load.ts'
import { say } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { TIERS } from '../contract/tier.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'
import { printProblems } from './print-problems.ts'

export function check(options: CliOptions): number {
  const { language } = options
  const given = options.positionals[0] ?? options.configPath
  const path = findConfigFile(given, process.env, process.cwd())
  if (path === null) {
    process.stderr.write(`${say(cliMessages.noConfig, language)}\n`)
    return EXIT.config
  }
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    process.stderr.write(`${say(cliMessages.cannotRead, language, { path, detail })}\n`)
    return EXIT.config
  }
  const env = withDotEnv(path, process.env, process.cwd())
  const result = loadConfigText(text, { configPath: path, language, env })
  if (!result.ok) {
    printProblems(result.problems, path, language)
    return EXIT.config
  }
  printProblems(result.warnings, path, language)
  const { upstreams, pools } = result.snapshot
  const models = TIERS.reduce((sum, tier) => sum + pools[tier].members.length, 0)
  const values = { path, providers: upstreams.size, models, warnings: result.warnings.length }
  process.stdout.write(`${say(cliMessages.configValid, language, values)}\n`)
  return EXIT.ok
}
