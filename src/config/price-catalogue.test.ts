import { describe, expect, it } from 'vitest'
import { cataloguePrice } from './price-catalogue.ts'

describe('the price list', () => {
  it.each([
    ['https://api.openai.com', 'gpt-5-mini', [0.25, 2]],
    ['https://api.anthropic.com', 'claude-sonnet-4-5', [3, 15]],
    // Cheaper at night; what holds by day counts, whenever the list was made.
    ['https://api.deepseek.com', 'deepseek-chat', [0.27, 1.1]],
    ['https://generativelanguage.googleapis.com', 'gemini-2.5-flash', [0.3, 2.5]],
    ['https://openrouter.ai', 'openai/gpt-5-mini', [0.25, 2]],
  ])('%s knows %s', (origin, model, price) => {
    const found = cataloguePrice(origin, model)
    expect([found?.price.input, found?.price.output]).toEqual(price)
    expect(found?.contextTokens).toBeGreaterThan(50_000)
  })

  it('knows nothing of other hosts, other models and this machine', () => {
    expect(cataloguePrice('https://reseller.example', 'gpt-5-mini')).toBeNull()
    expect(cataloguePrice('https://api.openai.com.evil.example', 'no-such-model')).toBeNull()
    expect(cataloguePrice('http://127.0.0.1:11434', 'gpt-5-mini')).toBeNull()
    expect(cataloguePrice('https://api.openai.com', 'gpt-5-mini'.repeat(1_000))).toBeNull()
  })
})
