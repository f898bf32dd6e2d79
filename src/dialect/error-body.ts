import { asObject, asText, type JsonObject, parseJson } from '../kit/json-value.ts'

/** What a provider said about a failure, whatever shape it used. */
export interface ProviderError {
  readonly message: string
  readonly code: string | null
  readonly type: string | null
  readonly param: string | null
}

/**
 * Finds the error in a parsed body: `{error:{…}}`, `{error:"…"}`, flat `{code,message}`
 * (DashScope, SiliconFlow), a bare string, `{detail:…}` (FastAPI servers), `{errors:[…]}`.
 * Returns null where the value does not look like an error.
 */
export function readProviderError(value: unknown): ProviderError | null {
  if (typeof value === 'string') return named(value, {})
  const body = asObject(value)
  if (body === null) return null
  const nested = body['error']
  if (typeof nested === 'string') return named(nested, body)
  const error = asObject(nested)
  if (error !== null) return named(asText(error['message']) ?? JSON.stringify(error), error)
  if (nested === true) return named(messageOf(body) ?? 'error', body)
  if ('choices' in body) return null
  const flat = messageOf(body)
  return flat === null ? null : named(flat, body)
}

/** The same for the raw text of a failed answer; HTML and plain text become its first words. */
export function readErrorText(text: string): ProviderError {
  const value = parseJson(text)
  const error = value === undefined ? null : readProviderError(value)
  return error ?? named(plainText(text), {})
}

function messageOf(body: JsonObject): string | null {
  const first = asObject(Array.isArray(body['errors']) ? body['errors'][0] : null)
  const text =
    asText(body['message']) ??
    asText(body['msg']) ??
    asText(body['error_msg']) ??
    asText(body['detail']) ??
    asText(first?.['message'])
  if (text !== null) return text
  return 'detail' in body ? JSON.stringify(body['detail']) : null
}

function named(message: string, source: JsonObject): ProviderError {
  return {
    message,
    code: label(source['code']) ?? label(source['error_code']),
    type: label(source['type']),
    param: asText(source['param']),
  }
}

function label(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : asText(value)
}

function plainText(text: string): string {
  const words = text
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]{0,500}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words.slice(0, 300) || 'empty answer'
}
