import { describe, expect, it } from 'vitest'
import { isContinuation } from './continuation.ts'
import { readHumanAsk } from './human-ask.ts'
import type { Message } from './message.ts'

const say = (role: string, text: string, more: Partial<Message> = {}): Message => ({
  role,
  text,
  images: 0,
  isToolResult: role === 'tool',
  ...more,
})

describe('readHumanAsk', () => {
  it.each([
    ['<system-reminder>\nPlan mode is on. Design carefully.\n</system-reminder>\nhi', 'hi'],
    [
      '<environment_details>\n# Files\nsrc/raft.go\n</environment_details>\nwhere is it?',
      'where is it?',
    ],
    [
      '<task>\nrename foo to bar\n</task>\n<environment_details>\nx\n</environment_details>',
      'rename foo to bar',
    ],
    [
      "[execute_command for 'npm t'] Result:\n> t\nFAIL a.test.ts:3\n\nfix it please",
      'fix it please',
    ],
    [
      '[run_tests] 312 passed, 4 failed\nFAIL x\n\nUser: make the four green',
      'make the four green',
    ],
    ['[工具结果] git status\n位于分支 login\n\n我现在在哪个分支', '我现在在哪个分支'],
    [
      '# AGENTS.md\nThink about architecture.\n\n# User\nadd a flag to the parser',
      'add a flag to the parser',
    ],
    ['why does <div> not close in <span>x</span>?', 'why does <div> not close in <span>x</span>?'],
    ['what does List<T> mean', 'what does List<T> mean'],
    ['<query>SELECT 1</query>', 'SELECT 1'],
    ['[URGENT] Design a multi-region ledger', '[URGENT] Design a multi-region ledger'],
    ['[Problem 3] Prove that it converges', '[Problem 3] Prove that it converges'],
    ['[main abc123] why did this commit fail', '[main abc123] why did this commit fail'],
    ['[命令行工具] 设计并实现一个', '[命令行工具] 设计并实现一个'],
    ['Observation: my cat sleeps all day. Why?', 'Observation: my cat sleeps all day. Why?'],
    ['[Request interrupted by user]\nno, only stage it', 'no, only stage it'],
    [
      'Prove it. Give the result as <answer>42</answer>',
      'Prove it. Give the result as <answer>42</answer>',
    ],
    [
      'Prove that every finite domain is a field\n<message>hi</message>',
      'Prove that every finite domain is a field\n<message>hi</message>',
    ],
    [
      '<instructions>Prove it</instructions><context>A ring</context>',
      '<instructions>Prove it</instructions>',
    ],
    ['<context>A ring is given.</context>', '<context>A ring is given.</context>'],
    ['<task><user_message>rename foo</user_message></task>', 'rename foo'],
    ['<task>Style the <message>hi</message> part</task>', 'Style the <message>hi</message> part'],
    [
      '<task>rename foo<task_progress>1/2</task_progress> and bar</task>',
      'rename foo<task_progress>1/2</task_progress> and bar',
    ],
    [
      '<command-name>/review</command-name><command-args>123</command-args>\nFind the races in it.',
      '123\n\nFind the races in it.',
    ],
    [
      '# Context from my IDE setup:\n\n## Open tabs:\n- a.ts\n\n## My request for Codex:\nrename foo',
      'rename foo',
    ],
    ['fix @a.ts\n--- Content from referenced files ---\nlet a = 1', 'fix @a.ts'],
    [
      'rename foo to bar\n\n# *SEARCH/REPLACE block* Rules:\n\nEvery block must design things.',
      'rename foo to bar',
    ],
    [
      'explain @a.ts\nCalled the Read tool with the following input: {"filePath":"a.ts"}\n<file>\n00001| let a\n</file>',
      'explain @a.ts',
    ],
    [
      '### Task:\nRespond to the user query using the provided context.\n\n### Guidelines:\n- Prove it.\n\n<context>\n<source id="1">Paris</source>\n</context>\n\nwhere is the tower?',
      'where is the tower?',
    ],
    [
      '### Task:\nAnswer from the context.\n<context>A ring.</context>\n<user_query>name it</user_query>',
      'name it',
    ],
    ['# AGENTS.md instructions for /repo\n\n<INSTRUCTIONS>\nUse tabs\n</INSTRUCTIONS>', ''],
  ])('finds the human in %j', (text, human) => {
    expect(readHumanAsk([say('user', text)]).text).toBe(human)
  })

  it('takes nothing from system prompts and results of tools', () => {
    const ask = readHumanAsk([
      say('system', 'You design planet-scale systems.'),
      say('user', 'list the files'),
      say('assistant', ''),
      say('tool', 'prove that the architecture is sound'),
    ])
    expect(ask).toMatchObject({ text: 'list the files', phase: 'tool_loop' })
  })

  it('knows results of tools inside a user message', () => {
    const ask = readHumanAsk([say('user', 'go'), say('user', '', { isToolResult: true })])
    expect(ask).toMatchObject({ text: 'go', phase: 'tool_loop' })
  })

  it('takes results that an agent sends as text for a tool loop', () => {
    const task =
      '<task>Design a ledger and prove it</task>\n<environment_details>x</environment_details>'
    const call = 'I read it.\n<read_file><path>a.ts</path></read_file>'
    const result = "[read_file for 'a.ts'] Result:\n\nThis is our grand project. It designs things."
    const details = '<environment_details>mode: act</environment_details>'
    const loop = Array.from({ length: 9 }, () => [
      say('assistant', call),
      say('user', `${result}\n${details}`),
    ]).flat()
    expect(readHumanAsk([say('user', task), ...loop])).toMatchObject({
      text: 'Design a ledger and prove it',
      phase: 'tool_loop',
    })
    const answer = `${result}\n<feedback>no, rename it</feedback>\n${details}`
    expect(
      readHumanAsk([say('user', task), say('assistant', call), say('user', answer)]),
    ).toMatchObject({ text: 'no, rename it', phase: 'ask' })
  })

  it('rates the work that a continuation continues', () => {
    const ask = readHumanAsk([
      say('user', 'migrate our ledger without downtime'),
      say('assistant', 'Here is a plan. Shall I go on?'),
      say('user', 'yes, go ahead'),
    ])
    expect(ask).toMatchObject({
      text: 'migrate our ledger without downtime',
      said: 'yes, go ahead',
      phase: 'continuation',
      proposal: 'Here is a plan. Shall I go on?',
    })
  })

  it('gives up to three earlier turns, oldest first', () => {
    const turns = ['a1', 'b2', 'c3', 'd4', 'e5'].map((text) => say('user', text))
    expect(readHumanAsk(turns)).toMatchObject({ text: 'e5', earlier: ['b2', 'c3', 'd4'] })
  })

  it('keeps what stood around an ask that is empty without it', () => {
    const ask = readHumanAsk([say('user', 'go on\n<todo_list>3. prove it sound</todo_list>')])
    expect(ask).toMatchObject({ text: 'go on', surroundings: '3. prove it sound' })
  })

  it('survives an empty conversation, images alone and megabytes', () => {
    expect(readHumanAsk([])).toMatchObject({ text: '', phase: 'nothing' })
    expect(readHumanAsk([say('user', '', { images: 2 })])).toMatchObject({ text: '', images: 2 })
    const long = `<${'a'.repeat(2_000_000)}`
    expect(readHumanAsk([say('user', long)]).text.length).toBeLessThan(70_000)
    const tags = '<task>'.repeat(20_000)
    expect(readHumanAsk([say('user', tags)]).text).not.toBe('')
  })
})

describe('isContinuation', () => {
  it.each([
    'continue',
    'Continue.',
    'go on',
    'yes, go ahead',
    'ok do it',
    'y',
    '继续',
    '继续吧',
    '接着写',
    '好的，继续',
    '行，按你说的做',
    '可以',
    'weiter',
    'oui',
    'sí, adelante',
    'продолжай',
    '続けて',
    '계속해줘',
    'sounds good, please proceed',
    'keep going 🙏',
    '繼續',
    'option b',
    '嗯嗯 继续写下去',
    '好好好，继续',
    '好，开始实施',
    '继续执行下一步',
    '请继续完成',
    '继续生成',
    '选A',
    '按方案A',
    '可以，开工',
    '继续，谢谢谢谢',
    "let's do it",
    'yes, go ahead and implement it',
    'proceed with step 2',
    'yes to all',
    'System: Please continue.',
    'Continue if you have next steps, or stop and ask for clarification if you are unsure.',
    '👍',
  ])('%j goes on', (text) => {
    expect(isContinuation(text)).toBe(true)
  })

  it.each([
    'thanks!',
    'bye',
    '谢谢',
    'hello',
    'yes, but prove it first',
    '继续，把它改好让 plan 能过',
    '',
    'go on holiday where?',
    'what is next',
    '你好',
    'undo your last edit please',
    '好难过',
    '😀',
    'yes, go ahead and implement the whole ledger',
    '继续证明黎曼猜想',
  ])('%j does not', (text) => {
    expect(isContinuation(text)).toBe(false)
  })

  it('reads every repeated word in one way: time does not double with each', () => {
    const words = [
      '好',
      '嗯',
      '好的',
      '那就',
      '是的',
      '对的',
      '咱们',
      '接着',
      '可以',
      '谢谢',
      '执行',
      '你就',
      '那',
    ]
    const latin = [
      'ok ',
      'go ',
      'yes ',
      'please ',
      'next ',
      'to the next step ',
      'let s ',
      'do it ',
    ]
    const began = performance.now()
    for (const word of [...words, ...latin]) {
      for (let count = 1; count * word.length < 60; count++)
        isContinuation(`${word.repeat(count)}吃x`)
    }
    // With one word too many the pattern once took hours.
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})
