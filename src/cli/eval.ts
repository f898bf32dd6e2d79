import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { correctionInForce } from '../app/corrections-file.ts'
import { type Evaluation, evaluate } from '../app/evaluate.ts'
import type { RowProblem } from '../classify/evaluate/labelled.ts'
import { shippedVersion } from '../classify/shipped-model.ts'
import type { Score } from '../classify/evaluate/score.ts'
import { type Language, type Message, say, type Values } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { evalMessages, noiseMessages, rowMessages } from '../contract/messages/eval.ts'
import type { CliOptions } from './arguments.ts'
import { configuredPreference } from './configured-preference.ts'
import { EXIT } from './exit-code.ts'

/** `eval FILE.jsonl`: how well the local classifier does on the operator's own labelled prompts. */
export function evalFile(options: CliOptions): number {
  const { positionals, language, json, out, force } = options
  const [path] = positionals
  const complain: Complain = (message, values) => {
    process.stderr.write(`${say(message, language, values)}\n`)
  }
  if (path === undefined || positionals.length > 1) {
    complain(evalMessages.usage)
    return EXIT.usage
  }
  // Before the work, whose result would have nowhere to go.
  if (out !== null && !force && existsSync(out)) {
    complain(cliMessages.outExists, { path: out })
    return EXIT.usage
  }
  const labels = readLabels(path, complain)
  if (labels.kind === 'unusable') return labels.code
  const preference = configuredPreference(options)
  if (preference === null) return EXIT.config
  const result = evaluate(
    labels.text,
    preference,
    correctionInForce(options.dataDir, shippedVersion()),
  )
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
      process.stdout.write(json ? document : table(result.evaluation, language))
      const detail = out === null ? null : store(out, document, force)
      if (detail === null) return EXIT.ok
      complain(cliMessages.cannotWrite, { path: out ?? '', detail })
      return EXIT.io
    }
  }
}

type Complain = (message: Message, values?: Values) => void

type Labels =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'unusable'; readonly code: number }

function readLabels(path: string, complain: Complain): Labels {
  const bytes = readBytes(path)
  if (bytes === null) {
    complain(evalMessages.cannotRead, { path })
    return { kind: 'unusable', code: EXIT.io }
  }
  const text = decoded(bytes)
  if (text !== null) return { kind: 'read', text }
  complain(evalMessages.notUtf8, { path, line: undecodableLine(bytes) })
  return { kind: 'unusable', code: EXIT.failure }
}

function readBytes(path: string): Uint8Array | null {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}

/** Null where the bytes are no UTF-8: what is read with marks for lost letters would be scored wrong. */
function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** The first line that is no UTF-8. No character of it contains the byte of a line feed. */
function undecodableLine(bytes: Uint8Array): number {
  let line = 1
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from)
    const to = end < 0 ? bytes.length : end
    if (decoded(bytes.subarray(from, to)) === null) break
    from = to + 1
  }
  return line
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

function table(evaluation: Evaluation, language: Language): string {
  const { model, preference, classifiers, flips, meanFlips } = evaluation
  const { latencyMs, loadMs, assetBytes } = evaluation
  const { rows: count, confusion } = classifiers.local
  const heads = say(evalMessages.evalHeads, language).split('|')
  const rows = [heads, ...Object.entries(classifiers).map(row)]
  const width = Math.max(8, ...heads.map(columns)) + 1
  const noise = Object.entries(flips).map(([name, share]) => {
    const known = noiseMessages[name]
    return `${known === undefined ? name : say(known, language)} ${percent(share)}`
  })
  const times = {
    p50: latencyMs.p50.toFixed(3),
    p99: latencyMs.p99.toFixed(3),
    long: latencyMs.long.toFixed(3),
    load: loadMs.toFixed(0),
    size: (assetBytes / 1e6).toFixed(2),
  }
  return [
    say(evalMessages.evalTitle, language, { model, preference, rows: count }),
    ...rows.map((cells) => cells.map((cell) => padded(cell, width)).join('')),
    say(evalMessages.evalConfusion, language, { matrix: JSON.stringify(confusion) }),
    say(evalMessages.evalFlips, language, { flips: noise.join(', '), mean: percent(meanFlips) }),
    say(evalMessages.evalTimes, language, times),
    '',
  ].join('\n')
}

/** A Chinese character is two columns of a terminal wide. */
const columns = (cell: string): number =>
  cell.length + (cell.match(/\p{Script=Han}/gu)?.length ?? 0)

const padded = (cell: string, width: number): string =>
  ' '.repeat(Math.max(0, width - columns(cell))) + cell

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
