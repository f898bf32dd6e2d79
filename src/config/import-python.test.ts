import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { importMessages } from '../contract/messages/import.ts'
import { importPython } from './import-python.ts'
import { loadConfigText } from './load.ts'

interface Imported {
  readonly document: any
  readonly codes: readonly string[]
}

function run(value: unknown): Imported {
  const result = importPython(value)
  if (result.kind !== 'imported') throw new Error('not recognised')
  const loaded = loadConfigText(result.yaml, { configPath: null, env: {}, language: 'en' })
  expect(loaded.ok ? [] : loaded.problems).toEqual([])
  const codes = result.notes.map(
    ({ message }) => Object.entries(importMessages).find(([, known]) => known === message)?.[0],
  )
  return { document: parse(result.yaml), codes: codes as string[] }
}

const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >

describe('importPython', () => {
  it('takes over a nested file and notes every change of meaning', () => {
    const { document, codes } = run(fixture('nested.json'))
    expect(document.tiers).toEqual({
      t1: {
        models: ['upstream/gpt-3.5-turbo'],
        timeouts: { connect_ms: 5000, first_token_ms: 5000, idle_ms: 300000 },
        retry: { max_attempts: 2 },
      },
      t2: {
        models: [
          { id: 'deepseek/deepseek-chat', weight: 0.9 },
          'azure-1/gpt-4',
          'upstream/text-only',
        ],
        strategy: 'random',
        timeouts: { connect_ms: 5000, first_token_ms: 15000, idle_ms: 300000 },
        retry: { max_attempts: 3 },
      },
      t3: {
        models: ['deepseek/deepseek-reasoner', 'upstream/openrouter-style/model'],
        strategy: 'adaptive',
        timeouts: { connect_ms: 5000, first_token_ms: 30000, idle_ms: 300000 },
        retry: { max_attempts: 5 },
      },
    })
    expect(document.model_map).toEqual({ 'gpt-4': 'azure-1' })
    expect(document.retry).toEqual({
      status_codes: [429, 500],
      error_keywords: ['rate limit', 'overloaded'],
    })
    expect(document.params).toEqual({
      global: { temperature: 0.7 },
      models: { kimi: { top_p: 0.95 } },
    })
    expect(document.routing.llm).toEqual({ model: 'router/small', prompt: 'Judge: {history}' })
    expect(document.gateway.api_keys).toEqual(['my-gateway-key'])
    expect(codes).toEqual(
      expect.arrayContaining([
        'verifySsl',
        'providerRenamed',
        'protocol',
        'mapUnknown',
        'providerUnknown',
        'multimodal',
        'weightZero',
        'routerProvider',
        'routerFailure',
        'secretsLiteral',
        'defaultHost',
      ]),
    )
  })

  it('takes over a flat file: a slash splits only where a provider has that name', () => {
    const { document, codes } = run(fixture('flat.json'))
    expect(document.tiers.t2.models).toEqual(['azure/gpt-4', 'deepseek/deepseek-chat'])
    expect(document.tiers.t2.strategy).toBe('adaptive')
    expect(document.tiers.t1).toEqual({
      models: ['upstream/gpt-3.5-turbo'],
      timeouts: { connect_ms: 4000, first_token_ms: 4000, idle_ms: 60000 },
    })
    expect(document.providers.azure.base_url).toBe('https://azure.example/v1')
    expect(document.routing).toEqual({ enabled: false })
    expect(document.logs.retention_days).toBe(3)
    expect(codes).toEqual(expect.arrayContaining(['noGatewayKey', 'routerOff']))
  })

  it('takes over a mixed file: nested keys win, flat ones fill', () => {
    const nested = fixture('nested.json')
    const { models: _models, ...rest } = nested
    const { document } = run({
      ...rest,
      t1_models: ['deepseek/x'],
      upstream_base_url: 'https://ignored.example',
    })
    expect(document.tiers.t1.models).toEqual(['deepseek/x'])
    expect(document.providers.upstream.base_url).toBe('https://api.example.com/v1')
  })

  it.each([null, 5, 'text', [], {}, { hello: 1 }])('refuses %j', (value) => {
    expect(importPython(value).kind).toBe('not_recognised')
  })

  it('survives nonsense in known places', () => {
    const { document } = run({
      models: { t1: [null, 5, {}, ''], strategies: 7 },
      timeouts: [],
      providers: { custom: { x: null } },
      retries: 'no',
      general: null,
    })
    expect(document.providers).toHaveProperty('upstream')
  })
})
