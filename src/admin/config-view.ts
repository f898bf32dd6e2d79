import { isSecretPath, maskSecret } from '../config/secret-path.ts'

type Path = readonly (string | number)[]

/** A copy in which secret values show their last characters at most. */
export function maskSecrets(value: unknown, path: Path = []): unknown {
  if (typeof value === 'string') return isSecretPath(path) ? maskSecret(value) : value
  if (Array.isArray(value)) return value.map((item, index) => maskSecrets(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, maskSecrets(item, [...path, key])]),
  )
}
