import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chat, logOf } from '../support/chat.ts'
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts'
import { type Gateway, startGateway, until } from '../support/start-gateway.ts'

const KEY = 'sk-first-provider-key-000001'

describe('a gateway without a configuration file', () => {
  let gateway: Gateway
  let upstream: FakeUpstream
  beforeAll(async () => {
    upstream = await startFakeUpstream()
    gateway = await startGateway(null, ['--log-level', 'warn'])
  })
  afterAll(async () => {
    await gateway.stop()
    await upstream.close()
  })

  const path = (): string => join(gateway.folder, 'smartroute.yaml')
  const api = async (call: string, method = 'GET', body?: object, more = {}): Promise<any> => {
    const response = await gateway.api(call, {
      method,
      headers: { 'content-type': 'application/json', ...more },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return response.json()
  }
  const put = async (change: (document: any) => void): Promise<any> => {
    const { revision, document } = await api('/config')
    change(document)
    return api('/config', 'PUT', { document, note: 'wizard' }, { 'if-match': revision })
  }

  it('leaves a file alone that appeared meanwhile', async () => {
    writeFileSync(path(), '# of somebody else\n')
    const answer = await put((document) => (document.routing.fallback_tier = 't1'))
    expect([answer.status, answer.code]).toEqual([503, 'not_written'])
    expect(readFileSync(path(), 'utf8')).toBe('# of somebody else\n')
    expect((await api('/auth')).demo).toBe(true)
    ;(await import('node:fs')).rmSync(path())
  })

  it('gets one with the first change, for its owner alone; what runs is the file from then on', async () => {
    const answer = await put((document) => {
      document.providers.mine = { base_url: upstream.baseUrl, api_key: KEY, allow_private: true }
      document.tiers.t3.models = ['mine/ok', 'demo/large']
    })
    expect(answer.path).toBe(path())
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect((await api('/auth')).demo).toBe(false)
    expect((await chat(gateway, { model: 't3' })).headers.get('x-smartroute-model')).toBe('mine/ok')
    expect((await chat(gateway, { model: 't1' })).content).toContain('simulated')
    await gateway.configure(readFileSync(path(), 'utf8').replace('demo/medium', 'mine/ok'))
    await until(
      async () =>
        (await chat(gateway, { model: 't2' })).content !== '' &&
        (await chat(gateway, { model: 't2' })).headers.get('x-smartroute-model') === 'mine/ok',
    )
  })

  it('scrubs the key of the new provider from the log at once', async () => {
    await put((document) => {
      document.providers.mine.api_key = 'sk-another-provider-key-02'
    })
    const content = 'my key is sk-another-provider-key-02'
    const answer = await chat(gateway, { model: 't3', messages: [{ role: 'user', content }] })
    expect((await logOf(gateway, answer)).request.messages[0].content).toBe('my key is [redacted]')
  })

  it('says what a change of the address needs', async () => {
    const { document } = await api('/config')
    const check = await api('/config/check', 'POST', {
      document: { ...document, server: { port: 4321 } },
    })
    expect(check.ok).toBe(true)
    expect(check.problems).toContainEqual(
      expect.objectContaining({ severity: 'warning', code: 'needsRestart', path: 'server.port' }),
    )
  })

  it('still has its simulated models after a restart', async () => {
    expect(existsSync(path())).toBe(true)
    const again = await startGateway(readFileSync(path(), 'utf8'), ['--log-level', 'warn'])
    expect((await chat(again, { model: 't1' })).content).toContain('simulated')
    await again.stop()
  })
})
