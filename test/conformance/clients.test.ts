import { spawnSync } from 'node:child_process'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI } from '@langchain/openai'
import { generateText, streamText } from 'ai'
import OpenAI, { APIError, AuthenticationError, BadRequestError } from 'openai'
import { describe, expect, it } from 'vitest'
import { answerFor } from '../support/faults.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { until } from '../support/start-gateway.ts'

const KEY = 'sr-conformance-key-1'
const fixture = withGateway(
  (url) => `${provider(url)}
gateway: { api_keys: ["${KEY}"] }
tiers: { t1: { models: [fake/status-500, fake/ok] }, t2: { models: [fake/ok] } }
`,
)

const messages = [{ role: 'user' as const, content: 'hello 你好' }]
const expected = answerFor({ messages })
const baseURL = (): string => `${fixture.gateway.url}/v1`

describe('openai', () => {
  const client = (apiKey = KEY): OpenAI => new OpenAI({ baseURL: baseURL(), apiKey, maxRetries: 0 })

  it('completes, through a failure', async () => {
    const {
      data,
      response,
      request_id: id,
    } = await client().chat.completions.create({ model: 't1', messages }).withResponse()
    expect(data.choices[0]?.message.content).toBe(expected)
    expect(response.headers.get('x-smartroute-model')).toBe('fake/ok')
    expect(id).toBe(response.headers.get('x-request-id'))
  })

  it('streams, with usage when asked', async () => {
    const stream = await client().chat.completions.create({
      model: 't1',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    })
    let text = ''
    let tokens = 0
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      tokens = chunk.usage?.total_tokens ?? tokens
    }
    expect([text, tokens]).toEqual([expected, 18])
  })

  it('calls tools, streamed and not', async () => {
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'weather',
          parameters: { type: 'object', properties: { city: { type: 'string' } } },
        },
      },
    ]
    const whole = await client().chat.completions.create({ model: 'fake/tools', messages, tools })
    expect(whole.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      function: { name: 'weather', arguments: '{"city":"北京"}' },
    })
    const final = await client()
      .chat.completions.stream({ model: 'fake/tools', messages, tools })
      .finalChatCompletion()
    expect(final.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      function: { name: 'weather', arguments: '{"city":"北京"}' },
    })
    expect(fixture.upstream.of('tools').at(-1)?.body['tools']).toEqual(tools)
  })

  it('parses structured output', async () => {
    const schema = {
      type: 'object',
      properties: { answer: { type: 'number' } },
      required: ['answer'],
      additionalProperties: false,
    }
    const format = {
      type: 'json_schema' as const,
      json_schema: { name: 'a', strict: true, schema },
    }
    const stream = client().chat.completions.stream({
      model: 'fake/structured',
      messages,
      response_format: format,
    })
    const final = await stream.finalChatCompletion()
    expect(JSON.parse(final.choices[0]?.message.content ?? '')).toEqual({ answer: 42 })
    expect(fixture.upstream.of('structured').at(-1)?.body['response_format']).toEqual(format)
  })

  it('raises its own error classes', async () => {
    const ask = (model: string, key = KEY): Promise<unknown> =>
      client(key)
        .chat.completions.create({ model, messages })
        .catch((error: unknown) => error)
    expect(await ask('t1', 'wrong')).toBeInstanceOf(AuthenticationError)
    const bad = await ask('fake/status-400')
    expect(bad).toBeInstanceOf(BadRequestError)
    expect(bad).toMatchObject({ param: 'temperature', code: 'invalid_value' })
    expect(await ask('fake/status-429-quota')).toMatchObject({
      status: 429,
      code: 'insufficient_quota',
    })
    const broken = client().chat.completions.stream({ model: 'fake/truncate-stream', messages })
    await expect(broken.finalChatCompletion()).rejects.toBeInstanceOf(APIError)
  })

  it('does not multiply our attempts by its own retries', async () => {
    const before = fixture.upstream.of('status-503').length
    const retrying = new OpenAI({ baseURL: baseURL(), apiKey: KEY, maxRetries: 2 })
    await expect(
      retrying.chat.completions.create({ model: 'fake/status-503', messages }),
    ).rejects.toThrow('unavailable')
    expect(fixture.upstream.of('status-503').length - before).toBeLessThanOrEqual(2)
  })

  it('aborts', async () => {
    const stream = await client().chat.completions.create({
      model: 'fake/paced',
      messages,
      stream: true,
    })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break
    stream.controller.abort()
    const call = fixture.upstream.of('paced').at(-1)
    expect(await until(() => call?.abortedAt, 500)).toBeGreaterThan(0)
  })

  it('lists models', async () => {
    const ids: string[] = []
    for await (const model of client().models.list()) ids.push(model.id)
    expect(ids).toContain('auto')
    expect((await client().models.retrieve('auto')).owned_by).toBe('smartroute')
  })
})

describe('ai with @ai-sdk/openai-compatible', () => {
  const model = (name: string): ReturnType<ReturnType<typeof createOpenAICompatible>> =>
    createOpenAICompatible({ name: 'smartroute', baseURL: baseURL(), apiKey: KEY })(name)

  it('generates and streams text', async () => {
    const { text, usage } = await generateText({ model: model('t1'), prompt: 'hello 你好' })
    expect(text).toContain('Echo of')
    expect(usage.outputTokens).toBe(7)
    const streamed = streamText({ model: model('t1'), prompt: 'hello 你好' })
    let joined = ''
    for await (const piece of streamed.textStream) joined += piece
    expect(joined).toBe(text)
  })
})

describe('@langchain/openai', () => {
  const model = (): ChatOpenAI =>
    new ChatOpenAI({
      model: 't1',
      apiKey: KEY,
      maxRetries: 0,
      configuration: { baseURL: baseURL() },
    })

  it('invokes and streams', async () => {
    expect((await model().invoke('hello 你好')).content).toBe(expected)
    let text = ''
    for await (const chunk of await model().stream('hello 你好')) text += String(chunk.content)
    expect(text).toBe(expected)
  })
})

describe('curl', () => {
  const hasCurl = spawnSync('curl', ['--version']).status === 0

  it.skipIf(!hasCurl)('streams unbuffered and reads errors', async () => {
    const { execFile } = await import('node:child_process')
    const curl = (body: object, ...args: string[]): Promise<string> =>
      new Promise((resolve) => {
        execFile(
          'curl',
          [
            '-sN',
            `${baseURL()}/chat/completions`,
            '-H',
            `Authorization: Bearer ${KEY}`,
            '-d',
            JSON.stringify(body),
            ...args,
          ],
          (_error, stdout) => resolve(stdout),
        )
      })
    expect(await curl({ model: 't1', stream: true, messages })).toMatch(/data: \[DONE\]\n\n$/)
    expect(await curl({ model: 't1' }, '-w', '%{http_code}')).toMatch(
      /"code":"invalid_request_error"\}\}400$/,
    )
  })
})
