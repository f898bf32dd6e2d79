import { readFileSync } from 'node:fs'
import type { Preference } from '../classify/local/decide-tier.ts'
import { findConfigFile, loadConfigText, withDotEnv } from '../config/load.ts'
import { say } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import type { CliOptions } from './arguments.ts'
import { printProblems } from './print-problems.ts'

/**
 * What the configuration prefers where the model is not sure; the default without one. Null where
 * it cannot be used, and the reason has been printed.
 */
export function configuredPreference({
  configPath,
  language,
}: Pick<CliOptions, 'configPath' | 'language'>): Preference | null {
  const path = findConfigFile(configPath, process.env, process.cwd())
  if (path === null) return 'balanced'
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    process.stderr.write(`${say(cliMessages.cannotRead, language, { path, detail })}\n`)
    return null
  }
  const env = withDotEnv(path, process.env, process.cwd())
  const result = loadConfigText(text, { configPath: path, language, env })
  if (result.ok) return result.snapshot.routing.local.preference
  printProblems(result.problems, path, language)
  return null
}
