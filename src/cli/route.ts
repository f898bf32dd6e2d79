import { explainOffline } from '../app/explain-offline.ts'
import { say } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { demoDocument } from '../demo/demo-document.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'
import { findStart } from './load-start.ts'
import { printProblems } from './print-problems.ts'

/** `route "TEXT"`: which tier, why, and which models would be tried. */
export async function route(options: CliOptions): Promise<number> {
  const { language, json, positionals, dataDir } = options
  const text = positionals.join(' ')
  if (text === '') {
    process.stderr.write(`${say(cliMessages.routeUsage, language)}\n`)
    return EXIT.usage
  }
  const source = findStart(options.configPath, process.env, process.cwd())
  if (source.kind === 'unreadable') {
    process.stderr.write(`${say(cliMessages.cannotRead, language, { ...source })}\n`)
    return EXIT.config
  }
  const path = source.kind === 'file' ? source.path : null
  const configText = source.kind === 'file' ? source.text : demoDocument()
  const result = await explainOffline(
    { configText, configPath: path, language, env: source.env, dataDir },
    text,
  )
  if (result.kind === 'invalid_config') {
    printProblems(result.problems, path ?? '', language)
    return EXIT.config
  }
  const { explanation } = result
  if (json) {
    process.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`)
    return EXIT.ok
  }
  process.stdout.write(`${explanation.tier}  (${explanation.reason})\n`)
  for (const { by, tier, detail, ms } of explanation.verdicts) {
    process.stdout.write(`  ${by.padEnd(6)} ${tier ?? '-'}  ${detail ?? ''}  ${ms.toFixed(2)} ms\n`)
  }
  for (const [index, candidate] of explanation.candidates.entries()) {
    process.stdout.write(`  ${index + 1}. ${candidate.endpoint}\n`)
  }
  return EXIT.ok
}
