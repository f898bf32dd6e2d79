import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { shippedVersion } from '../../src/classify/shipped-model.ts'
import { chat } from '../support/chat.ts'
import { type Fixture, provider, withGateway } from '../support/fixture.ts'
import { runCli, until } from '../support/start-gateway.ts'

const TIERS = `
tiers:
  t1: { models: [fake/small, spare/small] }
  t2: { models: [fake/medium] }
  t3: { models: [fake/large] }
models: { fake/small: { vision: false }, spare/small: { vision: false } }
routing: { classifier: local, learning: { enabled: true } }
`

interface Lesson {
  readonly requestId: string
  readonly tier: number
  readonly weight: number
  readonly buckets: readonly number[]
}

const pathOf = ({ gateway }: Fixture, name: string): string =>
  join(gateway.dataDir, 'learning', name)

function lessonsOf(fixture: Fixture, id: string | null): readonly Lesson[] {
  const path = pathOf(fixture, 'lessons.jsonl')
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Lesson).filter(({ requestId }) => requestId === id)
}

const idOf = (answer: { headers: Headers }): string | null => answer.headers.get('x-request-id')

/** Lessons by the way are written when the answer is out. */
const taught = (fixture: Fixture, id: string | null): Promise<readonly Lesson[]> =>
  until(() => {
    const found = lessonsOf(fixture, id)
    return found.length > 0 && found
  })

const feedbackTo = ({ gateway }: Fixture, body: object): Promise<Response> =>
  fetch(`${gateway.url}/v1/feedback`, { method: 'POST', body: JSON.stringify(body) })

/** Lessons keep their order: what came before a word that was kept is there, or will never be. */
async function settled(fixture: Fixture): Promise<void> {
  const answer = await chat(fixture.gateway, { model: 'auto' })
  expect((await feedbackTo(fixture, { request_id: idOf(answer), tier: 't1' })).status).toBe(200)
}

describe('what a gateway learns from its own use', () => {
  const fixture = withGateway((url) => `${provider(url)}${TIERS}`)
  let turn = 0
  beforeEach(() => {
    turn++
    fixture.upstream.script = null
  })

  /** Another small ask in each test: what was asked in one must not come again in the next. */
  const ask = (model = 'auto', text = `what is ${turn} plus 1`): ReturnType<typeof chat> =>
    chat(fixture.gateway, { model, messages: [{ role: 'user', content: text }] })

  const lessons = (id: string | null): readonly Lesson[] => lessonsOf(fixture, id)
  const feedback = (body: object): Promise<Response> => feedbackTo(fixture, body)

  it('keeps a word on a decision, without its text', async () => {
    const answer = await ask()
    expect(answer.headers.get('x-smartroute-tier')).toBe('t1')
    const told = await feedback({ request_id: idOf(answer), tier: 't3' })
    expect(told.status).toBe(200)
    expect(lessons(idOf(answer))).toMatchObject([{ tier: 2, weight: 1 }])
    expect(JSON.stringify(lessons(idOf(answer)))).not.toContain('plus')
  })

  it('takes a conversation that is sent again for a complaint, once', async () => {
    const first = await ask()
    const second = await ask()
    await ask()
    expect(await taught(fixture, idOf(first))).toMatchObject([{ tier: 1, weight: 0.3 }])
    const other = await ask('auto', 'thank you, goodbye')
    await settled(fixture)
    expect(lessons(idOf(second))).toEqual([])
    expect(lessons(idOf(other))).toEqual([])
  })

  it('takes a word that was changed after an answer for the same complaint', async () => {
    const follow = (text: string): ReturnType<typeof chat> =>
      chat(fixture.gateway, {
        model: 'auto',
        messages: [
          { role: 'user', content: `hello ${turn}` },
          { role: 'assistant', content: 'Good morning.' },
          { role: 'user', content: text },
        ],
      })
    const asked = 'what is the name of the river that flows through the city of Paris in France'
    const first = await follow(asked)
    expect(first.headers.get('x-smartroute-tier')).toBe('t1')
    await follow(`${asked}?`)
    expect(await taught(fixture, idOf(first))).toMatchObject([{ tier: 1, weight: 0.3 }])
    const other = await follow('and the capital of Italy')
    await follow('and the highest mountain of Spain')
    await settled(fixture)
    expect(lessons(idOf(other))).toEqual([])
    // A first ask with one word changed may be a program that fills a form.
    const form = await ask('auto', `${asked} 1`)
    await ask('auto', `${asked} 2`)
    await settled(fixture)
    expect(lessons(idOf(form))).toEqual([])
  })

  it('learns the tier that the caller names the second time', async () => {
    const first = await ask()
    await ask('t3')
    expect(await taught(fixture, idOf(first))).toMatchObject([{ tier: 2, weight: 0.5 }])
    const down = await ask('auto', 'what is the capital of France')
    await ask('t1', 'what is the capital of France')
    await settled(fixture)
    expect(lessons(idOf(down))).toEqual([])
  })

  it('learns the tier of the one model that the caller names the second time', async () => {
    const first = await ask()
    await ask('fake/medium')
    expect(await taught(fixture, idOf(first))).toMatchObject([{ tier: 1, weight: 0.5 }])
  })

  it('takes a rating for one of the tier that answered, not of the one that was meant', async () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
    const content = [{ type: 'text', text: `hello ${turn}` }, image]
    const messages = [{ role: 'user', content }]
    const answer = await chat(fixture.gateway, { model: 'auto', messages })
    expect(answer.headers.get('x-smartroute-reason')).toContain('needs=vision')
    expect(answer.headers.get('x-smartroute-tier')).toBe('t2')
    await feedback({ request_id: idOf(answer), score: -1 })
    expect(await taught(fixture, idOf(answer))).toMatchObject([{ tier: 2, said: 0 }])
  })

  it('learns a little from an answer that was none', async () => {
    fixture.upstream.script = ({ headers }) =>
      headers.authorization?.includes('spare') === true ? 'ok' : 'empty'
    const answer = await ask()
    expect(answer.status).toBe(200)
    await settled(fixture)
    const seen = lessons(idOf(answer))
    // Which of the two models came first is up to the plan; only an empty answer teaches.
    if (answer.headers.get('x-smartroute-attempts') === '1') expect(seen).toEqual([])
    else expect(seen).toMatchObject([{ tier: 1, weight: 0.2 }])
  })

  it.each([false, true])('learns a little from prose for JSON, streamed: %s', async (stream) => {
    const messages = [{ role: 'user', content: `what is ${turn} times 2, in JSON` }]
    const asked = { model: 'auto', stream, messages, response_format: { type: 'json_object' } }
    const answer = await chat(fixture.gateway, asked)
    expect(answer.content).not.toBe('')
    expect(await taught(fixture, idOf(answer))).toMatchObject([{ weight: 0.2 }])
  })

  it('learns nothing from a score that is neither good nor bad', async () => {
    const answer = await ask()
    expect((await feedback({ request_id: idOf(answer), score: 0 })).status).toBe(200)
    expect((await feedback({ request_id: idOf(answer), score: -1 })).status).toBe(200)
    expect(lessons(idOf(answer))).toMatchObject([{ tier: 1, weight: 0.5 }])
  })

  it('learns nothing from a bad score of the strongest tier', async () => {
    const answer = await ask('auto', 'Prove that the square root of 2 is irrational, step by step.')
    expect(answer.headers.get('x-smartroute-tier')).toBe('t3')
    const bad = await feedback({ request_id: idOf(answer), score: -1 })
    expect(bad.status).toBe(200)
    expect(lessons(idOf(answer))).toEqual([])
    // A good one does, and so does a tier that somebody names.
    expect((await feedback({ request_id: idOf(answer), score: 1 })).status).toBe(200)
    expect(lessons(idOf(answer))).toMatchObject([{ tier: 2, weight: 0.5 }])
  })

  it('tells who rates a request in the log whether the classifier learns from it', async () => {
    const rate = async (id: string | null, tier: string | null = 't3'): Promise<unknown> => {
      const rated = await until(async () => {
        const response = await fixture.gateway.api(`/logs/${id}/feedback`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ tier }),
        })
        return response.ok && response
      })
      return rated.json()
    }
    const decided = idOf(await ask())
    expect(await rate(decided)).toEqual({ ok: true, taught: true })
    expect(lessons(decided)).toMatchObject([{ tier: 2, weight: 1 }])
    expect(await rate(decided, null)).toEqual({ ok: true, taught: false })
    expect(lessons(decided)).toMatchObject([{ tier: 2, weight: 1 }, { withdrawn: true }])
    expect(await rate(idOf(await ask('t1')))).toEqual({ ok: true, taught: false })
  })

  it('counts lessons and asks for more before it corrects anything', async () => {
    const status = await runCli(['learn', 'status', '--data-dir', fixture.gateway.dataDir])
    expect(status.code).toBe(0)
    expect(status.stdout).toMatch(/[1-9]/)
    const refit = await runCli(['learn', 'refit', '--data-dir', fixture.gateway.dataDir])
    expect(refit.code).toBe(0)
  })
})

describe('a second judge', () => {
  const fixture = withGateway(
    (url) => `${provider(url)}
tiers:
  t1: { models: [fake/small] }
  t2: { models: [fake/medium] }
  t3: { models: [fake/large] }
routing:
  classifier: cascade
  local: { ask_below: 1 }
  learning: { enabled: true }
  llm: { model: fake/judge }
`,
  )
  const ask = (said: string, messages: readonly object[]): ReturnType<typeof chat> => {
    fixture.upstream.script = ({ model }) => (model === 'judge' ? said : model)
    return chat(fixture.gateway, { model: 'auto', messages })
  }
  const user = (content: string): object => ({ role: 'user', content })

  it('teaches once what it was asked once', async () => {
    const first = await ask('says-t1', [user('name three rivers')])
    const again = await ask('says-t3', [
      { role: 'system', content: 'Be brief.' },
      user('name three rivers'),
    ])
    expect(again.headers.get('x-smartroute-tier')).toBe('t1')
    await settled(fixture)
    expect(lessonsOf(fixture, idOf(first))).toMatchObject([{ tier: 0, weight: 0.3 }])
    expect(lessonsOf(fixture, idOf(again))).toEqual([])
  })

  it('teaches what it said, not what the session made of it', async () => {
    const opening = [user('prove the theorem'), { role: 'assistant', content: 'Done.' }]
    const second = [...opening, user('and the lemma behind it')]
    await ask('says-t3', second)
    const third = [...second, opening[1] ?? {}, user('which colour has the sky')]
    const soft = await ask('says-t1', third)
    expect(soft.headers.get('x-smartroute-reason')).toContain('held=one_tier_down')
    expect(soft.headers.get('x-smartroute-tier')).toBe('t2')
    expect(await taught(fixture, idOf(soft))).toMatchObject([{ tier: 0, weight: 0.3 }])
  })
})

describe('the folder of learning', () => {
  const fixture = withGateway((url) => `${provider(url)}${TIERS}`)
  const ask = (): ReturnType<typeof chat> => chat(fixture.gateway, { model: 'auto' })

  it('fails no chat request where it cannot be written, and says so once', async () => {
    mkdirSync(pathOf(fixture, 'lessons.jsonl'), { recursive: true })
    const answers = [await ask(), await ask(), await ask()]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const told = await feedbackTo(fixture, { request_id: idOf(answers[0] as never), tier: 't3' })
    expect(told.status).toBe(503)
    expect(await told.json()).toMatchObject({ error: { code: 'storage_unavailable' } })
    const complaint = 'Lessons cannot be written to'
    await until(() => fixture.gateway.output().includes(complaint))
    expect(fixture.gateway.output().split(complaint)).toHaveLength(2)
    rmSync(pathOf(fixture, 'lessons.jsonl'), { recursive: true })
    await settled(fixture)
  })

  it('names the correction in the reason, once there is one', async () => {
    const correction = { version: 7, model: shippedVersion(), bias: [0, 0, 30], weights: [] }
    writeFileSync(pathOf(fixture, 'corrections.json'), JSON.stringify([correction]))
    const reason = await until(async () => {
      const said = (await ask()).headers.get('x-smartroute-reason') ?? ''
      return said.includes('learnt=') && said
    }, 10_000)
    expect(reason).toMatch(/; learnt=(?:7|held_out)$/)
  })
})

describe('smartroute learn', () => {
  it('speaks of a data folder that is none instead of breaking down', async () => {
    for (const action of ['status', 'refit', 'rollback']) {
      const { code, stderr } = await runCli(['learn', action, '--data-dir', import.meta.filename])
      expect(code).toBe(74)
      expect(stderr).toContain(import.meta.filename)
      expect(stderr.trim().split('\n')).toHaveLength(1)
    }
  })
})
