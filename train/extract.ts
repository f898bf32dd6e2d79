/** Reads labelled and unlabelled prompts by the product's own code and writes what the model sees. */
import { createWriteStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type HumanAsk, readHumanAsk } from '../src/classify/human-ask.ts'
import { modelInput } from '../src/classify/local/input.ts'
import { SHAPE_NAMES, writeShape } from '../src/classify/local/shape.ts'

interface Row {
  readonly id?: string
  readonly prompt?: string
  readonly messages?: readonly { readonly role: string; readonly content: string }[]
  readonly [key: string]: unknown
}

function askOf(row: Row): HumanAsk {
  const messages = row.messages ?? [{ role: 'user', content: row.prompt ?? '' }]
  return readHumanAsk(
    messages.map(({ role, content }) => ({
      role,
      text: content,
      images: 0,
      isToolResult: role === 'tool',
    })),
  )
}

function view(row: Row): object {
  const ask = askOf(row)
  const { text, context } = modelInput(ask)
  const shape = new Float32Array(SHAPE_NAMES.length)
  writeShape(ask, ask.text.toLowerCase(), shape, 0)
  const { messages: _m, prompt: _p, ...rest } = row
  return { ...rest, text, context, shape: [...shape].map((value) => Number(value.toFixed(5))) }
}

const lines = (text: string): Row[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Row)

const [data = 'data', target = 'train/work'] = process.argv.slice(2)
const write = (name: string, rows: readonly Row[]): void => {
  const out = createWriteStream(join(target, name))
  for (const row of rows) out.write(`${JSON.stringify(view(row))}\n`)
  out.end()
}

const labels = join(data, 'labels')
write(
  'labels.jsonl',
  readdirSync(labels)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) =>
      lines(readFileSync(join(labels, name), 'utf8')).map((row) => ({
        writer: basename(name, '.jsonl'),
        ...row,
      })),
    ),
)
write('public.jsonl', lines(readFileSync(join(data, 'eval', 'tiers_public.jsonl'), 'utf8')))
const synthetic = join(target, 'synthetic.jsonl')
write('pool.jsonl', [
  ...lines(gunzipSync(readFileSync(join(data, 'pool.jsonl.gz'))).toString()),
  ...(existsSync(synthetic) ? lines(readFileSync(synthetic, 'utf8')) : []),
])
