/**
 * Writes assets/prices.json from the price list of the package `@pydantic/genai-prices` (MIT):
 * what the gateway needs of it, so that neither the package nor its memory is there at run time.
 *
 * usage: node scripts/make-prices.ts
 */
import { writeFileSync } from 'node:fs'
import { calcPrice, findProvider, type MatchLogic, type ModelPrice } from '@pydantic/genai-prices'

const PROVIDERS = [
  'openai',
  'anthropic',
  'google',
  'deepseek',
  'moonshotai',
  'zhipuai',
  'minimax',
  'mistral',
  'x-ai',
  'groq',
  'together',
  'fireworks',
  'cohere',
  'perplexity',
  'cerebras',
  'novita',
  'azure',
  'openrouter',
]

const ONE_OF_EACH = { input_tokens: 1, output_tokens: 1 }

const providers = PROVIDERS.flatMap((id) => {
  const provider = findProvider({ providerId: id })
  if (provider === undefined) return []
  const models = provider.models.flatMap((model) => {
    const price = usualPrice(nameOf(model.match) ?? model.id, id)
    if (price === null) return []
    const [input, output, cached] = price
    return [[patternOf(model.match), input, output, cached, model.context_window ?? null]]
  })
  return [{ id, pattern: provider.api_pattern, models }]
})
writeFileSync(
  new URL('../assets/prices.json', import.meta.url),
  `${JSON.stringify({ source: '@pydantic/genai-prices 0.1.8, MIT', providers })}\n`,
)

/**
 * The library knows which of several prices holds at a time. Some vendors are cheaper at night:
 * what holds for most of the day counts, so that the hour of this run does not.
 */
function usualPrice(name: string, providerId: string): ReturnType<typeof priceOf> {
  const hours = Array.from({ length: 24 }, (_, hour) => {
    const timestamp = new Date()
    timestamp.setUTCHours(hour, 45, 0, 0)
    const found = calcPrice(ONE_OF_EACH, name, { providerId, timestamp })
    return found === null ? null : JSON.stringify(priceOf(found.model_price))
  })
  const counted = Map.groupBy(hours, (price) => price)
  const [usual] = [...counted].toSorted((left, right) => right[1].length - left[1].length)
  const price = usual?.[0]
  return typeof price === 'string' ? (JSON.parse(price) as ReturnType<typeof priceOf>) : null
}

function priceOf(price: ModelPrice): [number, number, number | null] | null {
  const input = base(price['input_mtok'])
  const output = base(price['output_mtok'])
  if (input === null && output === null) return null
  return [input ?? 0, output ?? 0, base(price['cache_read_mtok'])]
}

/** Of prices that rise with the length of a prompt the first. */
function base(value: ModelPrice[string]): number | null {
  if (value === undefined) return null
  return typeof value === 'number' ? value : value.base
}

/** One name that the pattern fits. */
function nameOf(match: MatchLogic): string | null {
  if ('equals' in match) return match.equals
  if ('starts_with' in match) return match.starts_with
  if ('or' in match) return match.or.map(nameOf).find((name) => name !== null) ?? null
  return null
}

/** The same as a regular expression. */
function patternOf(match: MatchLogic): string {
  if ('equals' in match) return `^${escaped(match.equals)}$`
  if ('starts_with' in match) return `^${escaped(match.starts_with)}`
  if ('ends_with' in match) return `${escaped(match.ends_with)}$`
  if ('contains' in match) return escaped(match.contains)
  if ('regex' in match) return match.regex
  if ('or' in match) return match.or.map(patternOf).join('|')
  return match.and.map((part) => `(?=.*(?:${patternOf(part).replace(/^\^/, '')}))`).join('')
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
