/** One top-level member of a JSON object, as byte offsets into the source. */
export interface JsonMember {
  readonly key: string
  readonly keyStart: number
  readonly valueStart: number
  readonly valueEnd: number
}

export type ScanResult =
  | { readonly kind: 'members'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'invalid'; readonly reason: string }

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c
/** Each element costs memory beyond its bytes; no conversation has as many, nor a request as many parameters. */
const ELEMENTS_MAX = 100_000
const MEMBERS_MAX = 100_000
/** Below this length a loop beats the call into native code. */
const SHORT_STRING = 24

/**
 * Finds the top-level members of a JSON object without parsing it. Strings are skipped with
 * `indexOf`, so a 400 KB prompt costs tens of microseconds. It proves the structure (brackets,
 * strings, commas at the top level, depth), not every literal inside nested values.
 */
export function scanMembers(bytes: Buffer, depthMax: number): ScanResult {
  let at = skipSpace(bytes, 0)
  if (bytes[at] !== 0x7b) return invalid('expected a JSON object')
  const members: JsonMember[] = []
  at = skipSpace(bytes, at + 1)
  if (bytes[at] === 0x7d) return finish(bytes, at + 1, members)
  for (;;) {
    if (bytes[at] !== QUOTE) return invalid(`expected a property name at byte ${at}`)
    const keyStart = at
    at = skipString(bytes, at)
    if (at < 0) return invalid('unterminated string')
    const key = decodeKey(bytes, keyStart, at)
    if (key === null) return invalid(`invalid property name at byte ${keyStart}`)
    at = skipSpace(bytes, at)
    if (bytes[at] !== COLON) return invalid(`expected ":" at byte ${at}`)
    const valueStart = skipSpace(bytes, at + 1)
    const valueEnd = skipValue(bytes, valueStart, depthMax)
    if (valueEnd === TOO_DEEP) return invalid(`nested deeper than ${depthMax} levels`)
    if (valueEnd < 0) return invalid(`invalid value of "${key}"`)
    members.push({ key, keyStart, valueStart, valueEnd })
    if (members.length > MEMBERS_MAX) return invalid(`more than ${MEMBERS_MAX} properties`)
    at = skipSpace(bytes, valueEnd)
    if (bytes[at] === 0x7d) return finish(bytes, at + 1, members)
    if (bytes[at] !== COMMA) return invalid(`expected "," or "}" at byte ${at}`)
    at = skipSpace(bytes, at + 1)
  }
}

/** Byte ranges of the elements of the array that starts at `start`; null where it is broken or has more than 100,000. */
export function scanElements(
  bytes: Buffer,
  start: number,
  depthMax: number,
): readonly (readonly [start: number, end: number])[] | null {
  if (bytes[start] !== 0x5b) return null
  const elements: [number, number][] = []
  let at = skipSpace(bytes, start + 1)
  if (bytes[at] === 0x5d) return elements
  for (;;) {
    const end = skipValue(bytes, at, depthMax)
    if (end < 0) return null
    if (elements.push([at, end]) > ELEMENTS_MAX) return null
    at = skipSpace(bytes, end)
    if (bytes[at] === 0x5d) return elements
    if (bytes[at] !== COMMA) return null
    at = skipSpace(bytes, at + 1)
  }
}

const TOO_DEEP = -2

function invalid(reason: string): ScanResult {
  return { kind: 'invalid', reason }
}

function finish(bytes: Buffer, at: number, members: readonly JsonMember[]): ScanResult {
  if (skipSpace(bytes, at) !== bytes.length) return invalid('text after the JSON object')
  return { kind: 'members', members }
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  for (; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
  }
  return at
}

/** Returns the offset after the closing quote, or -1. */
function skipString(bytes: Buffer, open: number): number {
  let from = open + 1
  for (;;) {
    // Also behind each escaped quote: where one stands, as in pasted JSON, the next is near.
    const near = Math.min(from + SHORT_STRING, bytes.length)
    for (; from < near; from++) {
      const byte = bytes[from]
      if (byte === BACKSLASH) from++
      else if (byte === QUOTE) return from + 1
    }
    const quote = bytes.indexOf(QUOTE, from)
    if (quote < 0) return -1
    let backslashes = 0
    while (quote - backslashes > from && bytes[quote - 1 - backslashes] === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return quote + 1
    from = quote + 1
  }
}

/** Returns the offset after the value, -1 where it is broken, TOO_DEEP where it nests too far. */
function skipValue(bytes: Buffer, start: number, depthMax: number): number {
  const first = bytes[start]
  if (first === QUOTE) return skipString(bytes, start)
  if (first === 0x7b || first === 0x5b) return skipNested(bytes, start, depthMax)
  let at = start
  while (at < bytes.length && isLiteralByte(bytes[at])) at++
  return at > start && isLiteral(bytes.toString('latin1', start, at)) ? at : -1
}

function skipNested(bytes: Buffer, start: number, depthMax: number): number {
  // One entry per open bracket: the byte that must close it.
  const closers: number[] = []
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      at = skipString(bytes, at) - 1
      if (at < 0) return -1
    } else if (byte === 0x7b || byte === 0x5b) {
      if (closers.push(byte + 2) > depthMax) return TOO_DEEP
    } else if (byte === 0x7d || byte === 0x5d) {
      if (closers.pop() !== byte) return -1
      if (closers.length === 0) return at + 1
    }
  }
  return -1
}

function isLiteralByte(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0x20 && byte !== COMMA && byte !== 0x7d && byte !== 0x5d
}

function isLiteral(text: string): boolean {
  return /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(text)
}

/** A key may be written with escapes; `"\u006dodel"` is `model` and must not slip past an edit. */
function decodeKey(bytes: Buffer, start: number, end: number): string | null {
  const quoted = bytes.toString('utf8', start, end)
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return String(JSON.parse(quoted))
  } catch {
    return null
  }
}
