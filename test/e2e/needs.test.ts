import { describe, expect, it } from 'vitest'
import { chat } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'

const TIERS = `
tiers:
  t1: { models: [fake/small] }
  t2: { models: [fake/blind, spare/medium] }
  t3: { models: [fake/large] }
models:
  fake/small: { context_tokens: 4000, vision: false }
  fake/blind: { vision: false }
  fake/large: { context_tokens: 1000000 }
routing: { classifier: none, fallback_tier: t1 }
`
const IMAGE = {
  type: 'image_url',
  image_url: { url: `data:image/png;base64,${'iVBORw0KGgo'.repeat(4_000)}` },
}

describe('what a model must be able to take', () => {
  const fixture = withGateway((url) => `${provider(url)}${TIERS}`)
  const route = async (content: unknown, model = 'auto', more: object = {}) => {
    const { headers, status } = await chat(fixture.gateway, {
      ...more,
      model,
      messages: [{ role: 'user', content }],
    })
    const header = (name: string): string | null => headers.get(`x-smartroute-${name}`)
    return { status, tier: header('tier'), model: header('model'), reason: header('reason') }
  }

  const post = (call: string, body: object): Promise<Response> =>
    fixture.gateway.api(call, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const dryRun = async (body: object): Promise<any> => (await post('/route', body)).json()

  it('leaves a request that fits where it is', async () => {
    expect(await route('word '.repeat(1_000))).toEqual({
      status: 200,
      tier: 't1',
      model: 'fake/small',
      reason: 'fallback',
    })
  })

  it('raises a prompt that is longer than every window of its tier', async () => {
    const { tier, model, reason } = await route('word '.repeat(8_000))
    expect({ tier, model, reason }).toEqual({
      tier: 't2',
      model: 'fake/blind',
      reason: 'fallback; needs=context',
    })
  })

  it('leaves prompts that are long in bytes alone', async () => {
    const russian = 'Министерство образования утвердило новые требования. '.repeat(300)
    const sound = { format: 'wav', data: 'UklGRiQAAABXQVZF'.repeat(4_000) }
    const file = { file_data: `data:application/pdf;base64,${'JVBERi0xLjQK'.repeat(4_000)}` }
    const contents = [
      russian,
      ' '.repeat(60_000),
      [
        { type: 'text', text: 'what is it?' },
        { type: 'input_audio', input_audio: sound },
      ],
      [
        { type: 'text', text: 'what is it?' },
        { type: 'file', file },
      ],
    ]
    for (const content of contents) {
      expect(await route(content)).toMatchObject({ tier: 't1', reason: 'fallback' })
    }
  })

  it('takes images past models that cannot see, and their bytes for no words', async () => {
    const { tier, model, reason } = await route([{ type: 'text', text: 'what is it?' }, IMAGE])
    expect({ tier, model, reason }).toEqual({
      tier: 't2',
      model: 'spare/medium',
      reason: 'fallback; needs=vision',
    })
  })

  it('is not misled by a text about images', async () => {
    expect(await route('what does {"type": "image_url"} mean?')).toMatchObject({ tier: 't1' })
  })

  it('is not misled by a tool that takes images', async () => {
    const schema = {
      type: 'object',
      properties: { image_url: { type: 'string' }, as: { enum: ['image', 'image_url'] } },
      required: ['image_url'],
    }
    const tools = [{ type: 'function', function: { name: 'show', parameters: schema } }]
    expect(await route('hello', 'auto', { tools })).toMatchObject({ tier: 't1' })
  })

  it('counts tools, in a dry run too', async () => {
    const tools = Array.from({ length: 40 }, (_, index) => ({
      type: 'function',
      function: { name: `tool_${index}`, description: 'what it does '.repeat(160), parameters: {} },
    }))
    const { tier, reason } = await route('hello', 'auto', { tools })
    expect([tier, reason]).toEqual(['t2', 'fallback; needs=context'])
    expect(await dryRun({ text: 'hello', tools })).toMatchObject({ tier, reason })
    expect(await dryRun({ text: 'hello' })).toMatchObject({ tier: 't1', reason: 'fallback' })
  })

  it('knows an image by its other name', async () => {
    const source = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo' }
    expect(await route([{ type: 'image', source }])).toMatchObject({ model: 'spare/medium' })
  })

  it('leaves a tier that the caller named', async () => {
    expect(await route([{ type: 'text', text: 'what is it?' }, IMAGE], 't1')).toMatchObject({
      tier: 't1',
      model: 'fake/small',
      reason: 'pinned',
    })
  })
  // The last one: a connection whose body was refused is closed soon after.
  it('is told in a dry run of what the gateway takes, which is more than elsewhere', async () => {
    const long = { messages: [{ role: 'user', content: 'word '.repeat(220_000) }] }
    expect(await dryRun(long)).toMatchObject({ reason: 'fallback; needs=context' })
    expect((await post('/providers/test', long)).status).toBe(413)
  })
})
