import { describe, expect, it } from 'vitest'
import { assembleStream } from './assemble-stream.ts'
import { completionToStream } from './completion-to-stream.ts'

function stream(...chunks: unknown[]): Buffer[] {
  return [
    ...chunks.map((chunk) => Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`)),
    Buffer.from('data: [DONE]\n\n'),
  ]
}

function delta(part: object, finish: string | null = null): object {
  return {
    id: 'c',
    object: 'chat.completion.chunk',
    model: 'm',
    choices: [{ index: 0, delta: part, finish_reason: finish }],
  }
}

describe('assembleStream', () => {
  it('puts calls together that are counted from 1', () => {
    const call = (index: number, part: object): object =>
      delta({ tool_calls: [{ index, ...part }] })
    const whole = assembleStream(
      stream(
        call(1, { id: 'a', function: { name: 'f', arguments: '' } }),
        call(1, { function: { arguments: '{"a":' } }),
        call(2, { id: 'b', function: { name: 'g', arguments: '{}' } }),
        call(1, { function: { arguments: '1}' } }),
      ),
    )
    expect(whole).toMatchObject({
      choices: [
        {
          message: {
            tool_calls: [
              { id: 'a', function: { name: 'f', arguments: '{"a":1}' } },
              { id: 'b', function: { name: 'g', arguments: '{}' } },
            ],
          },
        },
      ],
    })
  })

  it('joins content, reasoning and refusal and keeps unknown fields', () => {
    const whole = assembleStream(
      stream(
        { ...delta({ role: 'assistant', content: '' }), system_fingerprint: 'f', vendor: { x: 1 } },
        delta({ reasoning_content: 'hm' }),
        delta({ reasoning_content: 'm' }),
        delta({ content: '你' }),
        delta({ content: '好', extra: [1] }),
        delta({ extra: [2] }, 'stop'),
        { id: 'c', choices: [], usage: { total_tokens: 3 } },
      ),
    )
    expect(whole).toMatchObject({
      object: 'chat.completion',
      system_fingerprint: 'f',
      vendor: { x: 1 },
      usage: { total_tokens: 3 },
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: { role: 'assistant', content: '你好', reasoning_content: 'hmm', extra: [1, 2] },
        },
      ],
    })
  })

  it('puts parallel tool calls together by index', () => {
    const call = (index: number, rest: object): object =>
      delta({ tool_calls: [{ index, ...rest }] })
    const whole = assembleStream(
      stream(
        call(0, { id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
        call(1, { id: 'b', type: 'function', function: { name: 'g', arguments: '{' } }),
        call(0, { function: { arguments: '{"x":' } }),
        call(1, { id: '', function: { name: null, arguments: '}' } }),
        call(0, { function: { arguments: '1}' } }),
        delta({}, 'tool_calls'),
      ),
    )
    expect(whole).toMatchObject({
      choices: [
        {
          message: {
            tool_calls: [
              { id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
              { id: 'b', function: { name: 'g', arguments: '{}' } },
            ],
          },
        },
      ],
    })
  })

  it('joins logprobs and several choices', () => {
    const piece = (index: number, token: string): object => ({
      choices: [
        {
          index,
          delta: { content: token },
          logprobs: { content: [{ token }] },
          finish_reason: null,
        },
      ],
    })
    expect(assembleStream(stream(piece(1, 'b'), piece(0, 'a'), piece(1, 'c')))).toMatchObject({
      choices: [
        { index: 0, message: { content: 'a' }, logprobs: { content: [{ token: 'a' }] } },
        {
          index: 1,
          message: { content: 'bc' },
          logprobs: { content: [{ token: 'b' }, { token: 'c' }] },
        },
      ],
    })
  })

  it('keeps the error of a broken stream and never pollutes a prototype', () => {
    const whole = assembleStream([
      Buffer.from(
        'data: {"choices":[{"index":0,"delta":{"content":"a","__proto__":{"bad":1}}}]}\n\n',
      ),
      Buffer.from('data: not json\n\ndata: {"error":{"code":"stream_interrupted"}}\n\n'),
    ])
    expect(whole).toMatchObject({
      error: { code: 'stream_interrupted' },
      choices: [{ message: { content: 'a' } }],
    })
    expect(({} as Record<string, unknown>)['bad']).toBeUndefined()
  })

  it('gives a completion back that was turned into a stream', () => {
    const completion = {
      id: 'c',
      object: 'chat.completion',
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
      usage: { total_tokens: 2 },
    }
    const bytes = completionToStream(Buffer.from(JSON.stringify(completion)), true)
    expect(assembleStream([bytes])).toEqual(completion)
  })
})

it('puts a hundred thousand small pieces together', () => {
  const one = delta({ tool_calls: [{}], notes: [1] })
  const whole = assembleStream(stream(...Array.from({ length: 100_000 }, () => one)))
  expect(whole).toMatchObject({ choices: [{ message: { notes: { length: 100_000 } } }] })
})
