import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadConfigText } from '../config/load.ts'
import type { Endpoint } from '../config/snapshot.ts'
import { UndiciDispatcher } from '../transport/undici-dispatcher.ts'
import { systemClock } from '../kit/clock.ts'
import { Asker, type AskResult } from './ask.ts'

type Reply = (response: ServerResponse) => void

const dispatcher = new UndiciDispatcher()
const asker = new Asker(dispatcher, systemClock)
const asked: string[] = []
let replies: Readonly<Record<string, Reply>> = {}
const server = createServer((request, response) => {
  const key = (request.headers.authorization ?? '').replace('Bearer ', '')
  asked.push(key)
  request.resume()
  request.on('end', () => (replies[key] ?? says('T2'))(response))
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await dispatcher.close()
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  asked.length = 0
  replies = {}
})

const reply =
  (status: number, body: string, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(body)
  }
const says = (content: string): Reply =>
  reply(200, JSON.stringify({ choices: [{ message: { content }, finish_reason: 'stop' }] }))
const refuses = (status: number, headers: Record<string, string> = {}): Reply =>
  reply(status, JSON.stringify({ error: { message: `refused with ${status}` } }), headers)

/** A judge of an account of its own, with these keys. */
function judge(...keys: readonly string[]): Endpoint {
  const { port } = server.address() as AddressInfo
  const text = `
version: 1
providers:
  one: { base_url: "http://127.0.0.1:${port}/v1", api_keys: ${JSON.stringify(keys)}, allow_private: true }
tiers: { t1: { models: [one/a] }, t2: { models: [one/b] }, t3: { models: [one/c] } }
routing: { classifier: llm, llm: { model: one/judge } }
`
  const loaded = loadConfigText(text, { configPath: null, env: {}, language: 'en' })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const endpoint = loaded.snapshot.routing.llm?.endpoint
  if (endpoint === undefined) throw new Error('no judge')
  return endpoint
}

const put = (endpoint: Endpoint, signal = AbortSignal.timeout(5_000)): Promise<AskResult> =>
  asker.ask(endpoint, { model: 'judge', messages: [], stream: false }, signal)

describe('the keys of a judge', () => {
  it('are used in turn', async () => {
    const endpoint = judge('a', 'b', 'c')
    for (let round = 0; round < 6; round++) expect((await put(endpoint)).text).toBe('T2')
    expect(asked).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  })

  it.each([401, 402, 403, 429])('give way to the next where one is refused: %d', async (status) => {
    replies = { a: refuses(status) }
    const endpoint = judge('a', 'b')
    expect(await put(endpoint)).toMatchObject({ text: 'T2', error: null })
    expect(asked).toEqual(['a', 'b'])
    for (let round = 0; round < 3; round++) await put(endpoint)
    expect(asked.slice(2)).toEqual(['b', 'b', 'b'])
  })

  it('are tried twice a question at most', async () => {
    replies = { a: refuses(401), b: refuses(403) }
    const endpoint = judge('a', 'b', 'c')
    expect(await put(endpoint)).toMatchObject({ text: '', error: 'HTTP 403: refused with 403' })
    expect(asked).toEqual(['a', 'b'])
    expect((await put(endpoint)).text).toBe('T2')
    expect(asked).toEqual(['a', 'b', 'c'])
  })

  it('are no remedy for other failures', async () => {
    for (const status of [400, 404, 500, 503]) {
      replies = { a: refuses(status) }
      expect((await put(judge('a', 'b'))).error).toBe(`HTTP ${status}: refused with ${status}`)
    }
    expect(asked).toEqual(['a', 'a', 'a', 'a'])
  })

  it('are known to be refused inside of a 200 too', async () => {
    const error = { message: 'slow down', code: 'rate_limit_exceeded' }
    replies = { a: reply(200, JSON.stringify({ error })) }
    expect((await put(judge('a', 'b'))).text).toBe('T2')
  })

  it('come back when their rest is over', async () => {
    replies = { a: refuses(429, { 'retry-after-ms': '150' }) }
    const endpoint = judge('a', 'b')
    await put(endpoint)
    replies = {}
    await put(endpoint)
    expect(asked).toEqual(['a', 'b', 'b'])
    await sleep(200)
    await put(endpoint)
    expect(asked.at(-1)).toBe('a')
  })

  it('are asked all the same where each of them rests, the one that wakes first', async () => {
    replies = { a: refuses(401), b: refuses(429) }
    const endpoint = judge('a', 'b')
    expect((await put(endpoint)).error).toBe('HTTP 429: refused with 429')
    replies = {}
    expect((await put(endpoint)).text).toBe('T2')
    expect(asked).toEqual(['a', 'b', 'b'])
    // It was answered, so it rests no more.
    await put(endpoint)
    expect(asked.at(-1)).toBe('b')
  })

  it('share the time limit', async () => {
    replies = { a: refuses(429), b: () => {} }
    const startedAt = performance.now()
    const result = await put(judge('a', 'b'), AbortSignal.timeout(300))
    expect(result.error).toBe('the time limit passed')
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    expect(asked).toEqual(['a', 'b'])
  })

  it('may be one or none', async () => {
    replies = { a: refuses(401) }
    expect((await put(judge('a'))).error).toBe('HTTP 401: refused with 401')
    expect((await put(judge())).text).toBe('T2')
    expect(asked).toEqual(['a', ''])
  })
})

describe('an answer that streams although it was asked not to', () => {
  const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 }
  const chunk = (delta: object, more: object = {}): string =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta, ...more }] })}\n\n`
  const whole = [
    chunk({ role: 'assistant', content: '' }),
    chunk({ reasoning_content: 'T1 or T3?' }),
    chunk({ content: 'T' }),
    chunk({ content: '3' }),
    chunk({}, { finish_reason: 'stop' }),
    `data: ${JSON.stringify({ choices: [], usage })}\n\n`,
    'data: [DONE]\n\n',
  ].join('')
  const streams = (body: string, type = 'text/event-stream'): void => {
    replies = { a: reply(200, body, { 'content-type': type }) }
  }

  it.each(['text/event-stream', 'application/json'])('is put together: %s', async (type) => {
    streams(whole, type)
    const result = await put(judge('a'))
    expect(result).toMatchObject({ text: 'T3', error: null, usage: { totalTokens: 7 } })
    streams(`: waiting\n\n${whole}`, type)
    expect((await put(judge('a'))).text).toBe('T3')
  })

  it('has its own cause in the log where it is none', async () => {
    streams(chunk({ content: 'T' }))
    expect((await put(judge('a'))).error).toBe(
      'in an event stream: the stream ended before the answer was complete',
    )
    streams(`data: ${JSON.stringify({ error: { message: 'out of order' } })}\n\n`)
    expect((await put(judge('a'))).error).toBe('in an event stream: out of order')
    streams('data: [DONE]\n\n')
    expect((await put(judge('a'))).error).toBe('in an event stream: the stream has no content')
  })

  it('has a limit', async () => {
    streams(chunk({ content: 'T3 '.repeat(3_000_000) }))
    expect((await put(judge('a'))).error).toBe('the answer is too long')
  })
})
