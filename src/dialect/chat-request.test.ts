import { describe, expect, it } from 'vitest'
import { parseChatRequest } from './chat-request.ts'

const parse = (text: string): ReturnType<typeof parseChatRequest> =>
  parseChatRequest(Buffer.from(text))

const user = (content: unknown): object => ({ role: 'user', content })

describe('parseChatRequest', () => {
  it.each([
    ['', 'not valid JSON'],
    ['nope', 'not valid JSON'],
    ['{"model":"a","messages":[{"role":"user","content":"x"}],}', 'not valid JSON'],
    ['{"messages":[{"role":"user"}]}', 'model'],
    ['{"model":7,"messages":[{"role":"user"}]}', 'model'],
    ['{"model":"a"}', '"messages" must be an array'],
    [`{"model":"${'m'.repeat(9_000)}","messages":[{"role":"user"}]}`, 'longer than 300'],
    ['{"model":"a","messages":{}}', '"messages" must be an array'],
    ['{"model":"a","messages":[]}', 'must not be empty'],
    ['{"model":"a","messages":[1]}', 'messages[0] must be an object'],
    ['{"model":"a","messages":[{}]}', 'role must be a string'],
    ['{"model":"a","stream":"yes","messages":[{"role":"user"}]}', '"stream" must be a boolean'],
    ['{"model":"a","model":"b","messages":[{"role":"user"}]}', 'appears twice'],
    ['{"model":"a","__proto__":{},"messages":[{"role":"user"}]}', '__proto__'],
    [
      `{"model":"a","messages":[{"role":"user","content":${'['.repeat(500)}${']'.repeat(500)}}]}`,
      'deeper',
    ],
  ])('refuses %s', (text, message) => {
    expect(parse(text)).toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(message) as string,
    })
  })

  it('refuses bytes that are not UTF-8', () => {
    expect(parseChatRequest(Buffer.from([0x7b, 0xff, 0x7d])).kind).toBe('invalid')
  })

  it.each([10, 100_000])('reads the last human turns with %i characters of padding', (padding) => {
    const messages = [
      { role: 'system', content: 'x'.repeat(padding) },
      user('first "quoted" \\'),
      { role: 'assistant', content: 'no' },
      user([
        { type: 'text', text: 'look' },
        { type: 'image_url', image_url: { url: 'data:' } },
      ]),
      { role: 'tool', content: 'noise' },
    ]
    const parsed = parse(
      JSON.stringify({
        model: 'm',
        stream: true,
        stream_options: { include_usage: true },
        messages,
      }),
    )
    if (parsed.kind !== 'chat') throw new Error(parsed.message)
    expect(parsed.request.humanTurns(5)).toEqual(['first "quoted" \\', 'look'])
    expect(parsed.request.humanTurns(1)).toEqual(['look'])
    expect(parsed.request).toMatchObject({ model: 'm', stream: true, includeUsage: true })
  })
})

describe('a long conversation', () => {
  it('can be read back to its beginning, whatever was sent as text on the way', () => {
    const rounds = Array.from({ length: 100 }, (_, index) => [
      { role: 'assistant', content: 'look' },
      user(`<output>${'x'.repeat(1_000)} ${index}</output>`),
    ])
    const messages = [{ ...user('the ask'), name: 'proxy' }, ...rounds.flat()]
    const parsed = parse(JSON.stringify({ model: 'm', messages }))
    if (parsed.kind !== 'chat') throw new Error(parsed.message)
    const talk = parsed.request.conversation()
    expect(talk.length).toBe(201)
    expect(talk.at(0)).toMatchObject({ role: 'user', text: 'the ask', name: 'proxy' })
    expect(talk.at(0)).toBe(talk.at(0))
    expect(talk.at(201)).toBeUndefined()
    expect(parsed.request.lastMessages()).toHaveLength(15)
  })
})

describe('a very long text', () => {
  it('is read without a hole in its first 48 KiB and its last 16, and no more than 64 in all', () => {
    const content = Array.from({ length: 60_000 }, (_, index) => `w${index}`).join(' ')
    const parsed = parse(JSON.stringify({ model: 'm', messages: [user(content)] }))
    if (parsed.kind !== 'chat') throw new Error(parsed.message)
    const [text = ''] = parsed.request.humanTurns(1)
    expect(text.length).toBeLessThanOrEqual(64 * 1024)
    expect(text.startsWith(content.slice(0, 48_000))).toBe(true)
    expect(text.endsWith(content.slice(-16_000))).toBe(true)
  })

  it.each(['x', '你', '\\', '"', '\n', '😀', '\u0001'])(
    'made of %j is read at its two ends, wherever the cuts fall',
    (piece) => {
      for (let shift = 0; shift < 7; shift++) {
        const content = 'a'.repeat(shift) + piece.repeat(200_000)
        const parsed = parse(JSON.stringify({ model: 'm', messages: [user(content)] }))
        if (parsed.kind !== 'chat') throw new Error(parsed.message)
        const [text = ''] = parsed.request.humanTurns(1)
        expect(text.length).toBeGreaterThan(5_000)
        expect(content.startsWith(text.slice(0, 5_000))).toBe(true)
        expect(content.endsWith(text.slice(-1_000))).toBe(true)
      }
    },
  )
})
