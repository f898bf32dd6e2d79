type Headers = Readonly<Record<string, string | string[] | undefined>>

/** Longer waits are not believed. */
const MS_MAX = 24 * 3_600_000

/** Milliseconds a provider asks to wait (RFC 9110 10.2.3 and the vendors' own), or null. */
export function readRetryAfter(headers: Headers, wallMs: number): number | null {
  const exact = milliseconds(headers['retry-after-ms'] ?? headers['x-ms-retry-after-ms'])
  if (exact !== null) return exact
  const value = headers['retry-after']
  if (typeof value !== 'string') return null
  const seconds = Number(value)
  if (value.trim() !== '' && Number.isFinite(seconds)) return plausible(seconds * 1000)
  return plausible(Date.parse(value) - wallMs)
}

function milliseconds(value: string | string[] | undefined): number | null {
  return typeof value === 'string' && value.trim() !== '' ? plausible(Number(value)) : null
}

function plausible(ms: number): number | null {
  return Number.isFinite(ms) && ms >= 0 && ms <= MS_MAX ? ms : null
}
