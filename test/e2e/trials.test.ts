import { describe, expect, it } from 'vitest'
import { chat } from '../support/chat.ts'
import { startFakeUpstream } from '../support/fake-upstream.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { runCli, until } from '../support/start-gateway.ts'

const fixture = withGateway(
  (url) => `${provider(url)}
tiers:
  t1: { models: [fake/small] }
  t2: { models: [fake/medium] }
  t3: { models: [fake/large] }
prices: { fake/small: { input: 1, output: 1 }, fake/medium: { input: 2, output: 2 }, fake/large: { input: 9, output: 9 } }
routing:
  classifier: none
  fallback_tier: t2
  rules: [ { keywords: [proof, 证明], tier: t3 } ]
  llm: { model: spare/t1-answer }
`,
)

const api = async (call: string, method = 'GET', body?: object, more = {}): Promise<any> => {
  const response = await fixture.gateway.api(call, {
    method,
    headers: { 'content-type': 'application/json', ...more },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return response.json()
}
const explain = (body: object): Promise<any> => api('/route', 'POST', body)

describe('a dry run', () => {
  it('decides as the gateway does, whatever the other classifiers think', async () => {
    const text = 'Write a function that adds two numbers'
    const shown = await explain({ text })
    const answer = await chat(fixture.gateway, {
      model: 'auto',
      messages: [{ role: 'user', content: text }],
    })
    expect([shown.tier, shown.reason]).toEqual(['t2', 'fallback'])
    expect(answer.headers.get('x-smartroute-tier')).toBe('t2')
    const local = shown.verdicts.find(({ by }: { by: string }) => by === 'local')
    expect(local.probabilities).toHaveLength(3)
    expect(local.probabilities.reduce((sum: number, one: number) => sum + one, 0)).toBeCloseTo(1)
    expect(shown.candidates[0].endpoint).toBe('fake/medium')
  })

  it('names the words by which a rule matched', async () => {
    const shown = await explain({ text: '请给出证明, a proof' })
    expect([shown.tier, shown.reason]).toEqual(['t3', 'rule; rule=0'])
    expect(shown.verdicts[0].matched).toEqual(['proof', '证明'])
  })

  it('runs on a draft and leaves what runs as it is', async () => {
    const { revision, document } = await api('/config')
    const draft = structuredClone(document)
    draft.routing.classifier = 'local'
    draft.routing.rules = [{ patterns: ['num[a-z]+s'], tier: 't1' }]
    draft.tiers.t1.models = ['fake/other']
    const shown = await explain({ text: 'add two numbers', draft })
    expect([shown.tier, shown.reason]).toEqual(['t1', 'rule; rule=0'])
    expect(shown.verdicts[0].matched).toEqual(['numbers'])
    expect(shown.candidates[0].endpoint).toBe('fake/other')
    expect((await api('/config')).revision).toBe(revision)
    draft.tiers.t1.models = ['nobody/x']
    const wrong = await explain({ text: 'hello', draft })
    expect([wrong.status, wrong.code]).toEqual([422, 'invalid_config'])
    expect(wrong.problems[0]).toMatchObject({ severity: 'error', line: expect.any(Number) })
  })

  it('gives the reason that the gateway will give', async () => {
    const { document } = await api('/config')
    const local = { ...document, routing: { ...document.routing, classifier: 'local', rules: [] } }
    const shown = await explain({ text: 'what is the capital of France', draft: local })
    expect(shown.reason).toMatch(/^local; p=\d\.\d\d/)
    const llm = { ...local, routing: { ...local.routing, classifier: 'llm' } }
    // The simulated model names no tier.
    expect((await explain({ text: 'hello', draft: llm })).reason).toBe(
      'fallback; classifier_failed',
    )
  })

  it('raises a request with an image past models that cannot see', async () => {
    const { document } = await api('/config')
    const draft = { ...document, models: { 'fake/medium': { vision: false } } }
    const url = 'data:image/png;base64,iVBORw0KGgo='
    const content = [
      { type: 'text', text: 'what is it?' },
      { type: 'image_url', image_url: { url } },
    ]
    const shown = await explain({ messages: [{ role: 'user', content }], draft })
    expect([shown.tier, shown.reason]).toEqual(['t3', 'fallback; needs=vision'])
    expect(shown.candidates[0].endpoint).toBe('fake/large')
  })

  it('takes an empty model for none, and says so where a body is not JSON', async () => {
    for (const model of ['', 'x'.repeat(400)]) {
      const shown = await explain({ text: 'a proof, please', model })
      expect([shown.text, shown.reason]).toEqual(['a proof, please', 'rule; rule=0'])
    }
    const response = await fixture.gateway.api('/route', { method: 'POST', body: '{"text": ' })
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid_input', detail: 'The body is not valid JSON.' }),
    ])
    expect((await explain({})).detail).toBe('needs "text" or "messages"')
  })

  it('asks the language model once, though two classifiers hear it', async () => {
    const { document } = await api('/config')
    const routing = { ...document.routing, classifier: 'cascade', local: { ask_below: 1 } }
    const before = fixture.upstream.of('t1-answer').length
    const shown = await explain({
      text: 'how far is the moon',
      draft: { ...document, routing },
    })
    expect(fixture.upstream.of('t1-answer').length - before).toBe(1)
    expect(shown.reason).toMatch(/^local; p=.*; llm=failed$/)
    const names = shown.verdicts.map(({ by }: { by: string }) => by)
    expect(names).toEqual(['rule', 'local', 'llm', 'cascade'])
  })

  it('asks the language model with its key, and never takes the key to another address', async () => {
    const { document } = await api('/config')
    const before = fixture.upstream.of('t1-answer').length
    await explain({ text: 'hello', draft: document })
    const asked = fixture.upstream.of('t1-answer').slice(before)
    expect(asked.length).toBeGreaterThan(0)
    expect(asked[0]?.headers.authorization).toBe('Bearer sk-spare-secret-0000002')
    const elsewhere = await startFakeUpstream()
    const draft = structuredClone(document)
    draft.providers.spare.base_url = elsewhere.baseUrl
    await explain({ text: 'hello', draft })
    const taken = elsewhere.calls.map(({ headers }) => headers.authorization ?? '')
    expect(taken.filter((header) => header.includes('sk-spare'))).toEqual([])
    await elsewhere.close()
  })
})

describe('a backtest', () => {
  it('routes the logged requests under a draft, without a model, and counts the money', async () => {
    for (const content of ['a proof please', 'hello', 'hello again', '证明一下']) {
      await answered({ model: 'auto', messages: [{ role: 'user', content }] })
    }
    await answered({ model: 't1' })
    await until(async () => (await api('/logs?status=ok')).items.length >= 6)
    const { document } = await api('/config')
    const draft = structuredClone(document)
    draft.routing.rules = [{ keywords: ['hello'], tier: 't1' }]
    const calls = fixture.upstream.calls.length
    const result = await api('/backtest', 'POST', { draft, limit: 100 })
    expect(fixture.upstream.calls.length).toBe(calls)
    expect(result.requests).toBe(5)
    expect(result.skipped_by).toEqual({ pinned: 1, unknown_model: 0, no_body: 0, cut_body: 0 })
    const flow = new Map(result.flow.map((one: any) => [`${one.from} ${one.to}`, one.requests]))
    expect(flow.get('t3 t2')).toBe(2)
    expect(flow.get('t2 t1')).toBe(2)
    expect(result.cost.requests).toBe(5)
    expect(result.cost.after_usd).toBeLessThan(result.cost.before_usd)
    expect(result.moved.map(({ ask }: { ask: string }) => ask)).toContain('证明一下')
  })

  it('has no answer where nobody decides, and counts apart what only a model would', async () => {
    const { document } = await api('/config')
    const of = (routing: object): Promise<any> =>
      api('/backtest', 'POST', { draft: { ...document, routing }, limit: 100 })
    const off = await of({ enabled: false })
    expect([off.status, off.code]).toEqual([422, 'routing_disabled'])
    const asking = await of({ ...document.routing, classifier: 'llm' })
    expect(asking.requests + asking.undecided).toBe(5)
    expect(asking.flow).toEqual([{ from: 't3', to: 't3', requests: asking.requests }])
  })

  it('is one at a time, ends when its asker leaves, and lets requests pass', async () => {
    for (let round = 0; round < 60; round++) {
      const content = `number ${round}: ${'why does the compiler refuse this? '.repeat(200)}`
      await chat(fixture.gateway, { model: 'auto', messages: [{ role: 'user', content }] })
    }
    const { document } = await api('/config')
    const draft = { ...document, routing: { ...document.routing, classifier: 'local' } }
    const leave = new AbortController()
    // One after the other, so that one is under way whenever the second asker comes.
    const asked = (async () => {
      while (!leave.signal.aborted) {
        await fixture.gateway.api('/backtest', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ draft, limit: 5_000 }),
          signal: leave.signal,
        })
      }
    })().catch(() => null)
    const busy = await until(async () => {
      const second = await api('/backtest', 'POST', { draft, limit: 1 })
      return second.status === undefined ? null : second
    })
    expect([busy.status, busy.code]).toEqual([429, 'busy'])
    const usual = await usualLivez()
    leave.abort()
    await asked
    await until(async () => (await api('/backtest', 'POST', { draft, limit: 1 })).requests === 1)
    expect(usual).toBeLessThan(30)
  })
})

/** How long a trivial call usually takes meanwhile; one pause is the machine's, not ours. */
async function usualLivez(): Promise<number> {
  const taken: number[] = []
  for (let call = 0; call < 20; call++) {
    const startedAt = performance.now()
    await (await fetch(`${fixture.gateway.url}/livez`)).text()
    taken.push(performance.now() - startedAt)
  }
  return taken.sort((left, right) => left - right)[10] ?? 0
}

/** Sends a request until it is not shed, which leaves a row that is no chat request. */
async function answered(body: Record<string, unknown>): Promise<void> {
  await until(async () => (await chat(fixture.gateway, body)).status !== 503, 8_000)
}

/** The status of a request; a machine that is busy with other tests may shed one for a moment. */
async function statusWith(key: string | null): Promise<number> {
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` }
  return until(async () => {
    const { status } = await chat(fixture.gateway, { model: 't1' }, headers)
    return status === 503 ? null : status
  }, 8_000)
}

describe('gateway keys', () => {
  it('overlap when rotated, and end together by their name', async () => {
    const { dataDir } = fixture.gateway
    const keys = (...args: string[]) => runCli(['keys', ...args, '--data-dir', dataDir])
    // One more: the last key that ends would open the gateway to this machine.
    await api('/keys', 'POST', { name: 'other' })
    const made = await api('/keys', 'POST', { name: 'app' })
    expect(await statusWith(made.key)).toBe(200)
    expect((await api('/keys', 'POST', { name: 'app' })).code).toBe('name_taken')
    const second = await api(`/keys/${made.record.id}/rotate`, 'POST', { overlap_ms: 60_000 })
    expect([await statusWith(made.key), await statusWith(second.key)]).toEqual([200, 200])
    const third = await api(`/keys/${second.record.id}/rotate`, 'POST', { overlap_ms: 0 })
    expect([await statusWith(second.key), await statusWith(third.key)]).toEqual([401, 200])
    expect((await api(`/keys/${second.record.id}/rotate`, 'POST', {})).status).toBe(404)
    expect((await keys('revoke', 'app')).code).toBe(0)
    await until(async () => (await statusWith(third.key)) === 401)
    expect(await statusWith(made.key)).toBe(401)
    const items = (await api('/keys')).items.filter(({ name }: { name: string }) => name === 'app')
    expect(items).toHaveLength(3)
    expect(JSON.stringify(items)).not.toContain(third.key)
    expect((await api('/keys', 'POST', { name: 'file:1' })).code).toBe('invalid_input')
  })

  it('of the playground work where keys are asked for, and where none is', async () => {
    expect(await statusWith(null)).toBe(401)
    const { key, expires_at } = await api('/playground/key', 'POST', {})
    expect(expires_at).toBeGreaterThan(Date.now())
    expect(await statusWith(key)).toBe(200)
    for (const { id } of (await api('/keys')).items) await api(`/keys/${id}/revoke`, 'POST', {})
    expect(await statusWith(null)).toBe(200)
    expect(await statusWith(key)).toBe(200)
    await until(async () => (await api('/logs?key=playground')).items.length >= 2)
  })
})
