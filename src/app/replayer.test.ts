import { describe, expect, it } from 'vitest'
import type { Classifier, Classifiers } from '../classify/classifier.ts'
import { loadConfigText } from '../config/load.ts'
import type { StoredExchange } from '../contract/exchange-row.ts'
import type { Tier } from '../contract/tier.ts'
import { type Replay, Replayer } from './replayer.ts'

const CONFIG = `
version: 1
providers: { fake: { base_url: "https://fake.example/v1", api_key: "sk-fake-000000000001" } }
tiers:
  t1: { models: [fake/small] }
  t2: { models: [fake/medium] }
  t3: { models: [fake/large] }
models: { fake/small: { vision: false } }
prices: { fake/small: { input: 1, output: 1 }, fake/medium: { input: 2, output: 2 }, fake/large: { input: 9, output: 9 }, fake/judge: { input: 3, output: 3 } }
`
const TO_T3 = 'classifier: local, fallback_tier: t1, rules: [ { keywords: [ledger], tier: t3 } ]'
/** Nobody to ask: the rules decide, else the fallback tier. */
const NOBODY: Classifiers = { local: null, llm: null, cascade: null, none: null }

/** A classifier that hears the tier in the words and is as sure as they say. */
const BY_WORDS: Classifier = {
  classify: (_, intent) => {
    const [, tier = 't1'] = /\b(t[123])\b/.exec(intent.ask().text) ?? []
    const confidence = intent.ask().text.includes('surely') ? 0.95 : 0.6
    const verdict = { tier: tier as Tier, by: 'local', detail: null, confidence } as const
    return Promise.resolve({ verdict, record: null })
  },
}

const user = (content: unknown): object => ({ role: 'user', content })
const ASK = user('rename the ledger, please')
const ROUND = [
  { role: 'assistant', content: null, tool_calls: [] },
  { role: 'tool', tool_call_id: 'c1', content: 'done' },
]
const LOOP = 'local; p=0.90; held=tool_loop'
const GO_ON = 'local; p=0.90; held=continuation'

interface Logged {
  readonly messages: readonly object[]
  readonly tier?: Tier
  /** What asking a model for the tier cost; it used a million tokens. */
  readonly judgeUsd?: number
  readonly reason?: string
  readonly key?: string
  readonly asked?: string
  readonly served?: string
}

/** Rows in the order of time, fed as a log is read: newest first. */
async function replayed(
  routing: string,
  logged: readonly Logged[],
  { classifiers = NOBODY, config = CONFIG } = {},
): Promise<Replay & { readonly steps: readonly unknown[] }> {
  const text = `${config}routing: { ${routing} }\n`
  const loaded = loadConfigText(text, { configPath: null, language: 'en', env: {} })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const replayer = new Replayer(loaded.snapshot, classifiers)
  const steps: unknown[] = []
  for (const [at, one] of [...logged.entries()].toReversed()) {
    const { messages, asked = 'auto' } = one
    const body = Buffer.from(JSON.stringify({ model: asked, messages }))
    steps.push(await replayer.add(rowOf(one, at), body))
  }
  return { ...replayer.result, steps }
}

function rowOf(
  { reason = 'local; p=0.90', key = 'app', asked = 'auto', tier = 't1', judgeUsd, served }: Logged,
  at: number,
): StoredExchange {
  const tokens = { promptTokens: 1e6, completionTokens: 0, totalTokens: 1e6 }
  const usage = { ...tokens, cachedTokens: 0, reasoningTokens: 0 }
  const row = { at, keyName: key, asked, served, costUsd: 1, usage, errorCode: null }
  const classifier = judgeUsd === undefined ? null : { model: 'fake/judge', usage }
  const paid = judgeUsd === undefined ? row : { ...row, judgeUsd }
  // Only what a replay reads of a row.
  return { ...paid, route: { tier, reason, classifier } } as unknown as StoredExchange
}

describe('a held request in a replay', () => {
  it('follows the turn it goes on with, at its price', async () => {
    const rounds = Array.from({ length: 9 }, (_, round) => ({
      messages: [ASK, ...Array.from({ length: round + 1 }, () => ROUND).flat()],
      reason: round === 3 ? `${LOOP}; needs=context` : LOOP,
    }))
    const result = await replayed(TO_T3, [{ messages: [ASK] }, ...rounds])
    expect(result).toMatchObject({ requests: 10, held: 9, flow: { 't1->t3': 10 } })
    expect(result.cost).toEqual({ requests: 10, beforeUsd: 10, afterUsd: 90 })
    // Only the ask is told at once: of the others it is known when their turn was read.
    expect(result.steps.filter((step) => step !== null)).toEqual([{ from: 't1', to: 't3' }])
  })

  it('follows it past a bare "go on" and what a program puts beside the ask', async () => {
    const plan = { role: 'assistant', content: 'Here is a plan. Shall I?' }
    const noisy = user('rename the ledger, please\n<system-reminder>Be brief.</system-reminder>')
    const { flow } = await replayed(TO_T3, [
      { messages: [ASK] },
      { messages: [noisy, plan, user('go on')], reason: GO_ON },
      { messages: [noisy, plan, user('go on'), ...ROUND], reason: LOOP },
    ])
    expect(flow).toEqual({ 't1->t3': 3 })
  })

  it.each([
    ['of another caller', { messages: [ASK], key: 'other' }],
    ['with another ask', { messages: [user('rename the ledger')] }],
    ['after another ask', { messages: [user('hello'), ASK] }],
    ['that named its tier', { messages: [ASK], asked: 't3' }],
  ])('does not follow a turn %s', async (_, turn) => {
    const { flow } = await replayed(TO_T3, [turn, { messages: [ASK, ...ROUND], reason: LOOP }])
    expect(flow['t1->t1']).toBe(1)
  })

  it('does not follow a turn that came later', async () => {
    const held = { messages: [ASK, ...ROUND], reason: LOOP }
    const { flow } = await replayed(TO_T3, [held, { messages: [ASK] }, held])
    expect(flow).toEqual({ 't1->t1': 1, 't1->t3': 2 })
  })

  it('decides a "go on" anew where a rule knows its words', async () => {
    const { flow } = await replayed(TO_T3.replace('ledger', 'continue'), [
      { messages: [user('continue')] },
      { messages: [{ role: 'assistant', content: 'A plan.' }, user('continue')], reason: GO_ON },
    ])
    expect(flow).toEqual({ 't1->t3': 2 })
  })

  it('keeps the decision of its turn, not what an image of that turn needed', async () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
    const text = { type: 'text', text: 'hello there' }
    const { flow } = await replayed('classifier: local, fallback_tier: t1', [
      { messages: [user([text, image])] },
      { messages: [user([text, image]), ...ROUND], reason: LOOP },
      { messages: [user([text]), ...ROUND], reason: LOOP },
    ])
    expect(flow).toEqual({ 't1->t2': 2, 't1->t1': 1 })
  })

  it('is as undecided as its turn', async () => {
    const routing = 'classifier: llm, llm: { model: fake/judge }'
    const other = { messages: [user('another'), ...ROUND], reason: LOOP }
    const held = { messages: [ASK, ...ROUND], reason: LOOP }
    expect(await replayed(routing, [{ messages: [ASK] }, held, other])).toMatchObject({
      requests: 1,
      held: 1,
      undecided: 2,
      flow: { 't1->t1': 1 },
      cost: { requests: 1 },
    })
  })

  it('is none where its session only fell by one tier', async () => {
    const reason = 'local; p=0.60; held=one_tier_down'
    const result = await replayed(TO_T3, [{ messages: [ASK], reason }])
    expect(result).toMatchObject({ requests: 1, held: 0, flow: { 't1->t3': 1 } })
  })
})

describe('a session that fell by one tier instead of two, in a replay', () => {
  const SAID = { role: 'assistant', content: 'Done.' }
  const HARD = user('prove it, t3')
  const EASY = user('and its name, t1')
  const before: Logged = { messages: [HARD], tier: 't3' }
  const softer: Logged = {
    messages: [HARD, SAID, EASY],
    tier: 't2',
    reason: 'local; p=0.60; held=one_tier_down',
  }
  const rounds: Logged = { messages: [HARD, SAID, EASY, ...ROUND], tier: 't2', reason: LOOP }
  const replay = (logged: readonly Logged[], routing = ''): ReturnType<typeof replayed> =>
    replayed(`classifier: local${routing}`, logged, {
      classifiers: { ...NOBODY, local: BY_WORDS },
    })

  it('stays under the same configuration, and so does what goes on with it', async () => {
    const { flow, steps } = await replay([before, softer, rounds])
    expect(flow).toEqual({ 't3->t3': 1, 't2->t2': 2 })
    expect(steps).toEqual([null, null, { from: 't3', to: 't3' }])
  })

  it('stays where the turn before is not in the log, or is no other than then', async () => {
    expect((await replay([softer, rounds])).flow).toEqual({ 't2->t2': 2 })
    const other = { ...before, messages: [user('another, t2')], tier: 't2' as const }
    const messages = [...other.messages, SAID, EASY]
    expect((await replay([other, { ...softer, messages }])).flow['t2->t2']).toBe(2)
  })

  it('falls all the way where the turn before would have been lower itself', async () => {
    const rule = ', rules: [ { keywords: [prove], tier: t1 } ]'
    expect((await replay([before, softer, rounds], rule)).flow).toEqual({
      't3->t1': 1,
      't2->t1': 2,
    })
  })

  it('falls no softer where a rule decides, or the classifier is sure', async () => {
    const rule = ', rules: [ { keywords: [name], tier: t1 } ]'
    expect((await replay([before, softer], rule)).flow).toEqual({ 't3->t3': 1, 't2->t1': 1 })
    const sure = { ...softer, messages: [HARD, SAID, user('t1, surely')] }
    expect((await replay([before, sure])).flow).toEqual({ 't3->t3': 1, 't2->t1': 1 })
  })

  it('is one that was decided in so many words', async () => {
    const plain = { ...softer, reason: 'local; p=0.60' }
    expect((await replay([before, plain])).flow).toEqual({ 't3->t3': 1, 't2->t1': 1 })
  })
})

describe('the price of an answer, in a replay', () => {
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
  const tiers = 't1: { models: [fake/large, fake/small] }'
  const afterUsd = async (served: string, content: unknown = 'hello'): Promise<number> =>
    (
      await replayed(
        'classifier: local, fallback_tier: t1',
        [{ messages: [user(content)], served }],
        {
          config: CONFIG.replace('t1: { models: [fake/small] }', tiers),
        },
      )
    ).cost.afterUsd

  it('is that of the model which gave it, where the tier has it and it can give it', async () => {
    expect(await afterUsd('fake/small')).toBe(1)
    expect(await afterUsd('fake/medium')).toBe(9)
    expect(await afterUsd('fake/small', [image])).toBe(9)
  })
})

describe('what the judge cost, in a replay', () => {
  const asked = { messages: [user('hello')], judgeUsd: 3 }
  const costs = async (routing: string): Promise<Replay['cost']> =>
    (await replayed(`fallback_tier: t1, llm: { model: fake/judge }, ${routing}`, [asked])).cost

  it('is paid again where it would be asked again', async () => {
    expect(await costs('classifier: cascade')).toEqual({ requests: 1, beforeUsd: 4, afterUsd: 4 })
  })

  it('is saved where a rule decides, or nobody asks', async () => {
    const rule = 'rules: [ { keywords: [hello], tier: t1 } ]'
    for (const routing of [`classifier: cascade, ${rule}`, 'classifier: local']) {
      expect(await costs(routing)).toEqual({ requests: 1, beforeUsd: 4, afterUsd: 1 })
    }
  })
})
