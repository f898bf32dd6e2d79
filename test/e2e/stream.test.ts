import { type IncomingMessage, request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { chat, logOf } from '../support/chat.ts'
import { answerFor, USAGE } from '../support/faults.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { until } from '../support/start-gateway.ts'

const fixture = withGateway(
  (url) => `${provider(url)}
tiers: { t1: { models: [fake/ok] } }
`,
)

const messages = [{ role: 'user', content: '你好, tell me 😀 more' }]
const expected = answerFor({ messages })

describe('streaming', () => {
  it('hands on each piece before the provider has sent the next', async () => {
    const { gateway, upstream } = fixture
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'fake/paced', stream: true, messages }),
    })
    const reader = response.body?.getReader()
    const first = new TextDecoder().decode((await reader?.read())?.value)
    expect(first).toContain('Echo')
    expect(upstream.of('paced').at(-1)?.finishedAt).toBeNull()
    await reader?.cancel()
  })

  it.each([
    'ok',
    'crlf',
    'cr',
    'comments',
    'multi-line-data',
    'no-space',
    'no-final-blank-line',
    'byte-by-byte',
    'no-done',
    'json-to-stream',
    'usage-each-chunk',
  ])('gives the same text whatever the spelling of the stream: %s', async (model) => {
    const answer = await chat(fixture.gateway, { model: `fake/${model}`, stream: true, messages })
    expect(answer.status).toBe(200)
    const log = await logOf(fixture.gateway, answer)
    expect(log.response.choices[0].message.content).toBe(expected)
    expect(answer.text.trimEnd().endsWith('[DONE]')).toBe(true)
    if (!['cr', 'crlf', 'multi-line-data', 'no-space'].includes(model)) {
      expect(answer.content).toBe(expected)
    }
  })

  it('asks for usage and takes it out again where the client did not ask', async () => {
    const answer = await chat(fixture.gateway, { model: 'fake/ok', stream: true, messages })
    expect(fixture.upstream.of('ok').at(-1)?.body['stream_options']).toEqual({
      include_usage: true,
    })
    expect(answer.text).not.toContain('usage')
    const log = await logOf(fixture.gateway, answer)
    expect(log.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 7 })
    expect(log.request).not.toHaveProperty('stream_options')
    expect(log.sent.stream_options).toEqual({ include_usage: true })
  })

  it('takes usage out of content chunks too, last value wins in the log', async () => {
    const answer = await chat(fixture.gateway, {
      model: 'fake/usage-each-chunk',
      stream: true,
      messages,
    })
    expect(answer.text).not.toContain('usage')
    expect((await logOf(fixture.gateway, answer)).usage.completion_tokens).toBe(7)
  })

  it('leaves usage where the client asked for it', async () => {
    const body = {
      model: 'fake/ok',
      stream: true,
      messages,
      stream_options: { include_usage: true },
    }
    const answer = await chat(fixture.gateway, body)
    expect(JSON.parse(answer.events.at(-2) ?? '{}')).toMatchObject({ choices: [], usage: USAGE })
  })

  it.each(['reasoning', 'tools', 'refusal', 'unknown-fields'])(
    'passes %s on byte for byte and puts it together in the log',
    async (model) => {
      const body = {
        model: `fake/${model}`,
        stream: true,
        messages,
        stream_options: { include_usage: true },
      }
      const direct = await fetch(`${fixture.upstream.baseUrl}/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ ...body, model }),
      })
      const answer = await chat(fixture.gateway, body)
      expect(answer.text).toBe(await direct.text())
      const { message } = (await logOf(fixture.gateway, answer)).response.choices[0]
      if (model === 'reasoning') expect(message.reasoning_content).toBe('Let me think.')
      if (model === 'refusal') expect(message.refusal).toBe('I cannot do that.')
      if (model === 'tools')
        expect(message.tool_calls[0].function.arguments).toBe('{"city":"北京"}')
      if (model === 'unknown-fields') expect(message.vendor_delta).toEqual({ a: 1 })
    },
  )

  it('gives one JSON to a client that did not ask for the stream the provider sent', async () => {
    const answer = await chat(fixture.gateway, { model: 'fake/sse-to-json', messages })
    expect(answer.json.object).toBe('chat.completion')
    expect(answer.content).toBe(expected)
  })

  it('gives a non-streamed answer exactly as it came', async () => {
    const direct = await fetch(`${fixture.upstream.baseUrl}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'unknown-fields', messages }),
    })
    const answer = await chat(fixture.gateway, { model: 'fake/unknown-fields', messages })
    expect(answer.text).toBe(await direct.text())
  })

  it('stops the provider while the client does not read, and loses nothing', async () => {
    const { gateway, upstream } = fixture
    const body = JSON.stringify({ model: 'fake/flood', stream: true, messages })
    const response = await new Promise<IncomingMessage>((resolve) => {
      request(`${gateway.url}/v1/chat/completions`, { method: 'POST' }, resolve).end(body)
    })
    const call = await until(() => upstream.of('flood')[0])
    await new Promise((resolve) => setTimeout(resolve, 400))
    // Socket buffers of two connections, and not the 64 MB of the answer.
    const taken = call.sentBytes
    expect(taken).toBeLessThan(20 * 1024 * 1024)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(call.sentBytes).toBe(taken)
    let received = 0
    let tail = ''
    for await (const piece of response as AsyncIterable<Buffer>) {
      received += piece.length
      tail = piece.toString().slice(-40)
    }
    expect(received).toBeGreaterThan(64 * 1000 * 1000)
    expect(tail).toContain('[DONE]')
  })

  it.each(['reset-mid-stream', 'truncate-stream'])(
    'says so when a stream breaks after its first content: %s',
    async (model) => {
      const answer = await chat(fixture.gateway, { model: `fake/${model}`, stream: true, messages })
      expect(answer.text).not.toContain('[DONE]')
      expect(JSON.parse(answer.events.at(-1) ?? '{}').error).toMatchObject({
        code: 'stream_interrupted',
        param: null,
      })
      const log = await logOf(fixture.gateway, answer)
      expect(log.error.code).toBe('stream_interrupted')
      expect(log.attempts[0].outcome).toBe('truncated')
    },
  )
})
