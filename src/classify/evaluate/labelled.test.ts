import { describe, expect, it } from 'vitest'
import { readLabelled } from './labelled.ts'

const GOOD = '{"prompt":"What is the capital of Peru?","tier":"T1"}'

/** `line cause found` of every problem that is told. */
function problems(text: string): string[] {
  const file = readLabelled(text)
  if (file.kind === 'rows') return []
  return file.problems.map(({ line, cause, found }) => `${line} ${cause} ${found}`.trim())
}

describe('labelled prompts', () => {
  it('are read from files of Windows too: byte order mark, carriage returns, empty lines', () => {
    const file = readLabelled(`\ufeff${GOOD}\r\n\r\n${GOOD}\r\n`)
    if (file.kind !== 'rows') throw new Error(JSON.stringify(file.problems))
    expect(file.rows.map(({ id, tier }) => [id, tier])).toEqual([
      ['1', 't1'],
      ['3', 't1'],
    ])
  })

  it('take tiers in any case, and null for what a table has no value for', () => {
    const text = [
      '{"prompt":"a","messages":null,"id":null,"lang":null,"tier":"t2"}',
      '{"prompt":null,"messages":[{"role":"user","content":"a"}],"tier":"T2"}',
    ].join('\n')
    const file = readLabelled(text)
    if (file.kind !== 'rows') throw new Error(JSON.stringify(file.problems))
    expect(file.rows.map(({ ask, tier }) => [ask.text, tier])).toEqual([
      ['a', 't2'],
      ['a', 't2'],
    ])
  })

  it('are of the language that they name, else of the one they are written in', () => {
    const rows = [
      { prompt: 'a', lang: 'zh-CN' },
      { prompt: 'a', lang: 'EN' },
      { prompt: 'a', lang: 'de' },
      { prompt: '法国的首都是哪里？' },
      { prompt: 'フランスの首都', lang: null },
      { prompt: 'What is the capital of Peru?', lang: '' },
    ]
    const file = readLabelled(rows.map((row) => JSON.stringify({ ...row, tier: 'T1' })).join('\n'))
    if (file.kind !== 'rows') throw new Error(JSON.stringify(file.problems))
    expect(file.rows.map(({ lang }) => lang)).toEqual(['zh', 'en', 'de', 'zh', 'other', 'en'])
  })

  it('take an image of a user for a prompt', () => {
    const content = [{ type: 'image_url', image_url: { url: 'data:,' } }]
    const row = { messages: [{ role: 'user', content }], tier: 'T2' }
    expect(readLabelled(JSON.stringify(row)).kind).toBe('rows')
  })
})

describe('the problems of a file', () => {
  it('are told with line and cause, all at once', () => {
    const text = [
      GOOD,
      '{"prompt":"a","tier":"T1"',
      '["a","T1"]',
      '{"text":"a","tier":"T1"}',
      '{"prompt":"a","label":"T1"}',
      '{}',
      '{"prompt":"a","tier":"hard"}',
      '{"prompt":"a","tier":2}',
      '{"prompt":5,"tier":"T1"}',
    ].join('\n')
    expect(problems(text)).toEqual([
      '2 notJson',
      '3 notJson',
      '4 noPrompt ["text","tier"]',
      '5 noTier ["prompt","label"]',
      '6 noPrompt []',
      '6 noTier []',
      '7 unknownTier "hard"',
      '8 unknownTier 2',
      '9 wrongType "prompt"',
    ])
  })

  it('include prompts in which nobody asks for anything', () => {
    const text = [
      '{"messages":[],"tier":"T1"}',
      '{"messages":[{"role":"system","content":"Be brief."}],"tier":"T1"}',
      '{"messages":[{"role":"user","content":" "}],"tier":"T1"}',
      '{"prompt":"","tier":"T1"}',
      '{"messages":[{"content":"a"}],"tier":"T1"}',
    ].join('\n')
    expect(problems(text)).toEqual([
      '1 noUserMessage',
      '2 noUserMessage',
      '3 noUserMessage',
      '4 emptyPrompt',
      '5 wrongType "messages.0.role"',
    ])
  })

  it('are ten at most, and counted beyond', () => {
    const file = readLabelled('{"tier":"T9"}\n'.repeat(6) + GOOD)
    if (file.kind !== 'invalid') throw new Error(file.kind)
    expect([file.problems.length, file.count]).toEqual([10, 12])
  })

  it('show no more than a glance of what stands there', () => {
    const [long = ''] = problems(JSON.stringify({ prompt: 'a', tier: 'x'.repeat(10_000) }))
    expect(long.length).toBeLessThan(250)
  })
})
