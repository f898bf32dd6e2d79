import { describe, expect, it } from 'vitest'
import { assembleStream } from '../../dialect/assemble-stream.ts'
import { maskedStream } from './mask-stream.ts'

const stream = (...deltas: readonly object[]): string =>
  [
    ...deltas.map((delta) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}`),
    'data: [DONE]',
    '',
  ].join('\n\n')
const said = (text: string): any =>
  (assembleStream([Buffer.from(maskedStream(text))]) as any).choices[0].message

describe('a stream of which personal things are masked', () => {
  it('hides what comes in several events, and what one event holds', () => {
    const words = ['Ask bob', '@mail.', 'example', ' or 4111 1111', ' 1111 1111. Bye, a', '@b.org']
    const text = stream({ role: 'assistant' }, ...words.map((content) => ({ content })))
    expect(said(text)).toMatchObject({
      role: 'assistant',
      content: 'Ask [redacted] or [redacted]. Bye, [redacted]',
    })
    expect(maskedStream(text)).toMatch(/data: \[DONE\]\n\n$/)
  })

  it('keeps apart what belongs to different texts', () => {
    const call = (index: number, sent: string): object => ({
      tool_calls: [{ index, function: { arguments: sent } }],
    })
    const text = stream(call(0, '{"to":"bob@'), call(1, '{"n":"1380'), call(0, 'mail.example"}'), {
      ...call(1, '0138000"}'),
      reasoning_content: 'bob@',
    })
    const { tool_calls: calls } = said(text)
    expect(calls.map((one: any) => one.function.arguments)).toEqual([
      '{"to":"[redacted]"}',
      '{"n":"[redacted]"}',
    ])
  })

  it('leaves everything else byte for byte', () => {
    const text = `: ping\n\n${stream({ content: 'in 2026' })}data: {"cut`
    expect(maskedStream(text)).toBe(text)
  })
})
