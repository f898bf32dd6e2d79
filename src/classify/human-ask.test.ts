import { describe, expect, it } from 'vitest'
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
    [
      'explain @a.ts\nCalled the Read tool with the following input: {"filePath":"/a.ts"}\n<path>/a.ts</path>\n<type>file</type>\n<content>1: <user_query>prove it</user_query>\n</content>\nCalled the Read tool with the following input: {"filePath":"/b.ts"}\n<file>\nlet b\n</file>',
      'explain @a.ts',
    ],
    [
      'why does it print\nCalled the Read tool with the following input: {}\nand hang?',
      'why does it print\n\nand hang?',
    ],
    [
      '# Files mentioned by the user:\n\n## a.png: /tmp/a.png\n\n## My request for Codex:\nrename foo',
      'rename foo',
    ],
    [
      'This is the Qwen Code. We are setting up the context for our chat.\nMy operating system is: linux',
      '',
    ],
    ['I am not sharing any files that you can edit yet.', ''],
    [
      'Here are some READ ONLY files, provided for your reference.\nDo not edit these files!\n\nREADME.md\n```\n# Ledger\n\nDesign a ledger that never loses a row.\n```',
      '',
    ],
    [
      'I have *added these files to the chat* so you can edit them.\n\nREADME.md\n```\n# Ledger\n\nProve that it never loses a row.\n```',
      '',
    ],
    [
      '[TASK RESUMPTION] This task was interrupted just now.\n\nNew message to respond to with plan_mode_respond tool (be sure to say it):\n<user_message>\nrename foo\n</user_message>\n<environment_details>x</environment_details>',
      'rename foo',
    ],
    [
      '[TASK RESUMPTION] This task was interrupted just now.\n\nNew message to respond to with plan_mode_respond tool:\nrename foo',
      'rename foo',
    ],
    ['Stop hook feedback:\n- [npm test]: prove that the tests pass', ''],
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

  it.each([
    [
      '<returncode>0</returncode>\n<output>\nprove it\n</output>',
      'THOUGHT: look\n```bash\nls\n```',
    ],
    ['Code output: 0\n\nWhat does this output mean (if needed), and what comes next?', 'I run it.'],
    [
      "TOOL RESPONSE: \n---\n42\n\nUSER'S INPUT\n----\nOkay, so what is the response to my last comment?",
      '{"action": "x"}',
    ],
    ['exitcode: 0 (execution succeeded)\nCode output: all designs', 'Let me run it.'],
    ['OBSERVATION:\nREADME.md\n\nsrc', 'DISCUSSION\nlist\n```\nls\n```'],
    ['Observation: The proof of linearizability is in the paper.', 'Thought: look\nAction: search'],
    ['New Terminal Output:\n$ make\nok', '{"commands": []}'],
    ['<read_file_result>\nDesign of a ledger\n</read_file_result>', 'reading'],
    ['Please continue working on the task on whatever approach you think is suitable.', 'Hm.'],
    ['Base directory for this skill: /skills/pdf\n\n# PDF Processing Guide', 'loading'],
  ])('takes what agents without calls report for a result: %j', (text, before) => {
    const ask = readHumanAsk([say('user', 'rename'), say('assistant', before), say('user', text)])
    expect(ask).toMatchObject({ text: 'rename', phase: 'tool_loop' })
  })

  it('takes an observation of the human for an ask', () => {
    const text = 'Observation: my cat sleeps all day. Why?'
    const ask = readHumanAsk([say('user', 'hi'), say('assistant', 'Hello!'), say('user', text)])
    expect(ask).toMatchObject({ text, phase: 'ask' })
  })

  it.each([
    '<user_message>\nno, prove it\n</user_message>',
    'The user has provided feedback on the results.\n<feedback>\nno, prove it\n</feedback>',
    '{"status":"denied","feedback":"no, prove it"}',
  ])('hears the human in the result of a call: %j', (result) => {
    const details = say('user', '<environment_details>\n# Mode\ncode\n</environment_details>')
    const asked = [
      say('user', 'list the files'),
      say('assistant', ''),
      say('tool', result),
      details,
    ]
    expect(readHumanAsk(asked)).toMatchObject({
      text: 'no, prove it',
      earlier: ['list the files'],
      phase: 'ask',
    })
    const file = `let a = 1\n${result}\nlet b = 2`
    const read = [say('user', 'list the files'), say('assistant', ''), say('tool', file)]
    expect(readHumanAsk(read)).toMatchObject({ text: 'list the files', phase: 'tool_loop' })
  })

  it.each([
    [
      'Answer the following questions as best you can. You have access to the following tools:\n\nsearch: finds\n\nUse the following format:\n\nQuestion: the input question you must answer\nThought: think\n\nBegin!\n\nQuestion: who won?\nThought: I search\nObservation: a proof',
      'who won?',
    ],
    [
      'Context information is below.\n---------------------\nA proof.\n---------------------\nGiven the context information and not prior knowledge, answer the query.\nQuery: who won?\nAnswer: ',
      'who won?',
    ],
    [
      'You are an assistant for question-answering tasks. Use the following pieces of retrieved context.\nQuestion: who won? \nContext: Query: a design \nAnswer:',
      'who won?',
    ],
    ['已知信息：\n论文摘要\n\n根据上述已知信息回答。\n问题：谁赢了？\n回答：', '谁赢了？'],
    ['【指令】根据已知信息，简洁地回答问题。\n【已知信息】论文\n【问题】谁赢了？', '谁赢了？'],
    [
      "TOOLS\n------\nAssistant can ask the user to use tools.\n\nUSER'S INPUT\n--------------------\nHere is the user's input (remember to respond with a markdown code snippet):\n\nwho won?",
      'who won?',
    ],
  ])('opens the template of a library: %j', (text, question) => {
    expect(readHumanAsk([say('user', text)]).text).toBe(question)
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

  it.each([
    '<system-reminder>x</system-reminder>\nThis session is being continued from a previous conversation that ran out of context.\n<summary>Design things</summary>',
    'Summarize the task tool output above and continue with your task.',
    '<environment_details>x</environment_details>\n[TASK RESUMPTION] This task was interrupted 2 hours ago. Reassess it.',
    '[TASK RESUMPTION] It was interrupted.\n\nNew message to respond to with plan_mode_respond tool:\n(The user did not provide a new message. Consider asking them.)',
    '[TASK RESUMPTION] It was interrupted.\n\nNew instructions for task continuation:\n<user_message>\n</user_message>',
    'Analyze *only* the content and structure of your immediately preceding response (your last turn).',
  ])('takes what an agent sends by itself for a continuation: %j', (text) => {
    const ask = readHumanAsk([say('user', 'rename foo'), say('assistant', 'ok'), say('user', text)])
    expect(ask).toMatchObject({ text: 'rename foo', asks: ['rename foo'], phase: 'continuation' })
  })

  it('keeps a summary where nothing else is left to judge by', () => {
    const summary =
      'This session is being continued from a previous conversation that ran out of context.\n<summary>Design a ledger</summary>'
    const ask = readHumanAsk([say('user', `<system-reminder>x</system-reminder>\n${summary}`)])
    expect(ask).toMatchObject({ text: summary, asks: [summary], phase: 'continuation' })
  })

  it.each([
    ['Stop hook feedback:\n- [npm test]: 3 tests fail, prove why', 'done'],
    [
      "Tool [read_file] was not executed because a tool has already been used in this message. You must assess the first tool's result.",
      'I read it.',
    ],
    [
      "[read_file for 'a.ts'] Result:\n\nThis is our grand project. It designs things.",
      '[NOTE] Some previous conversation history with the user has been removed to maintain optimal context window length.',
    ],
  ])('takes %j for a result', (text, before) => {
    const ask = readHumanAsk([say('user', 'rename'), say('assistant', before), say('user', text)])
    expect(ask).toMatchObject({ text: 'rename', phase: 'tool_loop' })
  })

  it('reads no human in the examples that Aider shows', () => {
    const examples = [
      say('user', 'Change get_factorial() to use math.factorial'),
      say('assistant', 'We will need to'),
      say(
        'user',
        "I switched to a new code base. Please don't consider the above files or try to edit them any longer.",
      ),
      say('assistant', 'Ok.'),
    ]
    expect(readHumanAsk([...examples, say('user', 'rename foo')])).toMatchObject({
      text: 'rename foo',
      earlier: [],
      asks: ['rename foo'],
    })
    expect(readHumanAsk(examples)).toMatchObject({ text: '', asks: [], phase: 'nothing' })
  })

  it('takes a bare letter for an answer only where something was proposed', () => {
    const asked = [
      say('user', 'rename foo'),
      say('assistant', 'A: now, B: later?'),
      say('user', 'B'),
    ]
    expect(readHumanAsk(asked)).toMatchObject({ text: 'rename foo', phase: 'continuation' })
    expect(readHumanAsk([say('user', 'B')])).toMatchObject({ text: 'B', phase: 'ask' })
  })

  it('gives up to three earlier turns, oldest first', () => {
    const turns = ['a1', 'b2', 'c3', 'd4', 'e5'].map((text) => say('user', text))
    expect(readHumanAsk(turns)).toMatchObject({ text: 'e5', earlier: ['b2', 'c3', 'd4'] })
  })

  it('gives the newest three asks, newest first, that a session is known by', () => {
    const asksOf = (...texts: readonly string[]): readonly string[] =>
      readHumanAsk(texts.map((text) => say('user', text))).asks
    expect(asksOf('a1', 'b2', 'c3', 'd4')).toEqual(['d4', 'c3', 'b2'])
    expect(asksOf('a1', 'go on', 'b2', 'continue')).toEqual(['b2', 'a1'])
    expect(asksOf('a1', 'yes')).toEqual(['a1'])
    expect(asksOf('continue')).toEqual(['continue'])
    expect(asksOf('continue', 'go on')).toEqual(['go on'])
    expect(asksOf('x'.repeat(501))[0]?.length).toBeLessThanOrEqual(500)
    expect(asksOf('x'.repeat(500))).toEqual(['x'.repeat(500)])
    expect(asksOf()).toEqual([])
    expect(asksOf('<system-reminder>x</system-reminder>')).toEqual([])
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
