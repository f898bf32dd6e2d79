import { describe, expect, it } from 'vitest'
import type { AnswerEnd } from './attempt-result.ts'
import { Splice } from './continuation.ts'
import { KeywordJudge } from './keyword-judge.ts'
import { StreamAnswer } from './stream-answer.ts'

const chunk = (delta: object, finish: string | null = null): string =>
  JSON.stringify({ id: 'x', choices: [{ index: 0, delta, finish_reason: finish }] })

const WORDS = ['Grüße', ' 你好', ' 😀', ' done']
const EVENTS = [
  chunk({ role: 'assistant', content: '' }),
  ...WORDS.map((content) => chunk({ content })),
  chunk({}, 'stop'),
  '[DONE]',
]

const FORMS: Readonly<Record<string, string>> = {
  lf: EVENTS.map((data) => `data: ${data}\n\n`).join(''),
  crlf: EVENTS.map((data) => `data: ${data}\r\n\r\n`).join(''),
  cr: EVENTS.map((data) => `data: ${data}\r\r`).join(''),
  comments: EVENTS.map((data) => `: hi\n\ndata: ${data}\n\n`).join(''),
  fields: EVENTS.map((data) => `event: m\nid: 1\nretry: 2\ndata:${data}\n\n`).join(''),
  bom: `\ufeff${EVENTS.map((data) => `data: ${data}\n\n`).join('')}`,
}

function read(pieces: readonly Buffer[]): { out: string; end: AnswerEnd } {
  let out = ''
  const answer = new StreamAnswer({
    judge: new KeywordJudge(['rate limit'], () => 'hello'),
    sink: { commit: () => {}, write: (bytes) => (out += bytes.toString('utf8')), finish: () => {} },
    includeUsage: true,
    resume: null,
  })
  for (const piece of pieces) {
    const end = answer.push(piece)
    if (end !== null) return { out, end }
  }
  return { out, end: answer.end() }
}

const textOf = (out: string): string =>
  [...out.matchAll(/"content":"([^"]*)"/g)].map(([, text]) => text).join('')

describe('a stream cut anywhere', () => {
  it.each(Object.entries(FORMS))('%s: is the same at every byte', (_name, form) => {
    const bytes = Buffer.from(form)
    const whole = read([bytes])
    expect(whole.end.outcome).toBe('ok')
    expect(textOf(whole.out)).toBe(WORDS.join(''))
    for (let at = 1; at < bytes.length; at++) {
      const parts = read([bytes.subarray(0, at), bytes.subarray(at)])
      expect(parts.end.outcome).toBe('ok')
      expect(textOf(parts.out)).toBe(WORDS.join(''))
    }
    const single = read([...bytes].map((byte) => Buffer.from([byte])))
    expect(textOf(single.out)).toBe(WORDS.join(''))
  })
})

/** What a client has in the end when a text is joined to what it had. */
function joined(
  mode: 'continue' | 'restart',
  had: string,
  pieces: readonly string[],
): string | null {
  const splice = new Splice({ mode, sent: { text: had, id: null, created: null, isPlain: true } })
  let all = had
  for (const piece of pieces) {
    const text = splice.push(piece)
    if (text === null) return null
    all += text
  }
  const rest = splice.end()
  return rest === null ? null : all + rest
}

describe('Splice', () => {
  it.each([
    ['continue', 'The quick brown', [' fox', ' jumps'], 'The quick brown fox jumps'],
    ['continue', 'The quick brown', ['quick brown', ' fox'], 'The quick brown fox'],
    ['continue', 'The quick bro', ['brown fox'], 'The quick brown fox'],
    ['continue', 'The quick brown', ['The ', 'quick ', 'brown fox'], 'The quick brown fox'],
    ['continue', '从前有座山', ['座山，山里'], '从前有座山，山里'],
    ['continue', 'ab', ['bc'], 'abbc'],
    ['continue', 'The end', ['The end'], 'The end'],
    ['continue', 'The end', [], 'The end'],
    [
      'continue',
      'A long enough beginning of an answer',
      ['A long enough beginning of another story'],
      null,
    ],
    ['restart', 'The quick', ['The', ' quick brown'], 'The quick brown'],
    ['restart', 'The quick', ['A slow'], null],
    ['restart', 'The quick', ['The'], null],
  ] as const)('%s %j + %j = %j', (mode, had, pieces, expected) => {
    expect(joined(mode, had, pieces)).toBe(expected)
  })

  it('does not care how the new text is cut', () => {
    const text = 'quick brown fox jumps over'
    for (let size = 1; size < text.length; size++) {
      const pieces = text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []
      expect(joined('continue', 'The quick brown', pieces)).toBe('The quick brown fox jumps over')
    }
  })
})
