import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { LocalClassifier } from '../../src/classify/local-classifier.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { chat } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { runCli, until } from '../support/start-gateway.ts'

const KEY = 'sr-replay-key-0000001'
const TIERS = `
gateway: { api_keys: [${KEY}] }
tiers:
  t1: { models: [fake/small] }
  t2: { models: [fake/medium] }
  t3: { models: [fake/large] }
models:
  fake/small: { vision: false }
  fake/medium: { vision: false }
prices: { fake/small: { input: 1, output: 1 }, fake/medium: { input: 2, output: 2 }, fake/large: { input: 9, output: 9 } }
`
const PROOF = { role: 'user', content: 'a proof, please' }
const IMAGE = [
  { type: 'text', text: 'hello' },
  { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
]
const RULE = 'rules: [ { keywords: [proof], tier: t3 } ]'

const fixture = withGateway(
  (url) => `${provider(url)}${TIERS}routing: { classifier: local, ${RULE} }\n`,
)
/** Sent until it is not shed: a machine that is busy with other tests may do so for a moment. */
const ask = (body: Record<string, unknown>): ReturnType<typeof chat> =>
  until(async () => {
    const answer = await chat(fixture.gateway, body, { authorization: `Bearer ${KEY}` })
    return answer.status === 503 ? null : answer
  }, 8_000)
const talk = (...messages: object[]): ReturnType<typeof chat> => ask({ model: 'auto', messages })

async function configured(routing: string): Promise<readonly string[]> {
  const { gateway, upstream } = fixture
  const folder = await mkdtemp(join(tmpdir(), 'smartroute-'))
  const path = join(folder, 'smartroute.yaml')
  await writeFile(path, `${provider(upstream.baseUrl)}${TIERS}routing: { ${routing} }\n`)
  return ['--config', path, '--data-dir', gateway.dataDir]
}

const replay = async (routing: string, ...args: string[]): ReturnType<typeof runCli> =>
  runCli(['replay', ...args, ...(await configured(routing))])
const replayed = async (routing: string, ...args: string[]): Promise<any> =>
  JSON.parse((await replay(routing, '--json', ...args)).stdout)

/**
 * In the order of the log: an image, two small questions, an ask that a rule decides with two turns
 * of its tool loop, one pinned; then rows that are no chat.
 */
beforeAll(async () => {
  const { gateway } = fixture
  expect((await talk({ role: 'user', content: IMAGE })).headers.get('x-smartroute-tier')).toBe('t3')
  await talk({ role: 'user', content: 'hello' })
  await talk({ role: 'user', content: '你好' })
  const call = { id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }
  const loop = [
    PROOF,
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c1', content: 'hello' },
  ]
  await talk(PROOF)
  await talk(...loop)
  const held = await talk(...loop)
  expect(held.headers.get('x-smartroute-reason')).toContain('held=tool_loop')
  await ask({ model: 't1' })
  for (let row = 0; row < 3; row++) {
    await fetch(`${gateway.url}/v1/feedback`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: '{}',
    })
    await chat(gateway, { model: 'auto' })
  }
  const logged = async (status: string): Promise<number> => {
    const response = await gateway.api(`/logs?limit=100&status=${status}`)
    return ((await response.json()) as { items: object[] }).items.length
  }
  await until(async () => (await logged('ok')) === 7 && (await logged('error')) >= 6)
})

describe('a replay', () => {
  it('of the same configuration moves nothing and saves nothing', async () => {
    const result = await replayed(`classifier: local, ${RULE}`)
    expect(result.flow).toEqual({ 't1->t1': 2, 't3->t3': 4 })
    expect(result).toMatchObject({ requests: 6, held: 2, undecided: 0, skipped: 1 })
    expect(result.cost.afterUsd).toBeCloseTo(result.cost.beforeUsd, 9)
  })

  it('decides an ask anew, and takes the turns that only went on with it along', async () => {
    const result = await replayed('classifier: local, rules: [ { keywords: [proof], tier: t2 } ]')
    expect(result).toMatchObject({
      held: 2,
      flow: { 't1->t1': 2, 't3->t2': 3, 't3->t3': 1 },
    })
    const alone = await replayed(
      'classifier: local, rules: [ { keywords: [proof], tier: t2 } ]',
      '2',
    )
    expect(alone).toMatchObject({ held: 1, flow: { 't3->t3': 1 } })
    const rules = await replayed('classifier: none, fallback_tier: t1')
    expect(rules).toMatchObject({ held: 0, flow: { 't1->t1': 2, 't3->t1': 3, 't3->t3': 1 } })
  })

  it('counts apart what only a language model would decide', async () => {
    const routing = `classifier: llm, llm: { model: fake/judge }, ${RULE}`
    const result = await replayed(routing)
    expect(result).toMatchObject({ requests: 3, undecided: 3, flow: { 't3->t3': 3 } })
    expect(result.cost.afterUsd).toBeCloseTo(result.cost.beforeUsd, 9)
    expect(fixture.upstream.of('judge')).toEqual([])
    expect((await replay(routing)).stdout).toContain('3 undecided without the language model')
    expect((await replay(routing, '--lang', 'zh')).stdout).toContain('3 个只有询问大模型才能决定')
  })

  it('refuses where tiers are drawn at random', async () => {
    const { code, stdout, stderr } = await replay('enabled: false')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('drawn at random')
  })

  it('takes the newest chat requests, whatever else stands in the log', async () => {
    const routing = `classifier: local, ${RULE}`
    expect(await replayed(routing, '2')).toMatchObject({
      requests: 1,
      skipped: 1,
      skippedBy: { pinned: 1, unknownModel: 0, noBody: 0, cutBody: 0 },
    })
    expect((await replay(routing, '2')).stdout).toContain('skipped: 1 named a tier or a model')
    const day = new Date(Date.now() + 86_400_000).toISOString()
    expect(await replayed(routing, '--from', day)).toMatchObject({ requests: 0, skipped: 0 })
    expect(await replayed(routing, '--to', day)).toMatchObject({ requests: 6 })
  })

  it('says what is wrong with its arguments', async () => {
    const routing = `classifier: local, ${RULE}`
    expect((await replay(routing, '3', '4')).code).toBe(2)
    expect((await replay(routing, '--from', 'yesterday')).code).toBe(2)
    const empty = await mkdtemp(join(tmpdir(), 'smartroute-'))
    const [flag = '', config = ''] = await configured(routing)
    const args = ['replay', flag, config, '--data-dir', empty]
    expect(await runCli(args)).toEqual({ code: 74, stdout: '', stderr: `no log in ${empty}\n` })
    expect((await runCli([...args, '--lang', 'zh'])).stderr).toBe(`${empty} 中没有日志\n`)
  })

  it('uses what was learnt in the data folder, and so does a dry run', async () => {
    const folder = join(fixture.gateway.dataDir, 'learning')
    await mkdir(folder, { recursive: true })
    const weights = Array.from({ length: 2_048 * 3 }, () => 0)
    const model = new LocalClassifier(systemClock).model.version
    const correction = { version: 1, model, bias: [0, 50, 0], weights }
    await writeFile(join(folder, 'corrections.json'), JSON.stringify([correction]))
    const learning = 'learning: { enabled: true }'
    expect(await replayed(`classifier: local, ${RULE}, ${learning}`)).toMatchObject({
      flow: { 't1->t2': 2, 't3->t3': 4 },
    })
    const route = async (routing: string): Promise<string> =>
      (await runCli(['route', 'hello', ...(await configured(routing))])).stdout.slice(0, 2)
    expect(await route(`classifier: local, ${learning}`)).toBe('t2')
    expect(await route('classifier: local')).toBe('t1')
  })
})
