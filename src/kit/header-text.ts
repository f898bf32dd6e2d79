/** Two patterns: one that looks for a word anywhere and is anchored tries every way to get there. */
const CREDENTIAL = /^(?:authorization|proxy-.*|cookie|set-cookie|x-api-key|api-key)$/i
const CREDENTIAL_WORD = /token|secret|password|credential/i
const CHARS_MAX = 8_192

/** A flat list of header fields as lines `name: value`; what may be a credential is left out. */
export function headerText(headers: readonly string[]): string {
  let text = ''
  for (let index = 0; index + 1 < headers.length && text.length < CHARS_MAX; index += 2) {
    const name = headers[index] ?? ''
    if (CREDENTIAL.test(name) || CREDENTIAL_WORD.test(name)) continue
    text += `${name}: ${headers[index + 1] ?? ''}\n`
  }
  return text.slice(0, CHARS_MAX)
}
