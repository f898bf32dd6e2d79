import { mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Language } from '../contract/message.ts'
import { type ConfigResult, loadConfigText } from './load.ts'
import { providersInEnvironment, starterDocument } from './starter.ts'
import { watchConfig } from './watch.ts'

const PROVIDERS = `providers:
  openai: { base_url: "https://api.openai.com/v1/", api_key: "\${KEY}" }
  router: { base_url: "https://openrouter.ai/api/v1?v=1", api_keys: [a-key-one, "", a-key-two] }
`

function load(
  text: string,
  env: Record<string, string> = { KEY: 'sk-secret' },
  language: Language = 'en',
): ConfigResult {
  return loadConfigText(text, { configPath: null, env, language })
}

/** `line:column code` of every problem. */
function problems(text: string, env?: Record<string, string>): string[] {
  const result = load(text, env)
  return (result.ok ? result.warnings : result.problems).map(
    ({ line, column, code }) => `${line}:${column} ${code}`,
  )
}

function snapshot(text: string, env?: Record<string, string>) {
  const result = load(text, env)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.snapshot
}

describe('mistakes', () => {
  it('are all found at once, each with its place', () => {
    const text = `${PROVIDERS}tiers:
  t1: { models: [opnai/x, { id: openai/y, wieght: 2 }], strategy: fast }
timeouts: { connect_ms: 0 }
teirs: {}
routing:
  rules: [{ tier: t1 }, { keywords: [a], tier: t9 }]
`
    expect(problems(text)).toEqual([
      '5:43 unknownKeyNear',
      '5:67 invalidValue',
      '6:25 invalidValue',
      '7:1 unknownKeyNear',
      '9:11 invalidValue',
      '9:48 invalidValue',
    ])
  })

  it.each([
    ['tiers: { t1: { models: [opnai/x] } }', '4:25 unknownProviderNear'],
    ['tiers: { t1: { models: [lonely] } }', '4:25 unknownProvider'],
    [
      'default_provider: opennai\ntiers: { t1: { models: [openai/a] } }',
      '4:19 unknownProviderNear',
    ],
    ['model_map: { a: nowhere }', '4:17 unknownProviderId'],
    ['routing: { classifier: cascade }', '4:24 llmMissing'],
    ['routing: { classifier: llm }', '4:24 llmMissing'],
    ['routing: { llm: { model: nope/x } }', '4:26 unknownProvider'],
    ['routing: { rules: [{ patterns: ["(a"], tier: t1 }] }', '4:33 badPattern'],
    ['gateway: { api_keys: ["${MISSING}"] }', '4:23 variableUnset'],
    ['gateway: { api_keys: ["${MISSING:?set it}"] }', '4:23 variableRequired'],
    ['gateway: { api_keys: ["${file:/no/such/file}"] }', '4:23 fileUnreadable'],
    ['version: 2', '4:10 invalidValue'],
    ['server: { port: 70000 }', '4:17 invalidValue'],
    ['providers: {}', '4:1 yamlSyntax'],
    ['tiers: [', '4:9 yamlSyntax'],
  ])('%s', (text, expected) => {
    expect(problems(PROVIDERS + text)).toContain(expected)
  })

  it('are told in both languages', () => {
    const chinese = load('teirs: 1', {}, 'zh')
    expect(!chinese.ok && chinese.problems[0]?.message).toContain('是否想写 "tiers"')
    const wrong = load('server: { port: "x" }', {}, 'zh')
    expect(!wrong.ok && wrong.problems[0]?.message).toMatch(/[\u4e00-\u9fff]/)
  })
})

describe('a valid document', () => {
  it('is accepted as JSON too, and empty', () => {
    expect(load('{"version":1,"server":{"port":1}}').ok).toBe(true)
    expect(load('').ok).toBe(true)
  })

  it('substitutes variables, defaults and escapes, and only in values', () => {
    const text = `providers:
  a: { base_url: "https://\${HOST:-example.com}/v1", api_key: "\${KEY}", headers: { "x-raw": "$\${KEY}" } }
`
    const { document } = snapshot(text)
    expect(document.providers?.['a']).toMatchObject({
      base_url: 'https://example.com/v1',
      api_key: 'sk-secret',
      headers: { 'x-raw': '${KEY}' },
    })
  })

  it('splits at the first slash only where the prefix is a provider', () => {
    const { pools, upstreams } = snapshot(`${PROVIDERS}default_provider: router
model_map: { gpt-4: openai }
tiers: { t1: { models: [openai/a/b, deepseek/deepseek-chat, gpt-4] } }
`)
    expect(pools.t1.members.map(({ endpoint }) => endpoint.id)).toEqual([
      'openai/a/b',
      'router/deepseek/deepseek-chat',
      'openai/gpt-4',
    ])
    expect(upstreams.get('openai')?.chatPath).toBe('/v1/chat/completions')
    expect(upstreams.get('router')?.chatPath).toBe('/api/v1/chat/completions?v=1')
    expect(upstreams.get('router')?.apiKeys).toEqual(['a-key-one', 'a-key-two'])
  })

  it('merges limits, retries and parameters from weak to strong', () => {
    const { pools, pinned } = snapshot(`${PROVIDERS}timeouts: { idle_ms: 1 }
retry: { max_attempts: 2, error_keywords: [ABC] }
params: { global: { n: 1 }, models: { m: { a: 1, b: 1 }, openai/m: { b: 2, c: null } } }
tiers:
  t1: { models: [openai/m], timeouts: { idle_ms: 2 }, retry: { max_attempts: 3 } }
  t3: { models: [openai/x] }
`)
    expect(pools.t1.limits).toEqual({
      connectMs: 3000,
      headersMs: 10000,
      firstTokenMs: 10000,
      idleMs: 2,
      contentIdleMs: 60000,
      totalMs: 600000,
      wholeTotalMs: 300000,
      hedgeAfterMs: null,
    })
    expect(pools.t3.limits.idleMs).toBe(1)
    expect(pinned.limits.firstTokenMs).toBe(90000)
    expect(pools.t1.retry).toMatchObject({ maxAttempts: 3, errorKeywords: ['abc'] })
    expect(pools.t1.members[0]?.endpoint.params).toEqual([
      { name: 'a', json: '1' },
      { name: 'b', json: '2' },
      { name: 'c', json: null },
    ])
  })

  it('is frozen, knows its secrets, and gives one endpoint per model', () => {
    const compiled = snapshot(`${PROVIDERS}gateway: { api_keys: [sr-gateway-key, ""] }\n`)
    expect(compiled.secrets).toEqual(
      expect.arrayContaining(['sr-gateway-key', 'sk-secret', 'a-key-one', 'a-key-two']),
    )
    expect(compiled.gatewayKeys).toEqual(['sr-gateway-key'])
    expect(Object.isFrozen(compiled.routing)).toBe(true)
    const openai = compiled.upstreams.get('openai')
    if (openai === undefined) throw new Error('no upstream')
    expect(compiled.endpointOf(openai, 'x')).toBe(compiled.endpointOf(openai, 'x'))
  })

  it('takes the LLM where one is named, and the nearest tier where t2 is empty', () => {
    const base = `${PROVIDERS}tiers: { t3: { models: [openai/x] } }\n`
    expect(snapshot(base).routing).toMatchObject({ classifier: 'local', fallbackTier: 't3' })
    expect(snapshot(`${base}routing: { llm: { model: openai/j } }`).routing.classifier).toBe('llm')
    expect(
      snapshot(`${base}routing: { classifier: none, llm: { model: openai/j } }`).routing.classifier,
    ).toBe('none')
  })
})

describe('the starter', () => {
  it('is valid for every set of keys, and names only variables', () => {
    const names = [
      'OPENAI_API_KEY',
      'ANTHROPIC_API_KEY',
      'DEEPSEEK_API_KEY',
      'MOONSHOT_API_KEY',
      'DASHSCOPE_API_KEY',
      'ZHIPUAI_API_KEY',
      'GEMINI_API_KEY',
      'OPENROUTER_API_KEY',
    ]
    const all = Object.fromEntries(names.map((name) => [name, 'sk-value']))
    const one = (name: string): Record<string, string> => ({ [name]: 'sk-value' })
    for (const env of [all, ...names.map(one)]) {
      const providers = providersInEnvironment(env)
      const text = starterDocument(providers)
      expect(text).not.toContain('sk-value')
      expect(problems(text, env)).toEqual([])
    }
  })
})

describe('watchConfig', () => {
  it('notices a replaced, a rewritten and a forced reading', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'smartroute-')), 'c.yaml')
    writeFileSync(path, 'a')
    const seen: string[] = []
    let wake = (): void => {}
    const next = (): Promise<void> => new Promise((resolve) => (wake = resolve))
    const watcher = watchConfig(path, (text) => {
      seen.push(text)
      wake()
    })
    let waiting = next()
    writeFileSync(`${path}.new`, 'b')
    renameSync(`${path}.new`, path)
    await waiting
    waiting = next()
    writeFileSync(path, 'c')
    await waiting
    watcher.reload()
    expect(seen).toEqual(['b', 'c', 'c'])
    watcher.close()
  })
})

describe('what is no document at all', () => {
  const load = (text: string): ConfigResult =>
    loadConfigText(text, { configPath: null, language: 'en', env: {} })

  it.each([
    ['an alias that names nothing', 'version: 1\nproviders:\n  a: *gone\n', 3, 6],
    ['null', 'null\n', 1, 1],
    ['a list', '- version: 1\n', 1, 1],
    ['an alias of aliases of aliases', bomb(), 1, 1],
    ['brackets without end', '['.repeat(50_000), 1, expect.any(Number)],
  ])('%s is an error with its place and no exception', (_, text, line, column) => {
    const result = load(text)
    expect(result.ok).toBe(false)
    if (!result.ok) expect(result.problems[0]).toMatchObject({ severity: 'error', line, column })
  })

  it('an empty file is an empty document', () => {
    expect(load('').ok).toBe(true)
    expect(load('# nothing yet\n').ok).toBe(true)
  })
})

function bomb(): string {
  const names = [...'abcdefghij']
  const lines = names.map((name, index) => {
    const items = index === 0 ? 'x' : `*${names[index - 1]}`
    return `${name}: &${name} [${Array.from({ length: 9 }, () => items).join(', ')}]`
  })
  return lines.join('\n')
}
