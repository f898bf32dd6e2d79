import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../config/snapshot.ts'
import { needsOf, unmet } from './needs.ts'

const body = (content: unknown, more: object = {}): Buffer =>
  Buffer.from(JSON.stringify({ model: 'auto', messages: [{ role: 'user', content }], ...more }))
const ascii = (bytes: Buffer): Buffer =>
  Buffer.from(
    bytes
      .toString()
      .replace(
        /[\u0080-\uffff]/g,
        (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
  )

/**
 * Texts, how often they are said, and the tokens of that: the fewest that the vocabularies of
 * GPT (o200k, cl100k), Claude, Gemma 3, Qwen 3, DeepSeek V3 and Llama 2 make of it.
 */
const PROSE: readonly [name: string, text: string, times: number, tokens: number][] = [
  [
    'English',
    'The committee will meet again on Thursday to discuss the budget, and the chairman has asked that every member read the report before then. ',
    100,
    2_601,
  ],
  [
    'Russian',
    'Министерство образования Российской Федерации утвердило новые требования к преподаванию иностранных языков в государственных учреждениях. ',
    100,
    2_004,
  ],
  [
    'Arabic',
    'أعلنت الحكومة أنها ستواصل المفاوضات مع الاتحاد الأوروبي بشأن البرنامج الجديد خلال الأسبوع المقبل. ',
    100,
    1_802,
  ],
  ['Hindi', 'सरकार ने कहा है कि वह अगले सप्ताह नए कार्यक्रम के बारे में बातचीत जारी रखेगी। ', 100, 1_801],
  [
    'German',
    'Das Bundesverfassungsgericht hat die Verfassungsbeschwerde gegen das Datenschutzgesetz nicht zur Entscheidung angenommen. ',
    100,
    2_301,
  ],
  [
    'Korean',
    '정부는 다음 주에 새로운 프로그램에 대한 협상을 계속할 것이라고 발표했습니다. ',
    100,
    1_801,
  ],
  [
    'Chinese',
    '人工智能正在改变我们的生活方式，越来越多的企业开始使用大型语言模型来处理日常工作。',
    100,
    1_600,
  ],
  [
    'Chinese officialese',
    '全面建成小康社会，深入贯彻落实党的十九大精神，坚持以习近平新时代中国特色社会主义思想为指导。\n',
    50,
    550,
  ],
  [
    'Japanese',
    '東京都は来年度から、すべての公立学校でプログラミング教育を本格的に始めると発表しました。',
    100,
    2_300,
  ],
  [
    'code',
    'def read_items(self, start_index=0, batch_size=100):\n    return [item.to_dict() for item in self.items[start_index:start_index + batch_size]]\n',
    100,
    3_500,
  ],
]

/** What has few tokens for its length. */
const DENSE: typeof PROSE = [
  ['spaces', ' ', 3_000, 6],
  ['line breaks', '\n', 3_000, 95],
  ['a drawn line', '─', 3_000, 188],
  ['signs of equality', '=', 3_000, 48],
  ['one letter', 'a', 3_000, 188],
  ['one Chinese character', '哈', 3_000, 750],
  ['a phrase', '中国特色社会主义、', 60, 120],
  ['a name of code', '.translatesAutoresizingMaskIntoConstraints', 60, 60],
  ['contractions', "I'm sure they're here, it's what we've said: don't. ", 100, 1_201],
  ['joiners', 'او می‌گوید که نمی‌توان همه‌ی کتاب‌های کتابخانه را در یک روز خواند. ', 100, 1_901],
  ['control tokens', '<start_of_turn><end_of_turn>', 100, 200],
  ['signs of a table', '| --- | :---: | ---: |\n', 100, 1_000],
]

describe('the fewest tokens of a prompt', () => {
  it.each([...PROSE, ...DENSE])('are not too many: %s', (_name, text, times, tokens) => {
    for (const bytes of [body(text.repeat(times)), ascii(body(text.repeat(times)))]) {
      expect(needsOf(bytes).tokens).toBeLessThanOrEqual(tokens)
    }
  })

  it.each(PROSE)('are enough to be of use: %s', (_name, text, times, tokens) => {
    expect(needsOf(body(text.repeat(times))).tokens).toBeGreaterThan(tokens * 0.4)
  })

  it.each(PROSE)('are the same where JSON escapes what it may: %s', (_name, text, times) => {
    const plain = body(text.repeat(times))
    expect(needsOf(ascii(plain)).tokens).toBe(needsOf(plain).tokens)
  })

  it.each([
    [
      'a sound',
      { type: 'input_audio', input_audio: { format: 'wav', data: 'UklGR+4w/'.repeat(9e4) } },
    ],
    [
      'a file',
      {
        type: 'file',
        file: {
          filename: 'a b.pdf',
          file_data: `data:application/pdf;base64,${'JVBE+Ri0/'.repeat(9e4)}`,
        },
      },
    ],
    [
      'an image',
      { type: 'image_url', image_url: { url: `data:image/png;base64,${'iVBO+Rw0/'.repeat(9e4)}` } },
    ],
    ['lines of base64', { type: 'file', file: { file_data: 'JVBERi0xLjQK\n'.repeat(6e4) } }],
  ])('are those of the text beside %s', (_name, part) => {
    expect(needsOf(body([part, { type: 'text', text: 'what does it say?' }])).tokens).toBe(4)
  })

  it('are those of what is said, not of the JSON around it', () => {
    const said = ['a', 'b', 'c'].map((text) => ({ type: 'text', text }))
    const metadata = { content: 'not read', text: 'nor this' }
    expect(needsOf(body(said, { metadata })).tokens).toBe(3)
  })

  it('have the words about tools that are shown, without their schemas', () => {
    const parameters = { type: 'object', properties: { a: { description: 'not counted' } } }
    const tool = { name: 'show', description: 'one two three', parameters }
    const tools = [{ type: 'function', function: tool }]
    const tokens = (more: object): number => needsOf(body('four', more)).tokens
    expect(tokens({ tools })).toBe(4)
    expect(tokens({ functions: [tool] })).toBe(4)
    expect(tokens({ tools, tool_choice: 'auto' })).toBe(4)
    expect(tokens({ tools, tool_choice: 'none' })).toBe(1)
    expect(tokens({ tools: [{ ...tools[0], defer_loading: true }] })).toBe(1)
  })

  it('have the results of tools and what was given to them', () => {
    const call = {
      id: 'x y',
      type: 'function',
      function: { name: 'look', arguments: '{"a": "b c"}' },
    }
    const result = {
      type: 'tool_result',
      tool_use_id: 'x',
      content: [{ type: 'text', text: 'd e' }],
    }
    const messages = [
      {
        role: 'assistant',
        content: null,
        tool_calls: [call],
        reasoning_content: 'not shown again',
      },
      { role: 'tool', tool_call_id: 'x y', content: 'f\ng"h"' },
      { role: 'user', content: [result] },
    ]
    expect(needsOf(Buffer.from(JSON.stringify({ messages }))).tokens).toBe(3 + 3 + 2)
  })

  it.each(['<think>', '◁think▷'])('leave out thinking that was sent back: %s', (mark) => {
    const end = mark.replace(/^./, (first) => `${first}/`)
    const answer = `${mark}${'so many words '.repeat(1_000)}${end} Four /think words here.`
    const bytes = body(answer)
    expect(needsOf(bytes).tokens).toBe(4)
    const escaped = bytes.toString().replaceAll('<', '\\u003c').replaceAll('>', '\\u003e')
    expect(needsOf(Buffer.from(escaped)).tokens).toBe(4)
  })

  it.each([
    ['words ', 6_000],
    [PROSE[6]?.[1] ?? '', 600],
  ])('are compared with a window: %s', (text, times) => {
    const needs = needsOf(body(text.repeat(times)))
    const { tokens } = needsOf(body(text.repeat(times)))
    for (const window of [1_000_000, tokens, tokens - 1, 1, tokens]) {
      expect(needs.isLongerThan?.(window)).toBe(window < tokens)
    }
    expect(needs.tokens).toBe(tokens)
  })

  it('are none where the body cannot be read', () => {
    for (const text of [
      '',
      '{',
      '[]',
      '{"messages": 1}',
      '{"messages": ["a", {"content": "\\u12',
    ]) {
      expect(needsOf(Buffer.from(text)).tokens).toBe(0)
    }
  })

  it('are found in a moment, whatever a large body holds', () => {
    const size = 32 * 1024 * 1024
    const parts = `{"messages":[{"content":[${'{},'.repeat(size / 3)}{}]}]}`
    const texts = [' ', '\\"', '/think ', 'a', 'word '].map(
      (text) => `{"messages":[{"content":"${text.repeat(size / text.length)}"}]}`,
    )
    for (const bytes of [parts, ...texts].map((text) => Buffer.from(text))) {
      const startedAt = performance.now()
      needsOf(bytes).isLongerThan?.(128_000)
      // A hundredth of a second to a quarter on a quiet machine.
      expect(performance.now() - startedAt).toBeLessThan(2_000)
    }
  })
})

describe('what a model is known not to take', () => {
  const BLIND = { contextTokens: null, prefill: null, vision: false, audio: null, files: null }
  const NONE = { ...BLIND, audio: false, files: false }
  const part = (type: string): Buffer => body([{ type: 'text', text: 'what is it?' }, { type }])
  const of = (traits: Endpoint['traits'], bytes: Buffer): unknown =>
    unmet({ traits } as Endpoint, needsOf(bytes))

  it.each([
    ['image_url', 'vision'],
    ['image', 'vision'],
    ['input_audio', 'audio'],
    ['audio_url', 'audio'],
    ['file', 'files'],
    ['input_file', 'files'],
    ['document', 'files'],
    ['text', null],
  ])('stands in the way of %s', (type, hindrance) => {
    expect(of(NONE, part(type))).toBe(hindrance)
    // What is not known is no hindrance: who cannot see may be given the text of a file.
    expect(of(BLIND, part(type))).toBe(hindrance === 'vision' ? hindrance : null)
  })

  it('does not where a text only speaks of it', () => {
    const text = '{"type": "input_audio"}, {"type":"file"}, {"type": "image"}'
    expect(of(NONE, body(text))).toBe(null)
  })
})
