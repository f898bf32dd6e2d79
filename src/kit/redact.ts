/** What a provider's key looks like when it is echoed in an error message. */
const KEY_PATTERN = /\b(?:sk|sr|pk|rk|key|gsk|xai)-[A-Za-z0-9_*.-]{8,}/g

/** Replaces known secret values and everything that looks like a key. For short texts. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) clean = clean.replaceAll(secret, '[redacted]')
  return clean.replace(KEY_PATTERN, '[redacted]')
}
