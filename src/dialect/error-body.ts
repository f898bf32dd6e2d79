import { asArray, asObject, asText, type JsonObject, parseJson } from '../kit/json-value.ts'

/** What a provider said about a failure, whatever shape it used. */
export interface ProviderError {
  readonly message: string
  readonly code: string | null
  readonly type: string | null
  readonly param: string | null
  /** Further names some vendors hide deeper: `innererror.code`, `details.error_code`, `reason`. */
  readonly detail?: string | null
}

/** MiniMax puts its errors beside an empty answer; 0 means that all went well. */
const FINE = '0'

/**
 * Finds the error in a parsed body: `{error:{…}}`, `{error:"…"}`, flat `{code,message}`
 * (DashScope, SiliconFlow), `{base_resp:{…}}` (MiniMax), a list of errors (Gemini), a bare string,
 * `{detail:…}` (FastAPI servers), `{errors:[…]}`. Null where the value does not look like one.
 */
export function readProviderError(value: unknown): ProviderError | null {
  let first = value
  while (Array.isArray(first)) first = first[0]
  if (typeof first === 'string') return named(first, {})
  const body = asObject(first)
  if (body === null) return null
  const nested = body['error']
  if (typeof nested === 'string') return named(nested, body)
  const error = asObject(nested)
  if (error !== null) return named(messageOf(error) ?? written(error), error)
  if (nested === true) return named(messageOf(body) ?? 'error', body)
  const base = asObject(body['base_resp'])
  if (base !== null && label(base['status_code']) !== FINE) {
    const message = asText(base['status_msg']) ?? written(base)
    return { ...named(message, {}), code: label(base['status_code']), type: 'base_resp' }
  }
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

/** Nested too deep to be written it is no message either. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return ''
  }
}

function messageOf(body: JsonObject): string | null {
  const first = asObject(asArray(body['errors'])[0])
  const text =
    asText(body['message']) ??
    asText(body['msg']) ??
    asText(body['error_msg']) ??
    asText(body['detail']) ??
    asText(first?.['message'])
  if (text !== null) return text
  return 'detail' in body ? written(body['detail']) : null
}

function named(message: string, source: JsonObject): ProviderError {
  return {
    message: message === '' ? 'the provider gave no reason' : message,
    code: label(source['code']) ?? label(source['error_code']),
    type: label(source['type']) ?? label(source['status']),
    param: asText(source['param']),
    detail: detailOf(source),
  }
}

/** Azure's `innererror`, Anthropic's `details`, Google's list of details, OpenRouter's metadata. */
function detailOf(source: JsonObject): string | null {
  const inner = asObject(source['innererror']) ?? asObject(source['details'])
  if (inner !== null) return label(inner['code']) ?? label(inner['error_code'])
  const metadata = asObject(source['metadata'])
  if (metadata !== null) return label(metadata['error_type'])
  for (const item of asArray(source['details'])) {
    const reason = asText(asObject(item)?.['reason'])
    if (reason !== null) return reason
  }
  return null
}

/** A pause that Google names in its details: `retryDelay: "39s"`. */
export function retryHint(text: string): string {
  const match = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?s)"/.exec(text.slice(0, 16_384))
  return match === null ? '' : `retry in ${match[1]}`
}

function label(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : asText(value)
}

function plainText(text: string): string {
  const words = text
    .slice(0, 65_536)
    .replace(/<(script|style)[\s\S]*?(?:<\/\1>|$)/gi, ' ')
    .replace(/<[^<>]{0,500}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words.slice(0, 300) || 'empty answer'
}
