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
