import { type Replay, replayLog } from '../app/replay.ts'
import { say } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { evalMessages } from '../contract/messages/eval.ts'
import { demoDocument } from '../demo/demo-document.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'
import { findStart } from './load-start.ts'
import { printProblems } from './print-problems.ts'

const REQUESTS_MAX = 10_000

/** `replay [COUNT]`: what this configuration would have done with the newest logged requests. */
export async function replay(options: CliOptions): Promise<number> {
  const { language, json, positionals, dataDir } = options
  const count = positionals[0] === undefined ? 1_000 : Number(positionals[0])
  if (!Number.isInteger(count) || count < 1 || count > REQUESTS_MAX) {
    process.stderr.write(`${say(evalMessages.replayUsage, language, { most: REQUESTS_MAX })}\n`)
    return EXIT.usage
  }
  const source = findStart(options.configPath, process.env, process.cwd())
  if (source.kind === 'unreadable') {
    process.stderr.write(`${say(cliMessages.cannotRead, language, { ...source })}\n`)
    return EXIT.config
  }
  const configPath = source.kind === 'file' ? source.path : null
  const configText = source.kind === 'file' ? source.text : demoDocument()
  const result = await replayLog(
    { configText, configPath, language, env: source.env, dataDir },
    count,
  )
  if (result.kind === 'invalid_config') {
    printProblems(result.problems, configPath ?? '', language)
    return EXIT.config
  }
  process.stdout.write(
    json ? `${JSON.stringify(result.replay, null, 2)}\n` : table(result.replay, language),
  )
  return EXIT.ok
}

function table(
  { requests, skipped, flow, cost }: Replay,
  language: CliOptions['language'],
): string {
  const steps = Object.entries(flow)
    .sort(([, a], [, b]) => b - a)
    .map(([step, count]) => `  ${step.padEnd(12)} ${count}`)
  const costs = {
    count: cost.requests,
    before: cost.beforeUsd.toFixed(4),
    after: cost.afterUsd.toFixed(4),
  }
  return [
    say(evalMessages.replayed, language, { requests, skipped }),
    ...steps,
    say(evalMessages.replayCost, language, costs),
    '',
  ].join('\n')
}
