import { describe, expect, it } from 'vitest'
import { chat } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'

const TIERS = `
tiers:
  t1: { models: [fake/small] }
  t2: { models: [fake/deaf, spare/medium] }
  t3: { models: [fake/large] }
models:
  fake/small: { vision: false, audio: false, files: false }
  fake/deaf: { audio: false }
  spare/medium: { files: false }
routing: { classifier: none, fallback_tier: t1 }
`
const SOUND = { type: 'input_audio', input_audio: { format: 'wav', data: 'UklGRiQAAABXQVZF' } }
const FILE = {
  type: 'file',
  file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjQK' },
}

describe('sound and files', () => {
  const fixture = withGateway((url) => `${provider(url)}${TIERS}`)
  const route = async (...parts: object[]): Promise<object> => {
    const content = [{ type: 'text', text: 'what is it?' }, ...parts]
    const messages = [{ role: 'user', content }]
    const { headers } = await chat(fixture.gateway, { model: 'auto', messages })
    const dry = await fixture.gateway.api('/route', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages }),
    })
    const { tier, reason }: any = await dry.json()
    const header = (name: string): string | null => headers.get(`x-smartroute-${name}`)
    expect([tier, reason]).toEqual([header('tier'), header('reason')])
    return { model: header('model'), reason: header('reason') }
  }

  it('go past models that do not take them', async () => {
    expect(await route()).toEqual({ model: 'fake/small', reason: 'fallback' })
    expect(await route(SOUND)).toEqual({ model: 'spare/medium', reason: 'fallback; needs=audio' })
    expect(await route(FILE)).toEqual({ model: 'fake/deaf', reason: 'fallback; needs=files' })
    expect(await route(SOUND, FILE)).toEqual({
      model: 'fake/large',
      reason: 'fallback; needs=audio',
    })
  })
})
