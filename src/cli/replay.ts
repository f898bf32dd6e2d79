import { replayLog, type ReplayResult } from '../app/replay.ts'
import type { Replay, SkipReason } from '../app/replayer.ts'
import { type Message, say } from '../contract/message.ts'
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
  const { language, positionals, dataDir, fromMs, toMs } = options
  const count = positionals[0] === undefined ? 1_000 : Number(positionals[0])
  const isCount = Number.isInteger(count) && count >= 1 && count <= REQUESTS_MAX
  if (!isCount || positionals.length > 1) {
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
    { count, fromMs, toMs },
  )
  return tell(result, configPath ?? '', options)
}

/** Prints what came of it; the exit code. */
function tell(result: ReplayResult, configPath: string, options: CliOptions): number {
  const { language, json, dataDir } = options
  switch (result.kind) {
    case 'replayed':
      process.stdout.write(
        json ? `${JSON.stringify(result.replay, null, 2)}\n` : table(result.replay, language),
      )
      return EXIT.ok
    case 'invalid_config':
      printProblems(result.problems, configPath, language)
      return EXIT.config
    case 'routing_disabled':
      process.stderr.write(`${say(evalMessages.replayRoutingDisabled, language)}\n`)
      return EXIT.failure
    case 'no_log':
      process.stderr.write(`${say(evalMessages.replayNoLog, language, { path: dataDir })}\n`)
      return EXIT.io
  }
}

const SKIPPED: Readonly<Record<SkipReason, Message>> = {
  pinned: evalMessages.replayPinned,
  unknownModel: evalMessages.replayUnknownModel,
  noBody: evalMessages.replayNoBody,
  cutBody: evalMessages.replayCutBody,
}

function table(replayed: Replay, language: CliOptions['language']): string {
  const { requests, held, undecided, skipped, skippedBy, flow, cost } = replayed
  const counted = (message: Message, count: number): string[] =>
    count === 0 ? [] : [say(message, language, { count })]
  const steps = Object.entries(flow)
    .sort(([, a], [, b]) => b - a)
    .map(([step, count]) => `  ${step.padEnd(12)} ${count}`)
  const reasons = Object.entries(SKIPPED).flatMap(([reason, message]) =>
    counted(message, skippedBy[reason as SkipReason]),
  )
  const costs = {
    count: cost.requests,
    before: cost.beforeUsd.toFixed(4),
    after: cost.afterUsd.toFixed(4),
  }
  return [
    say(evalMessages.replayed, language, { requests, skipped }),
    ...steps,
    ...counted(evalMessages.replayHeld, held),
    ...counted(evalMessages.replayUndecided, undecided),
    ...reasons,
    say(evalMessages.replayCost, language, costs),
    '',
  ].join('\n')
}
