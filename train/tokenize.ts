/** Cuts what `extract.ts` wrote into the pieces of the vocabulary, by the product's own code. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Vocabulary } from '../src/classify/local/vocabulary.ts'

const [work = 'train/work', ...names] = process.argv.slice(2)
const vocabulary = new Vocabulary(
  JSON.parse(readFileSync(join(work, 'pieces.json'), 'utf8')) as string[],
)
const buffer = new Uint16Array(2_000)

function encode(text: string): number[] {
  return [...buffer.subarray(0, vocabulary.encode(text, buffer, 0, buffer.length))]
}

for (const name of names) {
  const rows = readFileSync(join(work, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
  const cut = rows.map((line) => {
    const row = JSON.parse(line) as { text: string; context: string }
    return JSON.stringify({ text: encode(row.text), context: encode(row.context) })
  })
  writeFileSync(join(work, `${name}.ids.jsonl`), `${cut.join('\n')}\n`)
}
