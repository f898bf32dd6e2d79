import type { Path } from './problem.ts'

const SECRET_KEYS =
  /^(?:api_key|api_keys|authorization|x-api-key|.*(?:secret|token|password|cookie).*)$/i
const SHOWN = 4
/** What stands in the place of a secret; a value with it is never written. */
export const MASK = '••••'

/** Whether the value under a path is a secret. Header values may all be credentials. */
export function isSecretPath(path: Path): boolean {
  // `max_tokens` and the like are numbers; the names of limits never hold a text.
  return path.some(
    (part) => typeof part === 'string' && (SECRET_KEYS.test(part) || part === 'headers'),
  )
}

export function maskSecret(secret: string): string {
  if (secret === '') return ''
  return secret.length >= SHOWN * 3 ? `${MASK}${secret.slice(-SHOWN)}` : MASK
}

/** A value as it may be shown: `${VAR}` is a name and no secret, its default is one. */
export function maskValue(value: string, path: Path): string {
  if (isSecretPath(path)) return maskLiterals(value)
  return path.at(-1) === 'base_url' ? maskQuery(value) : value
}

/** A copy of a document in which secret values show their last characters at most. */
export function maskSecrets(value: unknown, path: Path = []): unknown {
  if (typeof value === 'string') return maskValue(value, path)
  if (Array.isArray(value)) return value.map((item, index) => maskSecrets(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, maskSecrets(item, [...path, key])]),
  )
}

const REFERENCE = /(\$\{[^}]*\})/
const SCHEME = /^\s*(?:(?:bearer|basic|token)\s+)?/i

function maskLiterals(value: string): string {
  if (!REFERENCE.test(value)) return maskSecret(value)
  return value
    .split(REFERENCE)
    .map((part, index) => (index % 2 === 1 ? maskDefault(part) : maskAfterScheme(part)))
    .join('')
}

function maskDefault(reference: string): string {
  return reference.replace(
    /^(\$\{\w+:-)(.+)\}$/s,
    (_, name: string, text: string) => `${name}${maskSecret(text)}}`,
  )
}

function maskAfterScheme(text: string): string {
  const scheme = SCHEME.exec(text)?.[0] ?? ''
  return scheme + maskSecret(text.slice(scheme.length))
}

/** Some providers take their key in the address. */
function maskQuery(url: string): string {
  return url.replace(
    /([?&][^=&#]*(?:key|token|secret|sig|password)[^=&#]*=)([^&#]+)/gi,
    (_, name: string, secret: string) => name + maskSecret(secret),
  )
}

/** The literal secrets in a value, as they stand in it. */
export function literalSecrets(value: string, path: Path): readonly string[] {
  if (!isSecretPath(path)) {
    if (path.at(-1) !== 'base_url' || maskQuery(value) === value) return []
    return [...value.matchAll(/[?&][^=&#]*=([^&#]+)/g)].map((match) => match[1] ?? '')
  }
  return value.split(REFERENCE).map((part, index) => {
    if (index % 2 === 1) return /^\$\{\w+:-(.+)\}$/s.exec(part)?.[1] ?? ''
    return part.replace(SCHEME, '')
  })
}

/** A shorter one may be a word (`api_key: ollama`) that means something else elsewhere. */
const FINDABLE_CHARS_MIN = 12

/** The secrets that can be looked for in any text, the longest first: one may begin with another. */
export function findable(secrets: readonly string[]): readonly string[] {
  return secrets
    .filter((secret) => secret.length >= FINDABLE_CHARS_MIN)
    .toSorted((left, right) => right.length - left.length)
}
