import { readFileSync, writeFileSync } from 'node:fs'
import { type Evaluation, evaluate } from '../app/evaluate.ts'
import type { Score } from '../classify/evaluate/score.ts'
import { say } from '../contract/message.ts'
import { evalMessages } from '../contract/messages/eval.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'

/** `eval FILE.jsonl`: how well the local classifier does on the operator's own labelled prompts. */
export async function evalFile({ positionals, language, json, out }: CliOptions): Promise<number> {
  const [path] = positionals
  if (path === undefined) {
    process.stderr.write(`${say(evalMessages.usage, language)}\n`)
    return EXIT.usage
  }
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    process.stderr.write(`${say(evalMessages.cannotRead, language, { path })}\n`)
    return EXIT.io
  }
  const result = evaluate(text)
  if (result.kind !== 'evaluated') {
    const line = result.kind === 'invalid' ? result.line : 1
    process.stderr.write(`${say(evalMessages.invalid, language, { path, line })}\n`)
    return EXIT.failure
  }
  const { evaluation } = result
  if (out !== null) writeFileSync(out, `${JSON.stringify(evaluation, null, 2)}\n`)
  process.stdout.write(json ? `${JSON.stringify(evaluation, null, 2)}\n` : table(evaluation))
  return EXIT.ok
}

const percent = (share: number | null): string => (share === null ? '-' : (100 * share).toFixed(1))

function table(evaluation: Evaluation): string {
  const { model, classifiers, flips, meanFlips, latencyMs, loadMs, assetBytes } = evaluation
  const head = ['', 'acc', 'clear', 'en', 'zh', 'R(t1)', 'R(t2)', 'R(t3)', 'under', 'ECE']
  const lines = [
    [...head, 'saved@95', 'saved', 'adequate'],
    ...Object.entries(classifiers).map(row),
  ]
  const rows = lines.map((cells) => cells.map((cell) => cell.padStart(9)).join(''))
  const noise = Object.entries(flips).map(([name, share]) => `${name} ${percent(share)}`)
  return [
    `${model}, ${classifiers.local.rows} rows, %`,
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
