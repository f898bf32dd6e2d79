import { describe, expect, it } from 'vitest'
import type { Tier } from '../contract/tier.ts'
import { parseChatRequest } from '../dialect/chat-request.ts'
import { askingOf } from './asking.ts'
import type { Answers } from './no-answer.ts'
import { AnsweredAsks, refusedLesson } from './weak-lessons.ts'

const user = (text: string): Parameters<typeof askingOf>[1][number] => ({
  role: 'user',
  text,
  images: 0,
  isToolResult: false,
})
const ping = askingOf('key', [user('reply with pong')])
/** After an answer an ask is known by what stands before it, and may differ in a word. */
const follow = (text: string): ReturnType<typeof askingOf> =>
  askingOf('key', [user('hello'), { ...user('Good morning.'), role: 'assistant' }, user(text)])

describe('an ask that comes again', () => {
  const answer = (asks: AnsweredAsks, asking: typeof ping, at: number, tier: Tier = 't1'): void =>
    asks.remember(asking, { requestId: `r${at}`, tier, at })

  it('teaches once, however often a monitor sends it', () => {
    const asks = new AnsweredAsks()
    const taught = Array.from({ length: 81 }, (_, at) => {
      const lesson = asks.judge(ping, null, at)
      answer(asks, ping, at)
      return lesson
    }).filter((lesson) => lesson !== null)
    expect(taught).toEqual([{ requestId: 'r0', tier: 1, weight: 0.3, by: 'nobody' }])
  })

  it('says more, and of the same answer, where a higher tier is named after that', () => {
    const asks = new AnsweredAsks()
    answer(asks, ping, 0)
    expect(asks.judge(ping, 't1', 1)).toBeNull()
    expect(asks.judge(ping, null, 2)).toMatchObject({ requestId: 'r0', tier: 1, weight: 0.3 })
    answer(asks, ping, 3)
    const upgraded = { requestId: 'r0', tier: 2, weight: 0.5, by: 'nobody' }
    expect(asks.judge(ping, 't3', 4)).toEqual(upgraded)
    expect([asks.judge(ping, 't3', 5), asks.judge(ping, 't2', 6)]).toEqual([null, null])
    expect(asks.judge(ping, null, 7)).toBeNull()
  })

  it('is no complaint two minutes later', () => {
    const asks = new AnsweredAsks()
    answer(asks, ping, 0)
    expect(asks.judge(ping, null, 120_001)).toBeNull()
  })

  it('is another one where the human asks something else at the same place', () => {
    const asks = new AnsweredAsks()
    const first = follow('what is the name of the river that flows through the city of Paris')
    const second = follow('and which mountain is the highest one of the whole of Spain')
    answer(asks, first, 0)
    expect(asks.judge(first, null, 1)).not.toBeNull()
    answer(asks, first, 1)
    answer(asks, second, 2)
    expect(asks.judge(second, null, 3)).toMatchObject({ requestId: 'r2' })
  })
})

describe('an answer that was none', () => {
  interface Given extends Partial<Answers['attempts'][number]> {
    readonly streamed?: readonly object[]
    readonly asked?: object
  }
  const lesson = ({ streamed, asked, ...answer }: Given, decided: number | null = 0): unknown => {
    const sse = streamed?.map((delta) => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`)
    const request = parseChatRequest(
      Buffer.from(
        JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'hello' }], ...asked }),
      ),
    )
    if (request.kind === 'invalid') throw new Error(request.message)
    return refusedLesson('r', () => decided, {
      attempts: [{ outcome: 'ok', finishReason: 'stop', body: null, ...answer }],
      streamed: () => sse?.map((event) => Buffer.from(event)) ?? null,
      request: request.request,
    })
  }
  const body = (message: object): Buffer => Buffer.from(JSON.stringify({ choices: [{ message }] }))
  const call = (sent: string): object => ({
    tool_calls: [{ index: 0, function: { name: 'f', arguments: sent } }],
  })
  const calling = (sent: string): Buffer => body({ content: null, ...call(sent) })
  const tierAbove = { requestId: 'r', tier: 1, weight: 0.2, by: 'nobody' }

  it('teaches the tier above where the model refused or wrote what nobody can read', () => {
    expect(lesson({ outcome: 'empty', finishReason: null })).toEqual(tierAbove)
    expect(lesson({ finishReason: 'content_filter' })).toEqual(tierAbove)
    expect(lesson({ body: body({ content: null, refusal: 'I cannot.' }) })).toEqual(tierAbove)
    expect(lesson({ body: calling('{bad') })).toEqual(tierAbove)
  })

  it('teaches the same where the answer came as a stream', () => {
    expect(lesson({ streamed: [{ refusal: 'I ' }, { refusal: 'cannot.' }] })).toEqual(tierAbove)
    expect(lesson({ streamed: [call('{"a'), call(': 1')] })).toEqual(tierAbove)
    expect(lesson({ streamed: [call('{"a"'), call(': 1}')] })).toBeNull()
    expect(lesson({ streamed: [{ content: 'good' }] })).toBeNull()
    expect(lesson({})).toBeNull()
  })

  it('teaches the tier above where JSON was asked for and something else came', () => {
    const asked = { response_format: { type: 'json_schema', json_schema: { name: 'a' } } }
    expect(lesson({ asked, body: body({ content: 'Sure! {"a": 1}' }) })).toEqual(tierAbove)
    expect(lesson({ asked, streamed: [{ content: '{"a"' }, { content: ': 1' }] })).toEqual(
      tierAbove,
    )
    expect(lesson({ asked, body: body({ content: '{"a": 1}' }) })).toBeNull()
    expect(lesson({ asked, body: calling('{"a": 1}') })).toBeNull()
    expect(lesson({ asked, body: body({ content: '{"a"' }), finishReason: 'length' })).toBeNull()
    const text = { response_format: { type: 'text' } }
    expect(lesson({ asked: text, body: body({ content: 'good' }) })).toBeNull()
  })

  it('teaches the tier above where a strict schema was asked for and a member is missing', () => {
    const asked = (strict: boolean): object => ({
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'a', strict, schema: { type: 'object', required: ['a', 'b'] } },
      },
    })
    const whole = body({ content: '{"a": 1, "b": null}' })
    const half = body({ content: '{"a": 1}' })
    expect(lesson({ asked: asked(true), body: half })).toEqual(tierAbove)
    expect(lesson({ asked: asked(true), body: body({ content: '[]' }) })).toEqual(tierAbove)
    expect(lesson({ asked: asked(true), body: whole })).toBeNull()
    expect(lesson({ asked: asked(false), body: half })).toBeNull()
  })

  it('teaches the tier above where the whole answer is a refusal in plain words', () => {
    const content = "I'm sorry, but I can't help with that."
    expect(lesson({ body: body({ content }) })).toEqual(tierAbove)
    expect(
      lesson({ streamed: [{ content: '抱歉，我无法' }, { content: '回答这个问题。' }] }),
    ).toEqual(tierAbove)
    const messages = [{ role: 'user', content: 'Translate "抱歉，我帮不了你" to English.' }]
    expect(lesson({ asked: { messages }, body: body({ content }) })).toBeNull()
  })

  it("teaches nothing where it was the provider's fault, or none at all", () => {
    expect(lesson({ outcome: 'keyword', finishReason: null })).toBeNull()
    expect(lesson({ outcome: 'overload', finishReason: null })).toBeNull()
    expect(lesson({ body: body({ content: 'good', refusal: null }) })).toBeNull()
    expect(lesson({ body: calling('{"a":1}') })).toBeNull()
    expect(lesson({ body: calling('') })).toBeNull()
    expect(lesson({ body: calling('{"a":'), finishReason: 'length' })).toBeNull()
    expect(lesson({ finishReason: 'content_filter' }, null)).toBeNull()
    expect(lesson({ finishReason: 'content_filter' }, 2)).toBeNull()
  })
})
