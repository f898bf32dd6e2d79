const SECRET_KEYS =
  /^(?:api_key|api_keys|authorization|x-api-key|.*(?:secret|token|password|cookie).*)$/i
const SHOWN = 4

/** A copy in which secret values show their last characters at most. */
export function maskSecrets(value: unknown, isSecret = false): unknown {
  if (typeof value === 'string') return isSecret ? mask(value) : value
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, isSecret))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      // Header values may all be credentials; only their names are shown.
      maskSecrets(item, isSecret || SECRET_KEYS.test(key) || key === 'headers'),
    ]),
  )
}

function mask(secret: string): string {
  if (secret === '') return ''
  return secret.length >= SHOWN * 3 ? `••••${secret.slice(-SHOWN)}` : '••••'
}
