import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { chat, logOf } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'

const fixture = withGateway(
  (url) => `${provider(url)}
tiers: { t1: { models: [fake/ok] } }
`,
)

const user = '"messages":[{"role":"user","content":"x"}]'

describe('bad input', () => {
  it.each([
    ['nothing', ''],
    ['half a JSON', '{"model":"auto",'],
    ['an array', '[1,2]'],
    ['text after the object', `{"model":"auto",${user}} x`],
    ['a model that is a number', `{"model":5,${user}}`],
    ['no model', `{${user}}`],
    ['no messages', '{"model":"auto"}'],
    ['messages that are a string', '{"model":"auto","messages":"hi"}'],
    ['empty messages', '{"model":"auto","messages":[]}'],
    ['a message that is null', '{"model":"auto","messages":[null]}'],
    ['a stream that is text', `{"model":"auto","stream":"true",${user}}`],
    ['a duplicate key', `{"model":"auto","model":"t3",${user}}`],
    ['a __proto__ key', `{"model":"auto","__proto__":{"a":1},${user}}`],
    ['a depth bomb', `{"model":"auto","x":${'['.repeat(100_000)}${']'.repeat(100_000)},${user}}`],
    [
      'a deep message',
      `{"model":"auto","messages":[${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}]}`,
    ],
    [
      'invalid UTF-8',
      Buffer.concat([
        Buffer.from('{"model":"auto","x":"'),
        Buffer.from([0xc3, 0x28]),
        Buffer.from(`",${user}}`),
      ]),
    ],
  ])('%s gets a 400 in the usual shape, and a row in the log', async (_what, body) => {
    const answer = await chat(fixture.gateway, body)
    expect(answer.status).toBe(400)
    expect(Object.keys(answer.json.error).sort()).toEqual(['code', 'message', 'param', 'type'])
    expect(answer.json.error.code).toBe('invalid_request_error')
    const log = await logOf(fixture.gateway, answer)
    expect(log).toMatchObject({
      status: 400,
      error: { code: 'invalid_request_error' },
      attempts: [],
    })
  })

  it('a body over the limit gets a 413 that the client can read', async () => {
    const answer = await chat(fixture.gateway, Buffer.alloc(33 * 1024 * 1024, 'x'))
    expect([answer.status, answer.json.error.code]).toEqual([413, 'request_too_large'])
    expect((await logOf(fixture.gateway, answer)).status).toBe(413)
  })

  it('a compressed body gets a 415', async () => {
    const answer = await chat(fixture.gateway, '{}', { 'content-encoding': 'gzip' })
    expect(answer.status).toBe(415)
  })

  it.each([
    ['GET', '/v1/chat/completions', 405, 'method_not_allowed'],
    ['POST', '/v1/embeddings', 404, 'not_found'],
    ['DELETE', '/v1/models', 405, 'method_not_allowed'],
  ])('%s %s gets %i %s', async (method, path, status, code) => {
    const response = await fetch(fixture.gateway.url + path, { method })
    expect(response.status).toBe(status)
    expect(((await response.json()) as { error: { code: string } }).error.code).toBe(code)
    expect(response.headers.get('x-request-id')).toBeTruthy()
  })

  it.each([
    ['many headers', Array.from({ length: 150 }, (_, index) => `x-${index}: 1\r\n`).join(''), 431],
    ['long headers', `x-long: ${'a'.repeat(20_000)}\r\n`, 431],
    ['no HTTP at all', '', 400],
  ])('%s: a status in the usual shape, no crash', async (what, headers, status) => {
    const { port } = new URL(fixture.gateway.url)
    const head =
      what === 'no HTTP at all'
        ? 'NONSENSE\r\n\r\n'
        : `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}content-length: 2\r\n\r\n{}`
    const text = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(head))
      let received = ''
      socket.on('data', (piece) => {
        received += piece.toString()
        if (received.includes('"error"')) socket.destroy()
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(received))
    })
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(text).toContain('"error":{"message"')
  })

  it('unknown fields, odd contents and huge numbers pass', async () => {
    const answer = await chat(
      fixture.gateway,
      `{"model":"fake/ok","x":1e999,"constructor":1,"messages":[{"role":"user","content":[{"type":"text","text":"\\ud83d"}]},{"role":"vendor","content":null}]}`,
    )
    expect(answer.status).toBe(200)
  })

  it('still answers', async () => {
    expect((await chat(fixture.gateway, { model: 't1' })).status).toBe(200)
    expect(fixture.gateway.process.exitCode).toBeNull()
  })
})
