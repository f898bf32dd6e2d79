import { readFileSync } from 'node:fs'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { answerFor } from '../support/faults.ts'
import type { UpstreamCall } from '../support/fake-upstream.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { until } from '../support/start-gateway.ts'

interface Prompt {
  readonly id: string
  readonly messages: OpenAI.ChatCompletionMessageParam[]
}

const PROMPTS = readFileSync(new URL('../fixtures/prompts.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Prompt)

/** One call in ten fails, each time in another way. */
const FAILURES = [
  'status-500',
  'reset-before-headers',
  'keyword',
  'empty',
  'html-200',
  'error-200-nested',
  'status-429-quota',
  'status-503',
  'error-200-string',
  'status-401',
]

const fixture = withGateway(
  (url) => `${provider(url)}
tiers:
  t1: { models: [fake/a, spare/b, third/c], strategy: random }
  t2: { models: [spare/b, third/c, fake/a], strategy: adaptive }
  t3: { models: [third/c, fake/a, spare/b] }
routing:
  classifier: none
  rules:
    - { keywords: ["证明", "prove", "why"], tier: t3 }
    - { keywords: ["hello", "hi", "你好"], tier: t1 }
logs: { body_limit_bytes: 4194304 }
`,
)

interface Sent {
  readonly id: string
  readonly content: string
  readonly streamed: boolean
}

describe('300 real prompts against a provider that fails a tenth of its calls', () => {
  it('gives 300 answers and 300 rows, each equal to what client and provider saw', async () => {
    const { gateway, upstream } = fixture
    let count = 0
    upstream.script = () =>
      ++count % 10 === 0 ? (FAILURES[(count / 10) % FAILURES.length] ?? 'ok') : 'ok'
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'none', maxRetries: 0 })
    const sent = new Map<Prompt, Sent>()
    const queue = PROMPTS.map((prompt, index) => ({ prompt, streamed: index % 2 === 1 }))
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        sent.set(next.prompt, await send(client, next.prompt, next.streamed))
      }
    }
    await Promise.all(Array.from({ length: 8 }, worker))
    expect(sent.size).toBe(300)
    expect(upstream.calls.length).toBeGreaterThan(320)
    const byMessages = new Map<string, UpstreamCall[]>()
    for (const call of upstream.calls) {
      const key = JSON.stringify(call.body['messages'])
      byMessages.set(key, [...(byMessages.get(key) ?? []), call])
    }
    let failedAttempts = 0
    for (const [prompt, { id, content, streamed }] of sent) {
      expect(content).toBe(answerFor({ messages: prompt.messages }))
      const log = await until(async () => {
        const response = await gateway.api(`/logs/${id}`)
        return response.ok && ((await response.json()) as any)
      }, 1_000)
      const body = {
        model: 'auto',
        messages: prompt.messages,
        ...(streamed ? { stream: true } : {}),
      }
      expect(log.request).toEqual(body)
      expect(log.response.choices[0].message.content).toBe(content)
      expect(log.attempts.at(-1).outcome).toBe('ok')
      const calls = byMessages.get(JSON.stringify(prompt.messages)) ?? []
      expect(calls.map((call) => call.body)).toContainEqual(log.sent)
      expect(calls.length).toBeGreaterThanOrEqual(log.attempts.length)
      expect(log.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 7 })
      failedAttempts += log.attempts.length - 1
    }
    expect(failedAttempts).toBeGreaterThan(20)
    const stats = (await (await gateway.api('/stats?range=1h')).json()) as any
    expect(stats).toMatchObject({ requests: 300, errors: 0 })
    expect(stats.failovers).toBeGreaterThan(20)
  }, 60_000)
})

async function send(client: OpenAI, { messages }: Prompt, streamed: boolean): Promise<Sent> {
  if (!streamed) {
    const { data, response } = await client.chat.completions
      .create({ model: 'auto', messages })
      .withResponse()
    const content = data.choices[0]?.message.content ?? ''
    return { id: response.headers.get('x-request-id') ?? '', content, streamed }
  }
  const { data, response } = await client.chat.completions
    .create({ model: 'auto', messages, stream: true })
    .withResponse()
  let content = ''
  for await (const chunk of data) content += chunk.choices[0]?.delta.content ?? ''
  return { id: response.headers.get('x-request-id') ?? '', content, streamed }
}
