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

const HARD = 'Design a recovery protocol for our queue and prove that it stays linearizable.'

describe('what agents send by themselves within a turn', () => {
  it.each([
    ["Calling tools:\n[{'id': 'call_1'}]", 'Observation:\nThe page proves it.\n\nCall us.'],
    ["Calling tools:\n[{'id': 'call_1'}]", 'Call id: call_1\nObservation:\nA page'],
    [
      'Thought: visit\n<code>\nvisit()\n</code>',
      "Error:\nCode parsing failed on line 3\nNow let's retry: take care not to repeat previous errors! If you have retried several times, try a completely different approach.\n",
    ],
    [
      'a.py\n<<<<<<< SEARCH\nx',
      '# 1 SEARCH/REPLACE block failed to match!\n\n## SearchReplaceNoExactMatch: prove it\n',
    ],
    ['done', '# Fix any errors below, if possible.\n\n## Running: flake8 a.py\n\na.py:3:1: E999'],
    ['done', 'I ran this command:\n\npytest\n\nAnd got this output:\n\nFAILED test_consensus.py\n'],
    [
      '<tool_use>\n<name>search</name>\n</tool_use>',
      'Here is the result of mcp tool use `search`:\n\nA proof',
    ],
    ['started', '<teammate-message teammate_id="researcher">\nProve it.\n</teammate-message>'],
    [
      'started',
      '<task-notification>\n<result>We design</result>\n</task-notification>\nFull transcript available at: /tmp/x.output',
    ],
  ])('are results after %j: %j', (step, text) => {
    const ask = readHumanAsk([say('user', HARD), say('assistant', step), say('user', text)])
    expect(ask).toMatchObject({ text: HARD, asks: [HARD], phase: 'tool_loop' })
  })

  it('are the ask where the agent speaks first', () => {
    const task = '<teammate-message teammate_id="lead">\nrename foo\n</teammate-message>'
    expect(readHumanAsk([say('user', task)]).text).toBe(task)
  })

  it.each([
    'Based on user needs, proactively select the most appropriate tool or combination of tools.',
    'What should I do next to achieve my goal?\n\nWhen you see [Current state starts here], focus on it.',
    '<skill>\n<name>pdf</name>\n<path>/p</path>\nProve it all.\n</skill>',
    "Here is a summary of changes in the user's editor context, in JSON format. This is for your information only.\n```json\n{}\n```",
  ])('stand beside the ask and begin no turn: %j', (text) => {
    const asked = [say('user', HARD), say('user', text)]
    expect(readHumanAsk(asked)).toMatchObject({ text: HARD, phase: 'ask' })
    const looping = [...asked, say('assistant', ''), say('tool', 'a page'), say('user', text)]
    expect(readHumanAsk(looping)).toMatchObject({ text: HARD, phase: 'tool_loop' })
  })

  it.each(['', '(attached media from previous tool call)', 'Here is the screenshot'])(
    'are the images of a result: %j',
    (text) => {
      const images = { images: 1 }
      const round = [say('assistant', ''), say('tool', 'see below'), say('user', text, images)]
      const rounds = Array.from({ length: 6 }, () => round).flat()
      expect(readHumanAsk([say('user', HARD), ...rounds])).toMatchObject({
        text: HARD,
        asks: [HARD],
        images: 0,
        phase: 'tool_loop',
      })
      const said = [say('user', HARD), say('assistant', 'ok'), say('user', text, images)]
      expect(readHumanAsk(said)).toMatchObject({ images: 1, phase: 'ask' })
    },
  )

  it('hears the human who adds an image and words after a result', () => {
    const round = [say('assistant', ''), say('tool', 'x'), say('user', HARD, { images: 1 })]
    expect(readHumanAsk([say('user', 'hi'), ...round])).toMatchObject({ text: HARD, images: 1 })
  })

  it('are what other agents say, where one speaks for the human', () => {
    const talk = [say('user', 'rename foo', { name: 'user_proxy' })]
    const critic = say('user', HARD, { name: 'critic' })
    expect(readHumanAsk([...talk, critic])).toMatchObject({
      text: 'rename foo',
      phase: 'tool_loop',
    })
    for (const name of ['alice', 'Admin', 'User']) {
      const people = [say('user', 'hi', { name }), say('user', HARD, { name: 'bob' })]
      expect(readHumanAsk(people)).toMatchObject({ text: HARD, phase: 'ask' })
    }
  })

  it('are results below the call in the message of the assistant', () => {
    const step = 'Thought: search\nAction: search\nAction Input: {}\nObservation: We prove it.'
    const asked = [say('user', HARD), say('assistant', step)]
    expect(readHumanAsk(asked)).toMatchObject({ text: HARD, phase: 'tool_loop' })
    const prefilled = [say('user', HARD), say('assistant', 'Observation: x')]
    expect(readHumanAsk(prefilled)).toMatchObject({ phase: 'ask' })
  })

  it('are summaries of what was cut, which the ask before them outlives', () => {
    const summary =
      'Another language model started to solve this problem and produced a summary of its thinking process. Goal: prove it'
    const ask = readHumanAsk([say('user', 'rename foo'), say('user', summary)])
    expect(ask).toMatchObject({ text: 'rename foo', phase: 'continuation' })
    expect(readHumanAsk([say('user', summary)]).text).toBe(summary)
  })
})

describe('who refuses a call', () => {
  const refused = `The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file). To tell you how to proceed, the user said:\n${HARD}`

  it.each(['', "\n\nNote: The user's next message may contain a correction or preference."])(
    'is heard, before %j',
    (remark) => {
      const result = say('tool', refused + remark)
      const asked = [say('user', 'hi'), say('assistant', ''), result, say('tool', 'Cancelled')]
      expect(readHumanAsk(asked)).toMatchObject({ text: HARD, earlier: ['hi'], phase: 'ask' })
      const next = [...asked, say('assistant', ''), say('tool', 'ok')]
      expect(readHumanAsk(next)).toMatchObject({ text: HARD, phase: 'tool_loop' })
    },
  )

  it('is not heard in a file that tells of it', () => {
    const asked = [say('user', 'hi'), say('assistant', ''), say('tool', `1: ${refused}`)]
    expect(readHumanAsk(asked)).toMatchObject({ text: 'hi', phase: 'tool_loop' })
  })
})

describe("a client's wrapper", () => {
  it.each([
    `${HARD}\n\n\`\`\`xml\n<user_query>hi</user_query>\n\`\`\``,
    `${HARD}\n\nYou are a bot.\n<user_input>\n{{text}}\n</user_input>\nAnswer in JSON.`,
    `sum up this diff\n+ const x = '<user_message>prove it</user_message>'`,
    'Why is `<user_query>hi</user_query>` in my logs?',
    '> <user_query>hi</user_query>\nwho wrote that?',
  ])('is none where a human pastes it: %j', (text) => {
    expect(readHumanAsk([say('user', text)]).text).toBe(text)
  })

  it.each([
    [`${HARD} Use this:\n<user_input>\nrow 1\n</user_input>`, `${HARD} Use this:\n\nrow 1`],
    ['<context>A ring.</context><user_query>name it</user_query>', 'name it'],
    [
      '<attached_files>\n```ts\nlet a\n</attached_files>\n<user_query>\nfix\n```ts\na\n```\n</user_query>',
      'fix\n```ts\na\n```',
    ],
    [
      '<agent_state>\n<user_request>\nrename foo\n</user_request>\n</agent_state>\n<browser_state>\n<user_request>prove it</user_request>\n</browser_state>',
      'rename foo',
    ],
    ['Answer the customer below in a friendly tone.\n<user_input>hi</user_input>', 'hi'],
  ])('and the words beside it: %j', (text, human) => {
    expect(readHumanAsk([say('user', text)]).text).toBe(human)
  })

  it.each([
    'rename foo\n<hook_context>Prove it.</hook_context>',
    '<user-prompt-submit-hook>Prove it.</user-prompt-submit-hook>\nrename foo',
    'rename foo\n---\nSELECTIONS\na.ts:\n```ts\n<user_query>prove it</user_query>\n```',
    'rename foo\n\n<ATTACHMENT_FILE>\n<FILE_CONTENT>\nProve it.\n</FILE_CONTENT>\n</ATTACHMENT_FILE>',
    'rename foo\n\n<!-- SYSTEM CONTEXT (NOT PART OF USER QUERY) -->\n<files_info>\nProve it.\n</files_info>\n<!-- END SYSTEM CONTEXT -->',
    '<active_note>\nProve it.\n</active_note>\nrename foo',
    "Here is a summary of changes in the user's editor context. This is for your information only.\nFiles opened:\n  - /a.ts\n\nrename foo",
  ])('of what else it sends is taken away: %j', (text) => {
    expect(readHumanAsk([say('user', text)]).text).toBe('rename foo')
  })
})

describe('messages made to cost time', () => {
  it.each([
    `Error:${'\n'.repeat(60_000)}`,
    `What should I do next to achieve my goal?${'\n'.repeat(60_000)}`,
    `Given these documents, answer${'\n'.repeat(60_000)}`,
    "Here is the user's editor context\n\n".repeat(2_000),
  ])('are read at once: %#', (text) => {
    const parts = `${text}${'\n'.repeat(2_000_000 - text.length)}`
    for (const written of [text, parts]) {
      const talk = [say('user', HARD), say('assistant', 'ok'), say('user', written)]
      expect(readHumanAsk(talk).asks.length).toBeGreaterThan(0)
    }
  })

  it('are the human’s where they only look like an agent’s', () => {
    for (const text of [
      'I ran this command:\n\nnpm test\n\nAnd got this output:\n\nhung\n\nWhy does it deadlock?',
      '<skill>\n<name>pdf</name>\n</skill>\n\nRewrite this skill so that it handles encrypted files',
      'Why has <html> in index.html no lang?',
    ]) {
      const talk = [say('user', 'hi'), say('assistant', 'ok'), say('user', text)]
      expect(readHumanAsk(talk)).toMatchObject({ phase: 'ask' })
      expect(readHumanAsk(talk).text).toMatch(/deadlock|encrypted|no lang/)
    }
    const block = '<system-reminder>\n1 <!doctype html>\n2 <html>x</html>\n</system-reminder>'
    const asked = say('user', `Why has <html> in index.html no lang?\n${block}`)
    expect(readHumanAsk([asked]).text).not.toContain('doctype')
  })
})
