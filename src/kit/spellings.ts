/** A secret as it may appear on its way: plain, in JSON, in a URL, in base64. */
export function spellings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '')
  return [...new Set([secret, json, encodeURIComponent(secret), base64])]
}
