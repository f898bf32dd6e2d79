import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { maskText, unmaskText } from './mask-text.ts'

const TEXT = `# before sk-abcdefghijkl-0001 it was another
providers:
  ollama: { base_url: "http://127.0.0.1:11434/v1", api_key: ollama } # ollama needs none
  plain: { api_key: sk-abcdefghijkl-0001, headers: { x-one: 'it''s a "secret" 12' } }
  env: { api_key: "\${KEY}", headers: { authorization: "Bearer \${TOKEN:-fallback-secret-0002}" } }
  list:
    api_keys:
      - sk-list-aaaaaaaaa-0003
      - sk-list-bbbbbbbbb-0004   # the second
  block:
    api_key: |-
      sk-block-cccccccc-0005
  folded:
    api_key: >-
      sk-folded-ddddddd-0006
    max_concurrency: 3
params: { models: { a: { max_tokens: 5 } } }
`

describe('a masked text', () => {
  it('shows no secret, is valid, and is the same in everything else', () => {
    const masked = maskText(TEXT)
    for (const digits of ['0001', '0002', '0003', '0004', '0005', '0006']) {
      expect(masked).toMatch(new RegExp(`••••${digits}`))
      expect(masked).not.toMatch(new RegExp(`[a-z]-${digits}`))
    }
    expect(masked).toContain(
      'ollama: { base_url: "http://127.0.0.1:11434/v1", api_key: "••••" } # ollama needs none',
    )
    expect(masked).toContain('api_key: "${KEY}"')
    expect(masked).toContain('Bearer ${TOKEN:-••••0002}')
    expect(masked).toContain('# before ••••0001 it was another')
    const shape = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
        typeof inner === 'string' ? 'text' : inner,
      )
    expect(shape(parse(masked))).toEqual(shape(parse(TEXT)))
  })

  it('gets its secrets back byte for byte where nothing is changed', () => {
    expect(unmaskText(maskText(TEXT), TEXT, {})).toBe(TEXT)
  })

  it.each<[string, (masked: string) => string, (document: any) => unknown, unknown]>([
    [
      'a line more',
      (text) => `${text}version: 1\n`,
      (d) => d.providers.plain.api_key,
      'sk-abcdefghijkl-0001',
    ],
    [
      'a quoted value',
      (text) => `${text}version: 1\n`,
      (d) => d.providers.plain.headers['x-one'],
      `it's a "secret" 12`,
    ],
    [
      'a block',
      (text) => `${text}version: 1\n`,
      (d) => d.providers.block.api_key,
      'sk-block-cccccccc-0005',
    ],
    [
      'a folded block',
      (text) => `${text}version: 1\n`,
      (d) => d.providers.folded,
      { api_key: 'sk-folded-ddddddd-0006', max_concurrency: 3 },
    ],
    [
      'a short one in its place',
      (text) => `${text}version: 1\n`,
      (d) => d.providers.ollama.api_key,
      'ollama',
    ],
    [
      'another name',
      (text) => text.replace('  plain:', '  renamed:'),
      (d) => d.providers.renamed.api_key,
      'sk-abcdefghijkl-0001',
    ],
    [
      'the first taken out',
      (text) => text.replace(/ +- "••••0003"\n/, ''),
      (d) => d.providers.list.api_keys,
      ['sk-list-bbbbbbbbb-0004'],
    ],
    [
      'two changed places',
      (text) => text.replace('0003', '@').replace('0004', '0003').replace('@', '0004'),
      (d) => d.providers.list.api_keys,
      ['sk-list-bbbbbbbbb-0004', 'sk-list-aaaaaaaaa-0003'],
    ],
    [
      'a variable with a default',
      (text) => `${text}version: 1\n`,
      (d) => d.providers.env.headers.authorization,
      'Bearer ${TOKEN:-fallback-secret-0002}',
    ],
  ])('finds them again after a change: %s', (_, change, read, expected) => {
    const masked = maskText(TEXT)
    const changed = change(masked)
    expect(changed).not.toBe(masked)
    const text = unmaskText(changed, TEXT, {})
    expect(read(parse(text))).toEqual(expected)
    expect(text).toContain('# before sk-abcdefghijkl-0001 it was another')
  })

  it('keeps a mask that nobody can resolve, so that it is refused', () => {
    const masked = maskText(TEXT).replace('••••0003', '••••zzzz').replace('  ollama:', '  other:')
    const document = parse(unmaskText(masked, TEXT, {}))
    expect(document.providers.list.api_keys[0]).toBe('••••zzzz')
    expect(document.providers.other.api_key).toBe('••••')
  })

  it('resolves what a document shows of a variable', () => {
    const text = 'providers: { a: { api_key: "${KEY}" }, b: {} }\n'
    const running = { providers: { a: { api_key: 'sk-from-the-environment-77' }, b: {} } }
    const moved = 'providers: { renamed: { api_key: ••••t-77 }, b: {} }\n'
    expect(unmaskText(moved, text, running)).toContain('renamed: { api_key: "${KEY}" }')
  })
})
