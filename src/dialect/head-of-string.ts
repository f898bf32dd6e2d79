import { parseJson } from '../kit/json-value.ts'

/** Letters of `\uXXXX`. */
const ESCAPE_CHARS_MAX = 6

/** What is read of the end of a very long text, where the question behind a pasted document stands. */
export const TAIL_BYTES_MAX = 16 * 1024

/**
 * And of its beginning. With the line between them the two are as much as rules and classifiers
 * look at: more would be decoded only to be cut away again, from the middle.
 */
export const HEAD_BYTES_MAX = 64 * 1024 - TAIL_BYTES_MAX - 1

/** The first bytes of a JSON string that begins at `start`, decoded; cut before a broken escape. */
export function headOfString(bytes: Buffer, start: number): string {
  let end = start + 1 + HEAD_BYTES_MAX
  // Not inside a character of several bytes.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  const text = bytes.toString('utf8', start + 1, end)
  const whole = text.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, (tail, at: number) =>
    isEscaped(text, at) ? tail : '',
  )
  const value = parseJson(`"${whole}"`)
  return typeof value === 'string' ? value : ''
}

/** The last bytes of a JSON string that ends before `end`, decoded. */
export function tailOfString(bytes: Buffer, end: number): string {
  let start = end - 1 - TAIL_BYTES_MAX
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start++
  const text = bytes.toString('utf8', start, end - 1)
  // The cut may have gone through an escape: what follows it decodes after its first few letters.
  for (let skip = 0; skip <= ESCAPE_CHARS_MAX; skip++) {
    const value = parseJson(`"${text.slice(skip)}"`)
    if (typeof value === 'string') return value
  }
  return ''
}

/** Whether the backslash at an offset is itself the second half of an escape. */
function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text[at - 1 - backslashes] === '\\') backslashes++
  return backslashes % 2 === 1
}
