import type { Usage } from '../contract/exchange.ts'
import { asObject } from '../kit/json-value.ts'

/**
 * Reads a `usage` object. Kimi puts `cached_tokens` at the top, the others into details. An
 * explicit zero is a value; a missing or null object is not.
 */
export function readUsage(value: unknown): Usage | null {
  const usage = asObject(value)
  if (usage === null) return null
  const promptTokens = count(usage['prompt_tokens'])
  const completionTokens = count(usage['completion_tokens'])
  const prompt = asObject(usage['prompt_tokens_details'])
  const completion = asObject(usage['completion_tokens_details'])
  return {
    promptTokens,
    completionTokens,
    totalTokens: count(usage['total_tokens']) || promptTokens + completionTokens,
    cachedTokens: count(prompt?.['cached_tokens'] ?? usage['cached_tokens']),
    reasoningTokens: count(completion?.['reasoning_tokens']),
  }
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0
}
