import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadConfigText } from '../config/load.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { tierIndex } from '../contract/tier.ts'
import { systemClock } from '../kit/clock.ts'
import { type Intent, intentOf } from './classifier.ts'
import type { Residual } from './learning/residual.ts'
import { detailOf, LocalClassifier } from './local-classifier.ts'
import { shippedVersion } from './shipped-model.ts'

function snapshotOf(learning: string): Snapshot {
  const text = `
version: 1
providers: { one: { base_url: "https://example.com/v1", api_key: "sk-some-secret-0001" } }
tiers: { t1: { models: [one/a] }, t2: { models: [one/b] }, t3: { models: [one/c] } }
routing: { classifier: local, learning: ${learning} }
`
  const loaded = loadConfigText(text, { configPath: null, env: {}, language: 'en' })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.snapshot
}

const intent = (): Intent =>
  intentOf({
    conversation: () => [
      { role: 'user', text: 'what is 2 plus 2', images: 0, isToolResult: false },
    ],
  })

/** Everything is deep work, says this correction. */
const deep: Residual = { version: 4, bias: [0, 0, 30], weights: [] }
const learnt = (
  draws: readonly number[],
): { residual: () => Residual; random: () => number; asked: () => number } => {
  let asked = 0
  return { residual: () => deep, random: () => draws[asked++] ?? 1, asked: () => asked }
}

describe('a decision with a correction in force', () => {
  const snapshot = snapshotOf('{ enabled: true, hold_out: 0.1 }')

  it('says whether the correction had a part in it', async () => {
    const classifier = new LocalClassifier(systemClock, learnt([0.5, 0.05]))
    const corrected = await classifier.classify(snapshot, intent())
    expect(corrected.verdict).toMatchObject({ tier: 't3' })
    expect(corrected.verdict?.detail).toMatch(/; learnt=4$/)
    expect(corrected.hashed).toMatchObject({ learnt: 4, said: 2, model: shippedVersion() })
    const heldOut = await classifier.classify(snapshot, intent())
    expect(heldOut.verdict).toMatchObject({ tier: 't1' })
    expect(heldOut.verdict?.detail).toMatch(/; learnt=held_out$/)
    expect(heldOut.hashed).toMatchObject({ learnt: 'held_out', said: 0 })
  })

  it('is drawn for once, however often the ask is looked at', async () => {
    const chance = learnt([0.05, 0.5, 0.5])
    const classifier = new LocalClassifier(systemClock, chance)
    const ask = intent()
    const first = classifier.vote(snapshot, ask)
    const { verdict } = await classifier.classify(snapshot, ask)
    expect([first.tier, verdict?.tier]).toEqual(['t1', 't1'])
    expect(chance.asked()).toBe(1)
  })

  it('is not spoken of where nothing was learnt, or learning is off', async () => {
    const plain = await new LocalClassifier(systemClock).classify(snapshot, intent())
    expect(plain.verdict?.detail).not.toContain('learnt')
    expect(plain.hashed).toMatchObject({ learnt: null })
    const off = snapshotOf('{ enabled: false }')
    const classifier = new LocalClassifier(systemClock, learnt([]))
    const { verdict, hashed } = await classifier.classify(off, intent())
    expect(verdict?.detail).not.toContain('learnt')
    expect(hashed).toBeUndefined()
  })
})

describe('a decision about what stands for itself', () => {
  const classifier = new LocalClassifier(systemClock)
  const snapshot = snapshotOf('{ enabled: true }')
  const HARD = 'Prove that our lock-free queue stays linearizable when a consumer crashes.'
  const voteOn = (...texts: readonly string[]): unknown => {
    const conversation = () =>
      texts.map((text) => ({ role: 'user', text, images: 0, isToolResult: false }))
    const { probabilities, hashed } = classifier.vote(snapshot, intentOf({ conversation }))
    return { probabilities, buckets: hashed?.buckets }
  }

  it('is the same whatever was said before', () => {
    expect(voteOn(HARD, '好的，谢谢')).toEqual(voteOn('好的，谢谢'))
    expect(voteOn(HARD, 'shorter')).not.toEqual(voteOn('shorter'))
  })

  it('is the same whatever talk an order brings along', () => {
    const order = 'Write a title of at most 5 words for this conversation.'
    expect(voteOn(`${order}\n\nUser: ${HARD}\nAI: Let us see.`)).toEqual(voteOn(order))
  })
})

describe('the version of the shipped model', () => {
  it('is the one that the model itself tells', () => {
    expect(shippedVersion()).toBe(new LocalClassifier(systemClock).model.version)
  })
})

describe('the reason of a decision', () => {
  it('is that of the tier that was chosen, not of the likeliest', () => {
    const snapshot = snapshotOf('{ enabled: false }')
    const quality: Snapshot = {
      ...snapshot,
      routing: { ...snapshot.routing, local: { ...snapshot.routing.local, preference: 'quality' } },
    }
    const classifier = new LocalClassifier(systemClock)
    const texts = readFileSync('train/data/eval/tiers_public.jsonl', 'utf8').trim().split('\n')
    let others = 0
    for (const line of texts) {
      const { prompt } = JSON.parse(line) as { prompt?: string }
      const vote = classifier.vote(
        quality,
        intentOf({
          conversation: () => [
            { role: 'user', text: prompt ?? '', images: 0, isToolResult: false },
          ],
        }),
      )
      const chosen = vote.probabilities[tierIndex(vote.tier)]
      expect(detailOf(vote)).toMatch(new RegExp(`^p=${chosen.toFixed(2)}`))
      if (chosen < vote.confidence) others++
    }
    expect(others).toBeGreaterThan(3)
  })
})
