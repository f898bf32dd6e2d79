import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { editConfigText } from './edit.ts'

const TEXT = `# our gateway
version: 1
providers:
  openai: { base_url: "https://api.openai.com/v1", api_key: "\${OPENAI_API_KEY}" } # the main one
tiers:
  # cheap ones first
  t1:
    models: [openai/a, openai/b]
timeouts: { idle_ms: 5000 }
`
const SHOWN = {
  version: 1,
  providers: { openai: { base_url: 'https://api.openai.com/v1', api_key: '••••abcd' } },
  tiers: { t1: { models: ['openai/a', 'openai/b'] } },
  timeouts: { idle_ms: 5000 },
}

describe('editConfigText', () => {
  it('changes nothing where nothing differs', () => {
    expect(editConfigText(TEXT, SHOWN, structuredClone(SHOWN))).toContain('# the main one')
    expect(editConfigText(TEXT, SHOWN, SHOWN)).toContain('"${OPENAI_API_KEY}"')
  })

  it('keeps comments, order and variables around a change', () => {
    const next = structuredClone(SHOWN) as any
    next.tiers.t1.models = ['openai/b', 'openai/a']
    next.tiers.t2 = { models: ['openai/c'] }
    delete next.timeouts
    const text = editConfigText(TEXT, SHOWN, next)
    for (const kept of [
      '# our gateway',
      '# the main one',
      '# cheap ones first',
      '${OPENAI_API_KEY}',
    ]) {
      expect(text).toContain(kept)
    }
    expect(text).toMatch(/models: \[\s*openai\/b, openai\/a\s*\]/)
    expect(text).toContain('openai/c')
    expect(text).not.toContain('timeouts')
    expect(text).not.toContain('••••')
  })

  it('writes out what an alias stood for where it differs from now on', () => {
    const text = 'providers:\n  a: &one { base_url: "https://x.example", profile: p }\n  b: *one\n'
    const shown = parse(text)
    const next = structuredClone(shown)
    next.providers.b.profile = 'q'
    const changed = editConfigText(text, shown, next)
    expect(parse(changed)).toEqual(next)
    expect(changed).toContain('a: &one')
  })
})
