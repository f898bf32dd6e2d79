import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { readLessons } from '../../src/app/lesson-file.ts'
import type { KeptLesson } from '../../src/classify/learning/kept-lesson.ts'
import { shippedVersion } from '../../src/classify/shipped-model.ts'
import { chat, type ChatAnswer } from '../support/chat.ts'
import { type Fixture, provider, withGateway } from '../support/fixture.ts'
import { until } from '../support/start-gateway.ts'

const CONFIG = `
tiers:
  t1: { models: [fake/small] }
  t2: { models: [fake/medium] }
  t3: { models: [fake/large] }
models: { fake/small: { vision: false } }
routing: { classifier: local, learning: { enabled: true } }
gateway: { api_keys: [key-a-aaaaaaaaaaaaaaaa, key-b-bbbbbbbbbbbbbbbb] }
`
const A = { authorization: 'Bearer key-a-aaaaaaaaaaaaaaaa' }
const B = { authorization: 'Bearer key-b-bbbbbbbbbbbbbbbb' }

const idOf = ({ headers }: ChatAnswer): string => headers.get('x-request-id') ?? ''
const user = (content: unknown): object => ({ role: 'user', content })
const lessonsOf = ({ gateway }: Fixture, answer: ChatAnswer): readonly KeptLesson[] =>
  readLessons(join(gateway.dataDir, 'learning', 'lessons.jsonl')).lessons.filter(
    ({ requestId }) => requestId === idOf(answer),
  )

describe('a rating', () => {
  const fixture = withGateway((url) => `${provider(url)}${CONFIG}`)
  let turn = 0
  beforeEach(() => {
    turn++
  })
  const ask = (content: unknown = `what is ${turn} plus 1`): Promise<ChatAnswer> =>
    chat(fixture.gateway, { model: 'auto', messages: [user(content)] }, A)
  const rate = async (answer: ChatAnswer, said: object, headers: object = A): Promise<number> => {
    const response = await fetch(`${fixture.gateway.url}/v1/feedback`, {
      method: 'POST',
      headers: { ...headers },
      body: JSON.stringify({ request_id: idOf(answer), ...said }),
    })
    return response.status
  }

  it('confirms what was said of the ask, not the tier that an image needed', async () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
    const answer = await ask([{ type: 'text', text: `hello ${turn}` }, image])
    expect(answer.headers.get('x-smartroute-tier')).toBe('t2')
    expect(await rate(answer, { score: 1 })).toBe(200)
    expect(lessonsOf(fixture, answer)).toMatchObject([{ tier: 0, said: 0, weight: 0.5 }])
    // A bad answer came from the higher tier all the same.
    expect(await rate(answer, { score: -1 })).toBe(200)
    expect(lessonsOf(fixture, answer)).toMatchObject([{ tier: 2, said: 0, weight: 0.5 }])
  })

  it('comes from the key that asked, or from the operator', async () => {
    const answer = await ask()
    expect(await rate(answer, { tier: 't3' }, B)).toBe(404)
    expect(await rate(answer, { tier: 't2' })).toBe(200)
    const rated = await until(async () => {
      const response = await fixture.gateway.api(`/logs/${idOf(answer)}/feedback`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ tier: 't1' }),
      })
      return response.ok && response
    }, 5_000)
    expect(await rated.json()).toMatchObject({ taught: true })
    expect(lessonsOf(fixture, answer)).toMatchObject([{ tier: 0, by: 'human' }])
  })

  it('counts as it was given last', async () => {
    const answer = await ask()
    await rate(answer, { tier: 't3' })
    await rate(answer, { score: 1 })
    expect(lessonsOf(fixture, answer)).toMatchObject([{ tier: 0, weight: 0.5 }])
    await rate(answer, { score: 0 })
    expect(lessonsOf(fixture, answer)).toEqual([])
  })
})

describe('the same ask', () => {
  const fixture = withGateway((url) => `${provider(url)}${CONFIG}`)
  let turn = 0
  beforeEach(() => {
    turn++
  })
  const text = (): string => `what is ${turn} plus 1`
  const ask = (more: object = {}, headers: object = {}): Promise<ChatAnswer> =>
    chat(
      fixture.gateway,
      { model: 'auto', messages: [user(text())], ...more },
      { ...A, ...headers },
    )
  /** Lessons keep their order: what came before this one is there, or will never be. */
  const settled = async (): Promise<void> => {
    const answer = await ask({ messages: [user(`the end of ${turn}`)] })
    const body = JSON.stringify({ request_id: idOf(answer), tier: 't1' })
    const init = { method: 'POST', headers: A, body }
    expect((await fetch(`${fixture.gateway.url}/v1/feedback`, init)).status).toBe(200)
  }

  it('is no complaint of another person or in another conversation', async () => {
    const first = await ask({ user: 'alice' })
    await ask({ user: 'bob' })
    await ask({}, { 'x-smartroute-session': 'conv-1' })
    await ask({}, { 'x-smartroute-session': 'conv-2' })
    await ask({}, { 'x-session-id': 'conv-3' })
    await settled()
    expect(lessonsOf(fixture, first)).toEqual([])
    const again = await ask({ user: 'alice' })
    await settled()
    expect(lessonsOf(fixture, again)).toEqual([])
    expect(lessonsOf(fixture, first)).toMatchObject([{ tier: 1, weight: 0.3 }])
  })

  it('is no complaint of a library that tries again', async () => {
    const first = await ask()
    await ask({}, { 'x-stainless-retry-count': '1' })
    await settled()
    expect(lessonsOf(fixture, first)).toEqual([])
  })

  it('teaches the higher tier that is named after it came again', async () => {
    const first = await ask()
    await ask({ model: 't1' })
    await ask()
    await ask({ model: 't3' })
    await settled()
    expect(lessonsOf(fixture, first)).toMatchObject([{ tier: 2, weight: 0.5 }])
  })

  it.each([null, 'wrong, try again', '重新生成'])(
    'is a complaint as the next turn: %s',
    async (said) => {
      const first = await ask()
      const answer = { role: 'assistant', content: first.content }
      await ask({ messages: [user(text()), answer, user(said ?? text())] })
      await settled()
      expect(lessonsOf(fixture, first)).toMatchObject([{ tier: 1, weight: 0.3 }])
    },
  )
})

describe('a dry run while a correction is in force', () => {
  const fixture = withGateway(
    (url) => `${provider(url)}
tiers:
  t1: { models: [fake/small] }
  t2: { models: [fake/medium] }
  t3: { models: [fake/large] }
routing: { classifier: local, learning: { enabled: true, hold_out: 0.5 } }
`,
  )

  it('draws no decision to be held out', async () => {
    const { gateway } = fixture
    const folder = join(gateway.dataDir, 'learning')
    mkdirSync(folder, { recursive: true })
    const correction = { version: 7, model: shippedVersion(), bias: [0, 0, 30], weights: [] }
    writeFileSync(join(folder, 'corrections.json'), JSON.stringify([correction]))
    const post = async (path: string, body: object): Promise<any> => {
      const headers = { 'content-type': 'application/json' }
      const init = { method: 'POST', headers, body: JSON.stringify(body) }
      return (await gateway.api(path, init)).json()
    }
    const explain = (more = {}): Promise<any> => post('/route', { text: 'hello', ...more })
    await until(async () => (await explain()).tier === 't3', 10_000)
    const get = async (path: string): Promise<any> => (await gateway.api(path)).json()
    const { document } = await get('/config')
    for (let round = 0; round < 12; round++) {
      expect((await explain()).reason).toContain('learnt=7')
      expect((await explain({ draft: document })).reason).toContain('learnt=7')
    }
    for (let round = 0; round < 12; round++) {
      const messages = [user(`hello ${round}`)]
      await chat(gateway, { model: 'auto', messages })
    }
    await until(async () => (await get('/logs?status=ok')).items.length >= 12, 5_000)
    const { flow } = await post('/backtest', { draft: document, limit: 100 })
    expect(flow.map(({ to }: { to: string }) => to).filter((to: string) => to !== 't3')).toEqual([])
  })
})
