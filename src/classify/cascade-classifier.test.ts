import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadConfigText } from '../config/load.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { systemClock } from '../kit/clock.ts'
import { CascadeClassifier } from './cascade-classifier.ts'
import { type Intent, intentOf } from './classifier.ts'
import { type Ask, LlmClassifier } from './llm.ts'
import { LocalClassifier } from './local-classifier.ts'

function unsureSnapshot(local = ''): Snapshot {
  const text = `
version: 1
providers: { one: { base_url: "https://example.com/v1", api_key: "sk-some-secret-0001" } }
tiers: { t1: { models: [one/a] }, t2: { models: [one/b] }, t3: { models: [one/c] } }
routing: { classifier: cascade, local: { ${local}ask_below: 1 }, llm: { model: one/judge } }
`
  const loaded = loadConfigText(text, { configPath: null, env: {}, language: 'en' })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.snapshot
}

const SNAPSHOT = unsureSnapshot()
const USAGE: Awaited<ReturnType<Ask>>['usage'] = {
  promptTokens: 9,
  completionTokens: 1,
  totalTokens: 10,
  cachedTokens: 0,
  reasoningTokens: 0,
}

/** A cascade whose judge answers when the test says so. */
class Bench {
  readonly signals: AbortSignal[] = []
  readonly #snapshot: Snapshot
  #settle: (answer: Awaited<ReturnType<Ask>>) => void = () => {}
  readonly #cascade = new CascadeClassifier(
    new LocalClassifier(systemClock),
    new LlmClassifier((_endpoint, _body, signal) => {
      this.signals.push(signal)
      return new Promise((resolve) => {
        this.#settle = resolve
        const stopped = { text: '', usage: null, error: 'the time limit passed' }
        signal.addEventListener('abort', () => resolve(stopped))
      })
    }, systemClock),
  )

  constructor(snapshot: Snapshot = SNAPSHOT) {
    this.#snapshot = snapshot
  }

  classify(
    text: string,
    { images = 0, signal = new AbortController().signal, before = '' } = {},
  ): ReturnType<CascadeClassifier['classify']> {
    const message = { role: 'user', text, images, isToolResult: false }
    const earlier = { role: 'user', text: before, images: 0, isToolResult: false }
    const said = { role: 'assistant', text: 'Done.', images: 0, isToolResult: false }
    const talk = before === '' ? [message] : [earlier, said, message]
    const intent: Intent = intentOf({ conversation: () => talk })
    return this.#cascade.classify(this.#snapshot, intent, signal)
  }

  answer(text: string): void {
    this.#settle({ text, usage: USAGE, error: null })
  }

  fail(): void {
    this.#settle({ text: '', usage: null, error: 'HTTP 500: no' })
  }

  get calls(): number {
    return this.signals.length
  }
}

describe('the same ask at the same time', () => {
  it('is judged, paid for and learnt from once', async () => {
    const bench = new Bench()
    const asks = Array.from({ length: 5 }, () => bench.classify('how far is the moon'))
    expect(bench.calls).toBe(1)
    bench.answer('T3')
    const opinions = await Promise.all(asks)
    expect(opinions.map(({ verdict }) => verdict?.tier)).toEqual(['t3', 't3', 't3', 't3', 't3'])
    expect(opinions.map(({ record }) => record?.usage)).toEqual([USAGE, null, null, null, null])
    expect(opinions.filter(({ judged }) => judged !== undefined)).toHaveLength(1)
    expect(opinions[1]?.record?.answer).toMatch(/^T3 \(shared\); local t/)
    expect((await bench.classify('how far is the moon')).record?.answer).toMatch(/^t3 \(cached\)/)
    expect(bench.calls).toBe(1)
  })

  it('is judged for those who stay when one client leaves', async () => {
    const bench = new Bench()
    const client = new AbortController()
    const leaving = bench.classify('how far is the moon', { signal: client.signal })
    const staying = bench.classify('how far is the moon')
    client.abort()
    expect((await leaving).verdict?.by).toBe('local')
    expect(bench.signals[0]?.aborted).toBe(false)
    bench.answer('T3')
    const { verdict, record, judged } = await staying
    expect([verdict?.tier, record?.usage, judged]).toEqual(['t3', USAGE, 't3'])
  })

  it('is asked no longer when the last client has left, and asked anew by the next', async () => {
    const bench = new Bench()
    const client = new AbortController()
    const leaving = [1, 2].map(() => bench.classify('how far', { signal: client.signal }))
    client.abort()
    await Promise.all(leaving)
    expect(bench.signals[0]?.aborted).toBe(true)
    const next = bench.classify('how far')
    expect(bench.calls).toBe(2)
    bench.answer('T2')
    expect((await next).verdict).toMatchObject({ tier: 't2', by: 'llm' })
  })

  it('fails once for all of them', async () => {
    const bench = new Bench()
    const asks = Array.from({ length: 5 }, () => bench.classify('how far is the moon'))
    bench.fail()
    for (const { verdict, record } of await Promise.all(asks)) {
      expect(verdict).toMatchObject({ by: 'local', detail: expect.stringMatching(/llm=failed$/) })
      expect(record?.error).toBe('HTTP 500: no')
    }
    const next = bench.classify('how far is the moon')
    expect(bench.calls).toBe(2)
    bench.answer('T1')
    expect((await next).verdict?.tier).toBe('t1')
  })
})

describe('a judge that fails', () => {
  it('is not waited for: the local vote stands', async () => {
    const bench = new Bench()
    for (let count = 0; count < 3; count++) {
      const asked = bench.classify('how far is the moon')
      bench.fail()
      await asked
    }
    const { verdict, record } = await bench.classify('how far is the moon')
    expect(bench.calls).toBe(3)
    expect(verdict).toMatchObject({ by: 'local', detail: expect.stringMatching(/llm=failed$/) })
    expect(record).toMatchObject({
      model: 'one/judge',
      answer: expect.stringMatching(/^no answer; local t/),
      error: 'not asked: it failed 3 times in a row',
    })
  })
})

describe('the reason of a decision', () => {
  it('has beside the language model what the local one chose, how likely that is, and why', async () => {
    const bench = new Bench(unsureSnapshot('preference: quality, '))
    const lines = readFileSync('train/data/eval/tiers_public.jsonl', 'utf8').split('\n')
    let others = 0
    let explained = 0
    for (const line of lines.slice(0, 200)) {
      const asked = bench.classify((JSON.parse(line) as { prompt?: string }).prompt ?? line)
      bench.answer('T1')
      const { verdict, record } = await asked
      const [, tier, p, why] =
        /^local=(t\d) p=([\d.]+)(?:; why=([\w,]+))?$/.exec(verdict?.detail ?? '') ?? []
      const shares = [...(record?.answer ?? '').matchAll(/ (t\d)=([\d.]+)/g)]
      const chosen = Number(shares.find(([, name]) => name === tier)?.[2])
      expect(Math.abs(chosen - Number(p))).toBeLessThan(0.006)
      if (why !== undefined) explained++
      if (shares.some(([, , share]) => Number(share) > chosen)) others++
    }
    expect(others).toBeGreaterThan(3)
    expect(explained).toBeGreaterThan(180)
  })
})

describe('thanks', () => {
  it('are one ask whatever was said before', async () => {
    const bench = new Bench()
    const first = bench.classify('Thanks!', {
      before: 'Prove that there are infinitely many primes.',
    })
    bench.answer('T1')
    await first
    const { record } = await bench.classify('Thanks!', { before: 'Write a poem about the sea.' })
    expect(record?.answer).toMatch(/^t1 \(cached\)/)
    expect(bench.calls).toBe(1)
  })
})

describe('a request with less time than the judge', () => {
  it('goes on with the local vote, and says that the judge was too slow', async () => {
    const bench = new Bench()
    const { verdict, record } = await bench.classify('how far is the moon', {
      signal: AbortSignal.timeout(20),
    })
    expect(verdict).toMatchObject({ by: 'local', detail: expect.stringMatching(/llm=failed$/) })
    expect(record).toMatchObject({ model: 'one/judge', error: 'the time limit passed' })
  })
})

describe('images', () => {
  it('without a word ask nobody: the local vote stands', async () => {
    const bench = new Bench()
    const { verdict, record } = await bench.classify('', { images: 2 })
    expect(verdict?.by).toBe('local')
    expect(verdict?.detail).not.toContain('llm')
    expect(record?.model).toMatch(/^local\//)
    expect(bench.calls).toBe(0)
  })

  it('make another ask of the same words', async () => {
    const bench = new Bench()
    for (const images of [0, 1, 2]) {
      const asked = bench.classify('what is it?', { images })
      expect(bench.calls).toBe(images + 1)
      bench.answer('T2')
      await asked
    }
  })
})
