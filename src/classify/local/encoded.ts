/** A text, in lower case, with the beginning only of bytes that are written as text: nobody reads them. */
export function withoutEncoded(text: string): string {
  const rest = text.length < BLOCK_CHARS_MIN ? text : withoutBlocks(text)
  const short = BYTE.test(rest) ? rest.replaceAll(BYTES, shortBytes) : rest
  return holdsRun(short) ? short.replaceAll(RUN, (bytes) => bytes.slice(0, KEPT_CHARS)) : short
}

const RUN = /[a-z0-9+/=_-]{400,}/g
const KEPT_CHARS = 40
const OTHER = /[^a-z0-9+/=_-]/
const STEP = 200

/** A run of twice the step fills one step at least; prose has a space in the first few characters. */
function holdsRun(text: string): boolean {
  for (let at = 0; at + STEP <= text.length; at += STEP) {
    if (!OTHER.test(text.slice(at, at + STEP))) return true
  }
  return false
}

/** Bytes one by one, within a line: `7f 45 4c`, `0x7f, 0x45`, `\x7f\x45`. */
const BYTES = /(?:(?:0x|\\x)[0-9a-f]{2}[\s,]{0,3}|[0-9a-f]{2}[ ,]{1,2}){80,}/g
/** Eight of them: without these nothing else has to be looked at. */
const BYTE = /(?:(?:0x|\\x)[0-9a-f]{2}[\s,]{0,3}|[0-9a-f]{2}[ ,]{1,2}){8}/
const HEX_LETTER = /[a-f]/

/** A table of numbers has no letters. */
function shortBytes(bytes: string): string {
  return HEX_LETTER.test(bytes) ? bytes.slice(0, KEPT_CHARS) : bytes
}

/** More than a list of three hashes. */
const BLOCK_CHARS_MIN = 240

/** Lines of base64, as mail and keys have them, and hex dumps. Every line is looked at twice at most. */
function withoutBlocks(text: string): string {
  const lines = text.split('\n')
  const kept: string[] = []
  for (let at = 0; at < lines.length;) {
    const { end, isEncoded } = base64Block(lines, at) ?? dumpBlock(lines, at) ?? lineAt(at)
    const block = lines.slice(at, end).join('\n')
    kept.push(isEncoded && block.length >= BLOCK_CHARS_MIN ? block.slice(0, KEPT_CHARS) : block)
    at = end
  }
  return kept.join('\n')
}

/** Lines that are alike, up to the line `end`. */
interface Block {
  readonly end: number
  readonly isEncoded: boolean
}

const lineAt = (at: number): Block => ({ end: at + 1, isEncoded: false })

const BASE64_LINE = /^[a-z0-9+/=_-]{40,}$/
/** What is left over of a line, and is no word. */
const BASE64_REST = /^(?=.*[0-9+/=])[a-z0-9+/=_-]+$/
/** The last line is one; where the middle of a long text was cut out, two lines are torn. */
const RESTS_MAX = 3
const DIGIT = /[0-9]/

/** Nearly all of its lines are of one length. */
function base64Block(lines: readonly string[], from: number): Block | null {
  const first = lines[from]?.trim() ?? ''
  if (!BASE64_LINE.test(first)) return null
  let end = from + 1
  let rests = 0
  let hasDigit = DIGIT.test(first)
  for (; end < lines.length && rests <= RESTS_MAX; end++) {
    const line = lines[end]?.trim() ?? ''
    const isRest = line.length < first.length
    if (line.length > first.length || !(isRest ? BASE64_REST : BASE64_LINE).test(line)) break
    if (isRest) rests++
    hasDigit ||= DIGIT.test(line)
  }
  // One line is judged as a run; without digits it is a sequence of genes or a drawing.
  return { end, isEncoded: hasDigit && end - from - rests > 1 }
}

/** Four groups of bytes at least, mostly behind an offset. */
const DUMP_LINE =
  /^(?:[0-9a-f]{4,16}(?::\s{0,4}|\s{2,4}))?((?:(?:[0-9a-f]{2}){1,8}(?=[\s,]|$)[\s,]{0,3}){4,})/
/** The same bytes as text, in a column of their own. */
const COLUMN_CHARS_MAX = 24

/** In half of its lines there are letters: tables of numbers have none. */
function dumpBlock(lines: readonly string[], from: number): Block | null {
  let end = from
  let lettered = 0
  for (; end < lines.length; end++) {
    const line = lines[end]?.trim() ?? ''
    const [whole = null, bytes = ''] = DUMP_LINE.exec(line) ?? []
    if (whole === null || line.length - whole.length > COLUMN_CHARS_MAX) break
    if (HEX_LETTER.test(bytes)) lettered++
  }
  return end === from ? null : { end, isEncoded: 2 * lettered >= end - from }
}
