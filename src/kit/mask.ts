import { parseJson } from './json-value.ts'

const MARK = '[redacted]'

/** Keys of providers, signed tokens, mail addresses, numbers of cards and telephones. */
const PATTERNS = [
  /\b(?:sk|sr|pk|rk|gsk|xai)-[A-Za-z0-9_-]{16,}/g,
  /\b(?:gh[a-z]|github_pat|glpat|xox[a-z]|AIza)[-_]?[A-Za-z0-9_-]{20,}/g,
  /\beyJ[\w-]{8,300}\.[\w-]{8,}\.[\w-]{8,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+\b/g,
  // A point between digits makes it a fraction, one after them may end a sentence; letters make it an id.
  /(?<![A-Za-z_\d]|\d\.|[A-Za-z\d]-)\+?\d(?:[ -]?\d){10,18}(?![A-Za-z_\d]|\.\d|-[A-Za-z\d])/g,
]

/** The text without what is nobody's business, whoever wrote it. */
export function masked(text: string): string {
  return maskedPieces([text]).join('')
}

/** A string of JSON, also the one at which a body was cut. */
const LITERAL = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)/g

/** The same of JSON, whole or cut, or of lines that hold some: it stays what it is. Numbers are left. */
export function maskedJson(text: string): string {
  return text.replace(LITERAL, (literal) => {
    const value = parseJson(literal.length > 1 && literal.endsWith('"') ? literal : `${literal}"`)
    if (typeof value !== 'string') return masked(literal)
    const clean = masked(value)
    return clean === value ? literal : JSON.stringify(clean)
  })
}

/** The same of a text that comes in pieces, also where it is spread over several of them. */
export function maskedPieces(pieces: readonly string[]): readonly string[] {
  return PATTERNS.reduce(maskedBy, pieces)
}

type Span = readonly [start: number, end: number]

function maskedBy(pieces: readonly string[], pattern: RegExp): readonly string[] {
  const spans = [...pieces.join('').matchAll(pattern)].map(({ 0: found, index }): Span => [
    index,
    index + found.length,
  ])
  if (spans.length === 0) return pieces
  let at = 0
  return pieces.map((piece) => {
    const start = at
    at += piece.length
    return without(spans, piece, start)
  })
}

/** The mark stands where a span begins. */
function without(spans: readonly Span[], piece: string, at: number): string {
  let kept = ''
  let from = 0
  for (const [start, end] of spans) {
    if (end <= at || start >= at + piece.length) continue
    kept += piece.slice(from, Math.max(0, start - at)) + (start >= at ? MARK : '')
    from = Math.min(end - at, piece.length)
  }
  return kept + piece.slice(from)
}
