import type { ConfigDocument } from '../contract/config.ts'

/** Which provider serves a model id, and under which name it knows the model. */
export interface ProvidedModel {
  readonly provider: string
  readonly model: string
}

/**
 * Splits at the first `/` only where the prefix is a configured provider, so that ids with a
 * slash of their own (OpenRouter's `deepseek/deepseek-chat`) stay whole. Then the model map,
 * then the default provider.
 */
export function providerOf(document: ConfigDocument, id: string): ProvidedModel | null {
  const providers = document.providers ?? {}
  const slash = id.indexOf('/')
  const prefix = slash < 0 ? '' : id.slice(0, slash)
  if (Object.hasOwn(providers, prefix)) return { provider: prefix, model: id.slice(slash + 1) }
  const map = document.model_map ?? {}
  const provider = Object.hasOwn(map, id) ? map[id] : document.default_provider
  if (provider === undefined || !Object.hasOwn(providers, provider)) return null
  return { provider, model: id }
}
