import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type Evaluation, evaluate } from '../app/evaluate.ts'
import type { RowProblem } from '../classify/evaluate/labelled.ts'
import type { Score } from '../classify/evaluate/score.ts'
import { type Language, type Message, say, type Values } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { evalMessages, rowMessages } from '../contract/messages/eval.ts'
import type { CliOptions } from './arguments.ts'
import { configuredPreference } from './configured-preference.ts'
import { EXIT } from './exit-code.ts'

/** `eval FILE.jsonl`: how well the local classifier does on the operator's own labelled prompts. */
export function evalFile(options: CliOptions): number {
  const { positionals, language, json, out, force } = options
  const [path] = positionals
  const complain = (message: Message, values?: Values): void => {
    process.stderr.write(`${say(message, language, values)}\n`)
  }
  if (path === undefined) {
    complain(evalMessages.usage)
    return EXIT.usage
  }
  // Before the work, whose result would have nowhere to go.
  if (out !== null && !force && existsSync(out)) {
    complain(cliMessages.outExists, { path: out })
    return EXIT.usage
  }
  const text = readText(path)
  if (text === null) {
    complain(evalMessages.cannotRead, { path })
    return EXIT.io
  }
  const preference = configuredPreference(options)
  if (preference === null) return EXIT.config
  const result = evaluate(text, preference)
  switch (result.kind) {
    case 'empty':
      complain(evalMessages.noRows, { path })
      return EXIT.failure
    case 'invalid': {
      const { problems, count } = result
      printRows(problems, path, language)
      complain(evalMessages.invalid, { path, count, shown: problems.length })
      return EXIT.failure
    }
    case 'evaluated': {
      const document = `${JSON.stringify(result.evaluation, null, 2)}\n`
      process.stdout.write(json ? document : table(result.evaluation))
      const detail = out === null ? null : store(out, document, force)
      if (detail === null) return EXIT.ok
      complain(cliMessages.cannotWrite, { path: out ?? '', detail })
      return EXIT.io
    }
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** Every problem on a line that editors and terminals can jump to. */
function printRows(problems: readonly RowProblem[], path: string, language: Language): void {
  for (const { line, cause, found } of problems) {
    process.stderr.write(`${path}:${line}  ${say(rowMessages[cause], language, { found })}\n`)
  }
}

/** Null, or why it could not be written. */
function store(path: string, text: string, force: boolean): string | null {
  try {
    // `wx`: should a file have appeared meanwhile, it stays.
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' })
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const percent = (share: number | null): string => (share === null ? '-' : (100 * share).toFixed(1))

function table(evaluation: Evaluation): string {
  const { model, preference, classifiers, flips, meanFlips } = evaluation
  const { latencyMs, loadMs, assetBytes } = evaluation
  const head = ['', 'acc', 'clear', 'en', 'zh', 'R(t1)', 'R(t2)', 'R(t3)', 'under', 'ECE']
  const lines = [
    [...head, 'saved@95', 'saved', 'adequate'],
    ...Object.entries(classifiers).map(row),
  ]
  const rows = lines.map((cells) => cells.map((cell) => cell.padStart(9)).join(''))
  const noise = Object.entries(flips).map(([name, share]) => `${name} ${percent(share)}`)
  return [
    `${model}, preference ${preference}, ${classifiers.local.rows} rows, %`,
    ...rows,
    `confusion ${JSON.stringify(classifiers.local.confusion)}`,
    `flips under noise: ${noise.join(', ')}; mean ${percent(meanFlips)}`,
    `decision ms: p50 ${latencyMs.p50.toFixed(3)}, p99 ${latencyMs.p99.toFixed(3)}, 100 KB p99 ${latencyMs.long.toFixed(3)}; load ${loadMs.toFixed(0)}; asset ${(assetBytes / 1e6).toFixed(2)} MB`,
    '',
  ].join('\n')
}

function row([name, score]: [string, Score]): string[] {
  const { accuracy, clearAccuracy, byLanguage, recall, underRouted, calibrationError } = score
  const shares = [
    accuracy,
    clearAccuracy,
    byLanguage['en']?.accuracy ?? null,
    byLanguage['zh']?.accuracy ?? null,
    recall.t1,
    recall.t2,
    recall.t3,
    underRouted,
    calibrationError,
    score.savedAtAdequate,
    score.saved,
    score.adequate,
  ]
  return [name, ...shares.map(percent)]
}
