/** Writes the frozen public set: hashed rows with what the shipped model says, no words. */
import { readFileSync, writeFileSync } from 'node:fs'
import { readLabelled } from '../src/classify/evaluate/labelled.ts'
import { bucketsOf } from '../src/classify/learning/residual.ts'
import { readModelAsset } from '../src/classify/local/asset.ts'
import { TierModel } from '../src/classify/local/tier-model.ts'
import { judgedAsk } from '../src/classify/judged-ask.ts'
import { TIERS } from '../src/contract/tier.ts'

const [set = 'train/data/eval/tiers_public.jsonl', target = 'assets/frozen-set.json'] =
  process.argv.slice(2)
const model = new TierModel(readModelAsset(readFileSync('assets/tier-model.bin')))
const file = readLabelled(readFileSync(set, 'utf8'))
if (file.kind !== 'rows') throw new Error(`not labelled prompts: ${JSON.stringify(file.problems)}`)
const rows = file.rows.map((row) => {
  const ask = judgedAsk(row.ask)
  return {
    buckets: bucketsOf(model.pieces(ask)),
    probabilities: model.estimate(ask).probabilities.map((p) => Number(p.toFixed(4))),
    tier: TIERS.indexOf(row.tier),
  }
})
writeFileSync(target, `${JSON.stringify(rows)}\n`)
