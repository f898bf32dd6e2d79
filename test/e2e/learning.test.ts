import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { chat } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { runCli } from '../support/start-gateway.ts'

const TIERS = `
tiers:
  t1: { models: [fake/small, spare/small] }
  t2: { models: [fake/medium] }
  t3: { models: [fake/large] }
routing: { classifier: local, learning: { enabled: true } }
`

interface Lesson {
  readonly requestId: string
  readonly tier: number
  readonly weight: number
  readonly buckets: readonly number[]
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

  const lessons = (id: string | null): Lesson[] => {
    const path = join(fixture.gateway.dataDir, 'learning', 'lessons.jsonl')
    if (!existsSync(path)) return []
    const lines = readFileSync(path, 'utf8').trim().split('\n')
    return lines
      .map((line) => JSON.parse(line) as Lesson)
      .filter(({ requestId }) => requestId === id)
  }
  const idOf = (answer: { headers: Headers }): string | null => answer.headers.get('x-request-id')

  const feedback = (body: object): Promise<Response> =>
    fetch(`${fixture.gateway.url}/v1/feedback`, { method: 'POST', body: JSON.stringify(body) })

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
    expect(lessons(idOf(first))).toMatchObject([{ tier: 1, weight: 0.3 }])
    expect(lessons(idOf(second))).toMatchObject([{ tier: 1, weight: 0.3 }])
    const other = await ask('auto', 'thank you, goodbye')
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
    expect(lessons(idOf(first))).toMatchObject([{ tier: 1, weight: 0.3 }])
    const other = await follow('and the capital of Italy')
    await follow('and the highest mountain of Spain')
    expect(lessons(idOf(other))).toEqual([])
    // A first ask with one word changed may be a program that fills a form.
    const form = await ask('auto', `${asked} 1`)
    await ask('auto', `${asked} 2`)
    expect(lessons(idOf(form))).toEqual([])
  })

  it('learns the tier that the caller names the second time', async () => {
    const first = await ask()
    await ask('t3')
    expect(lessons(idOf(first))).toMatchObject([{ tier: 2, weight: 0.5 }])
    const down = await ask('auto', 'what is the capital of France')
    await ask('t1', 'what is the capital of France')
    expect(lessons(idOf(down))).toEqual([])
  })

  it('learns a little from an answer that was none', async () => {
    fixture.upstream.script = ({ headers }) =>
      headers.authorization?.includes('spare') === true ? 'ok' : 'empty'
    const answer = await ask()
    expect(answer.status).toBe(200)
    const seen = lessons(idOf(answer))
    // Which of the two models came first is up to the plan; only an empty answer teaches.
    if (answer.headers.get('x-smartroute-attempts') === '1') expect(seen).toEqual([])
    else expect(seen).toMatchObject([{ tier: 1, weight: 0.2 }])
  })

  it('counts lessons and asks for more before it corrects anything', async () => {
    const status = await runCli(['learn', 'status', '--data-dir', fixture.gateway.dataDir])
    expect(status.code).toBe(0)
    expect(status.stdout).toMatch(/[1-9]/)
    const refit = await runCli(['learn', 'refit', '--data-dir', fixture.gateway.dataDir])
    expect(refit.code).toBe(0)
  })
})
