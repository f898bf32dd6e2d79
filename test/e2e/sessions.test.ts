import { describe, expect, it } from 'vitest'
import { chat, logOf } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'

const TIERS = `
tiers:
  t1: { models: [fake/a1, fake/b1, fake/c1], strategy: random }
  t2: { models: [fake/a2, fake/b2, fake/c2], strategy: random }
  t3: { models: [fake/a3, fake/b3, fake/c3], strategy: random }
routing: { classifier: local }
`
const HARD =
  'Design a multi-region ledger with exactly-once transfers under network partitions, prove that no money is lost, and derive the worst case latency.'
const CALL = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c1', type: 'function', function: { name: 'read_file', arguments: '{}' } }],
}
const RESULT = { role: 'tool', tool_call_id: 'c1', content: 'hello world' }

const human = (content: string): object => ({ role: 'user', content })
const agent = (content: string): object => ({ role: 'assistant', content })

describe('sessions', () => {
  const fixture = withGateway((url) => `${provider(url)}${TIERS}`)
  const ask = async (messages: readonly object[], more: object = {}) => {
    const { headers } = await chat(fixture.gateway, { model: 'auto', messages, ...more })
    const header = (name: string): string => headers.get(`x-smartroute-${name}`) ?? ''
    return { tier: header('tier'), model: header('model'), reason: header('reason') }
  }

  it('keeps tier and model in a round of tools', async () => {
    const opening = [human(`${HARD} In Rust.`)]
    const { tier, model } = await ask(opening)
    expect(tier).toBe('t3')
    for (let round = 1; round <= 6; round++) {
      const loop = Array.from({ length: round }, () => [CALL, RESULT]).flat()
      const next = await ask([...opening, ...loop])
      expect(next).toMatchObject({ tier, model })
      expect(next.reason).toContain('held=tool_loop')
    }
  })

  it.each(['t2', 'smartroute/t1'])(
    'keeps the model of %s, which the caller names',
    async (model) => {
      const opening = [human(`hello in ${model}`)]
      const first = await ask(opening, { model })
      for (let round = 1; round <= 6; round++) {
        const loop = Array.from({ length: round }, () => [CALL, RESULT]).flat()
        expect((await ask([...opening, ...loop], { model })).model).toBe(first.model)
      }
    },
  )

  it("is not moved by an agent's side request with the same id", async () => {
    const metadata = { user_id: 'user_1_account__session_1' }
    const opening = [{ role: 'system', content: 'You are an agent.' }, human(`${HARD} In Go.`)]
    const { tier, model } = await ask(opening, { metadata })
    const title = { role: 'system', content: 'Write a title of three words.' }
    await ask([title, human('hi')], { metadata })
    await ask([title, human('hi'), agent('A greeting'), human('shorter')], { metadata })
    const next = await ask([...opening, CALL, RESULT], { metadata })
    expect(next).toMatchObject({ tier, model })
  })

  it('tells conversations apart that an agent begins alike', async () => {
    const sheet = human('# AGENTS.md instructions for /repo\n\n<INSTRUCTIONS>Tabs.</INSTRUCTIONS>')
    const hard = [sheet, human(`${HARD} In Zig.`)]
    const { tier, model } = await ask(hard)
    expect((await ask([sheet, human('hello')])).tier).toBe('t1')
    expect(await ask([...hard, CALL, RESULT])).toMatchObject({ tier, model })
  })

  it('keeps tier and model however many results an agent sends as text', async () => {
    const opening = [human(`${HARD} In Nim.`)]
    const { tier, model } = await ask(opening)
    const step = agent('THOUGHT: look\n```bash\nls\n```')
    for (const rounds of [1, 7, 8, 9, 40]) {
      const loop = Array.from({ length: rounds }, (_, index) => [
        step,
        human(`<returncode>0</returncode>\n<output>\n${'file '.repeat(20 * index)}\n</output>`),
      ]).flat()
      expect(await ask([...opening, ...loop])).toMatchObject({ tier, model })
    }
  })

  it('keeps the tier of an ask that stands before a summary of the work on it', async () => {
    const key = { prompt_cache_key: 'compacted', tools: [] }
    const opening = [human(`${HARD} In Odin.`)]
    const { tier } = await ask(opening, key)
    await ask([...opening, CALL, RESULT, human('Create a handoff summary for another LLM.')], key)
    const summary = human(
      'Another language model started to solve this problem and produced a summary of its thinking process. Next: tidy up the README.',
    )
    const next = await ask([...opening, summary], key)
    expect(next).toMatchObject({ tier })
    expect(next.reason).toContain('held=continuation')
    expect(await ask([...opening, summary, CALL, RESULT], key)).toMatchObject({ tier })
  })

  it('knows a round of tools whose results an agent sends as text', async () => {
    const details = '<environment_details>mode: act</environment_details>'
    const opening = [human(`<task>${HARD} In C.</task>\n${details}`)]
    const { tier, model } = await ask(opening)
    expect(tier).toBe('t3')
    const step = [
      agent('<read_file><path>a.ts</path></read_file>'),
      human(`[read_file for 'a.ts'] Result:\n\nThis file greets. It says hello.\n${details}`),
    ]
    for (const rounds of [1, 5, 12]) {
      const loop = Array.from({ length: rounds }, () => step).flat()
      expect(await ask([...opening, ...loop])).toMatchObject({ tier, model })
    }
  })

  it('keeps the tier where the human only says to go on', async () => {
    const opening = [human(`${HARD} In Ada.`), agent('Here is a plan. Shall I?')]
    const { tier } = await ask(opening.slice(0, 1))
    for (const word of ['continue', '好，开始实施', "let's do it", '👍']) {
      const next = await ask([...opening, human(word)])
      expect(next).toMatchObject({ tier })
      expect(next.reason).toContain('held=continuation')
    }
  })

  it('parts conversations that begin with the same words', async () => {
    const opening = [human('你好'), agent('你好！'), human(`${HARD} In Nim.`)]
    await ask([human('你好')])
    const { tier, model } = await ask(opening)
    expect(tier).toBe('t3')
    for (let round = 1; round <= 4; round++) {
      await ask([human('你好')])
      const loop = Array.from({ length: round }, () => [CALL, RESULT]).flat()
      expect(await ask([...opening, ...loop])).toMatchObject({ tier, model })
    }
    const next = await ask([...opening, agent('A plan.'), human('继续')])
    expect(next).toMatchObject({ tier, reason: expect.stringContaining('held=continuation') })
  })

  it.each([{ session_id: 'sess-1' }, {}])(
    'knows a conversation whose system prompt tells the time, with %j',
    async (more) => {
      const at = (time: string): object => ({ role: 'system', content: `It is ${time} now.` })
      const opening = human(`${HARD} In Lua.`)
      const { tier, model } = await ask([at('14:01:22'), opening], more)
      const next = await ask([at('14:02:23'), opening, CALL, RESULT], more)
      expect(next).toMatchObject({ tier, model })
      expect(next.reason).toContain('held=tool_loop')
    },
  )

  it('knows by its id a conversation whose beginning the client forgot', async () => {
    const more = { session_id: 'sess-2' }
    const { tier } = await ask([human(`${HARD} In Elm.`)], more)
    const next = await ask([agent('The plan has four steps.'), human('continue')], more)
    expect(next).toMatchObject({ tier, reason: expect.stringContaining('held=continuation') })
  })

  it('goes on by its id alone after all but a summary was cut', async () => {
    const more = { session_id: 'sess-cut' }
    const begun = await ask([human(`${HARD} In Java.`)], more)
    expect(begun.tier).toBe('t3')
    await ask([human(`${HARD} In Java.`), CALL, RESULT], more)
    const summary =
      'This session is being continued from a previous conversation that ran out of context.\nSummary: the user said hello and asked to mend a typo.'
    for (const text of [summary, '继续']) {
      const cut = await ask([human(text)], more)
      expect(cut).toMatchObject({ tier: 't3', reason: expect.stringContaining('held=') })
    }
    // Without an id nobody knows what it goes on with.
    expect((await ask([human('继续')])).reason).not.toContain('held=')
    // The id alone does not make a new ask a part of it.
    expect((await ask([human('hello')], more)).tier).toBe('t1')
  })

  it("does not take up another's work where all that is known is to go on", async () => {
    const own = [agent(`${HARD} Here is part 3 of the proof.`), human('继续')]
    await ask(own)
    for (const other of [[agent('你好！'), human('继续')], own, [human('继续'), CALL, RESULT]]) {
      expect((await ask(other)).reason).not.toContain('held=')
    }
    // Its own round of tools is known by what was said before it.
    const { tier, model } = await ask(own)
    const next = await ask([...own, CALL, RESULT])
    expect(next).toMatchObject({ tier, model })
    expect(next.reason).toContain('held=tool_loop')
  })

  it('tells persons apart whose application sends one id for all', async () => {
    const key = { prompt_cache_key: 'one-for-all', tools: [] }
    const { tier } = await ask([human(`${HARD} In Lisp.`)], { ...key, user: 'alice' })
    const goesOn = [agent('Hello!'), human('continue')]
    expect((await ask(goesOn, { ...key, user: 'bob' })).reason).not.toContain('held=')
    const next = await ask(goesOn, { ...key, user: 'alice' })
    expect(next).toMatchObject({ tier, reason: expect.stringContaining('held=continuation') })
  })

  it.each([
    [[{ role: 'system', content: 'You are a translation engine.' }], [1, 3]],
    [
      [human('hello'), agent('Hi.')],
      [150, 199, 250],
    ],
  ])('knows a round of tools by what stands before its ask: %j', async (before, rounds) => {
    const opening = [...before, human(`${HARD} In Forth.`)]
    const { tier, model } = await ask(opening)
    for (const calls of rounds) {
      const loop = Array.from({ length: calls }, () => [CALL, RESULT]).flat()
      const next = await ask([...opening, ...loop])
      expect(next).toMatchObject({ tier, model })
      expect(next.reason).toContain('held=tool_loop')
    }
  })

  it('finds the ask before a round of six hundred tool messages', async () => {
    const opening = human(`${HARD} In OCaml.`)
    const loop = Array.from({ length: 300 }, () => [CALL, RESULT]).flat()
    await ask([opening])
    expect(await ask([opening, ...loop])).toMatchObject({
      tier: 't3',
      reason: expect.stringContaining('held=tool_loop'),
    })
  })

  it('shows whose judgement is kept, and by which words', async () => {
    const opening = [human(`${HARD} In Ada.`)]
    const asks = async (messages: readonly object[]): Promise<unknown> =>
      (await logOf(fixture.gateway, await chat(fixture.gateway, { model: 'auto', messages }))).ask
    expect(await asks(opening)).toBe(`${HARD} In Ada.`)
    expect(await asks([...opening, CALL, RESULT])).toBe(`${HARD} In Ada.`)
    expect(await asks([...opening, agent('A plan.'), human('go on')])).toBe('go on')
  })

  it('takes an id in the words of this gateway for the whole conversation', async () => {
    const headers = { 'x-smartroute-session': 'mine' }
    const first = await chat(
      fixture.gateway,
      { model: 'auto', messages: [human(`${HARD} In ML.`)] },
      headers,
    )
    // The client sends only the end of a long conversation.
    const trimmed = [agent('Here is a plan.'), human('continue')]
    const next = await chat(fixture.gateway, { model: 'auto', messages: trimmed }, headers)
    expect(next.headers.get('x-smartroute-tier')).toBe(first.headers.get('x-smartroute-tier'))
    expect(next.headers.get('x-smartroute-reason')).toContain('held=continuation')
  })
})

describe('sessions without a classifier', () => {
  const fixture = withGateway(
    (url) => `${provider(url)}${TIERS.replace('classifier: local', 'classifier: none')}`,
  )

  it('keeps the model in a round of tools', async () => {
    const opening = [human('hello')]
    const models = new Set<string | null>()
    for (let round = 0; round <= 8; round++) {
      const loop = Array.from({ length: round }, () => [CALL, RESULT]).flat()
      const { headers } = await chat(fixture.gateway, {
        model: 'auto',
        messages: [...opening, ...loop],
      })
      models.add(headers.get('x-smartroute-model'))
    }
    expect(models.size).toBe(1)
  })
})

describe('sessions and rules', () => {
  const fixture = withGateway(
    (url) =>
      `${provider(url)}${TIERS.replace('classifier: local', 'classifier: local, rules: [{ keywords: ["继续"], whole: true, tier: t2 }]')}`,
  )

  it('let a rule decide what would only go on', async () => {
    const opening = [human(`${HARD} In Ada.`)]
    await chat(fixture.gateway, { model: 'auto', messages: opening })
    const { headers } = await chat(fixture.gateway, {
      model: 'auto',
      messages: [...opening, agent('A plan.'), human('继续')],
    })
    expect(headers.get('x-smartroute-tier')).toBe('t2')
    expect(headers.get('x-smartroute-reason')).toContain('rule=0')
  })
})
