import fc from 'fast-check'
import { Agent, request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { chat } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'

const fixture = withGateway(
  (url) => `${provider(url)}
tiers: { t1: { models: [fake/ok] } }
server: { body_limit_bytes: 262144 }
`,
)

/** `FUZZ=1000000` for the long form. */
const RUNS = Number(process.env['FUZZ'] ?? 1_500)

const agent = new Agent({ keepAlive: true, maxSockets: 4 })

function post(body: Buffer): Promise<{ status: number; ms: number }> {
  const { hostname, port } = new URL(fixture.gateway.url)
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const call = request(
      {
        agent,
        hostname,
        port,
        method: 'POST',
        path: '/v1/chat/completions',
        headers: { 'content-type': 'application/json', 'content-length': body.length },
      },
      (response) => {
        response.resume()
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, ms: performance.now() - startedAt }),
        )
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

const text = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    '‮',
    '𝕳',
    'ｔ１',
    '__proto__',
    'constructor',
    '${jndi:ldap://x}',
    "' OR 1=1--",
    '<script>',
    '../../etc/passwd',
    '%s%n',
    'NaN',
    '1e999',
    '\\u0000',
    '🏴‍☠️'.repeat(9),
  ),
)
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 4 }), fc.double(), fc.bigInt().map(String))

/** Nearly valid requests with one or many things wrong. */
const structured = fc
  .record(
    {
      model: fc.oneof(fc.constant('t1'), value),
      messages: fc.oneof(
        fc.array(
          fc.record(
            { role: fc.oneof(fc.constant('user'), value), content: value },
            { requiredKeys: [] },
          ),
          { maxLength: 4 },
        ),
        value,
      ),
      stream: fc.oneof(fc.boolean(), value),
      stream_options: value,
      temperature: value,
      max_tokens: value,
      tools: value,
      n: value,
    },
    { requiredKeys: ['model', 'messages'] },
  )
  .map((body) => Buffer.from(JSON.stringify(body)))

const VALID = Buffer.from(
  '{"model":"t1","messages":[{"role":"user","content":"héllo 你好 😀"}],"stream":false,"temperature":0.5}',
)

/** A valid request with bytes changed, cut, doubled or put in. */
const mutated = fc
  .array(
    fc.record({
      at: fc.nat(VALID.length - 1),
      byte: fc.nat(255),
      how: fc.constantFrom('set', 'cut', 'insert', 'double'),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((changes) => {
    let bytes = VALID
    for (const { at, byte, how } of changes) {
      const head = bytes.subarray(0, at)
      if (how === 'set') bytes = Buffer.concat([head, Buffer.from([byte]), bytes.subarray(at + 1)])
      else if (how === 'cut') bytes = Buffer.concat([head, bytes.subarray(at + 1 + (byte % 8))])
      else if (how === 'insert')
        bytes = Buffer.concat([head, Buffer.from([byte]), bytes.subarray(at)])
      else bytes = Buffer.concat([head, bytes.subarray(Math.max(0, at - byte))])
    }
    return bytes
  })

describe('bad input', () => {
  it(`${RUNS} mutated requests: no 5xx, no crash, quick answers`, async () => {
    const times: number[] = []
    await fc.assert(
      fc.asyncProperty(fc.oneof(structured, mutated), async (body) => {
        const { status, ms } = await post(body)
        times.push(ms)
        expect([200, 400, 404, 413]).toContain(status)
      }),
      { numRuns: RUNS },
    )
    times.sort((a, b) => a - b)
    const p99 = times[Math.floor(times.length * 0.99)] ?? 0
    process.stderr.write(`goal R4: ${RUNS} cases, p99 ${p99.toFixed(2)} ms\n`)
    expect(p99).toBeLessThan(50)
    expect((await chat(fixture.gateway, { model: 't1' })).status).toBe(200)
    agent.destroy()
  }, 3_600_000)
})
