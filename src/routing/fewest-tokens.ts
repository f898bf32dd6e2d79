import { type JsonMember, scanMembers } from '../kit/json-members.ts'
import { countWords, newCount, type WordCount } from './count-words.ts'

/**
 * The fewest tokens that the texts of a chat request can be, whoever reads them; counted until
 * they are more than `limit`.
 *
 * Bytes say little: a token is one byte of base64, four of English prose, seven of Russian and
 * eighty of a drawn line. So words are counted (count-words.ts), and of texts alone: not the JSON
 * around them and schemas, which providers write anew, not images, sound and files, which have
 * other prices, and no thinking, which most models are not shown again.
 */
export function fewestTokens(body: Buffer, limit: number): number {
  const scan = scanMembers(body, Number.POSITIVE_INFINITY)
  if (scan.kind === 'invalid') return 0
  const count = newCount(limit, LOOKS_PER_TOKEN)
  for (const member of scan.members) {
    const read = READ.get(member.key)
    if (read === undefined || isOver(count)) continue
    if (read === OF_TOOLS && !areShown(body, member, scan.members)) continue
    countTexts(body, member, read, count)
  }
  return count.tokens
}

/** Prose and code have a word sooner: where so much has said so little, the rest is let be. */
const LOOKS_PER_TOKEN = 24
/** Where the model's texts are; the parts of a result of a tool stand in a part. */
const OF_MESSAGES: ReadonlySet<string> = new Set([
  'content',
  'text',
  'tool_calls',
  'function',
  'arguments',
])
const OF_TOOLS: ReadonlySet<string> = new Set(['function', 'description'])
const READ: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['messages', OF_MESSAGES],
  ['tools', OF_TOOLS],
  ['functions', OF_TOOLS],
])
const KEY_BYTES_MAX = 'description'.length
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const SPACE = 0x20

/** Tools that are not to be used, or are looked up when they are, may not be in the prompt. */
function areShown(body: Buffer, tools: JsonMember, members: readonly JsonMember[]): boolean {
  const isNone = members.some((one) => CHOICES.has(one.key) && valueOf(body, one).equals(NONE))
  return !isNone && !valueOf(body, tools).includes('"defer_loading"')
}

const CHOICES: ReadonlySet<string> = new Set(['tool_choice', 'function_call'])
const NONE = Buffer.from('"none"')

function valueOf(body: Buffer, { valueStart, valueEnd }: JsonMember): Buffer {
  return body.subarray(valueStart, valueEnd)
}

/** One pass without an object per value: a body may have millions of them. */
function countTexts(
  body: Buffer,
  { valueStart, valueEnd }: JsonMember,
  read: ReadonlySet<string>,
  count: WordCount,
): void {
  /** Of each bracket that is open: whether what stands in it is read. */
  const open: boolean[] = []
  let isRead = true
  for (let at = valueStart; at < valueEnd && !isOver(count); at++) {
    count.looks--
    const byte = body[at] ?? 0
    if (byte === QUOTE) {
      const close = stringEnd(body, at)
      if (isKey(body, close))
        isRead = open.at(-1) === true && read.has(keyOf(body, at + 1, close - 1))
      else if (isRead) countText(body, at + 1, close - 1, count)
      at = close - 1
    } else if (isOpening(byte)) open.push(isRead)
    else if (isClosing(byte)) open.pop()
    else if (byte === COMMA) isRead = open.at(-1) === true
  }
}

const isOver = ({ tokens, limit, looks }: WordCount): boolean => tokens > limit || looks <= 0
const isOpening = (byte: number): boolean => byte === 0x7b || byte === 0x5b
const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d

function isKey(body: Buffer, close: number): boolean {
  let at = close
  while ((body[at] ?? COLON) <= SPACE) at++
  return body[at] === COLON
}

/** Of a longer key than any that is looked for its beginning, which is none of them. */
function keyOf(body: Buffer, start: number, end: number): string {
  return body.toString('latin1', start, Math.min(end, start + KEY_BYTES_MAX + 1))
}

const THINKING_BYTES_MIN = 64
const THINKING_END = '/think'
const MARKS_TRIED_MAX = 16
/** What follows in a closing mark, as it is and as JSON may write it. */
const MARK_ENDS: readonly string[] = ['>', '\\u003e', '\\u003E', '▷']
const MARK_END_BYTES_MAX = 6

/** Templates take away what an earlier answer says before the end of its thinking. */
function countText(body: Buffer, start: number, end: number, count: WordCount): void {
  const from = end - start < THINKING_BYTES_MIN ? start : start + thoughtBytes(body, start, end)
  countWords(body, from, end, count)
}

function thoughtBytes(body: Buffer, start: number, end: number): number {
  const text = body.subarray(start, end)
  let at = text.length
  for (let tries = 0; tries < MARKS_TRIED_MAX; tries++) {
    at = at > 0 ? text.lastIndexOf(THINKING_END, at - 1) : -1
    if (at < 0) return 0
    const end = at + THINKING_END.length
    const after = text.toString('utf8', end, end + MARK_END_BYTES_MAX)
    if (MARK_ENDS.some((mark) => after.startsWith(mark))) return end
  }
  return text.length
}

/** Below this length a loop beats the call into native code. */
const SHORT_STRING = 24

/** The offset after the closing quote; the body was scanned before, so there is one. */
function stringEnd(body: Buffer, open: number): number {
  let from = open + 1
  for (;;) {
    // Also behind each escaped quote: where one stands, as in pasted JSON, the next is near.
    const near = Math.min(from + SHORT_STRING, body.length)
    for (; from < near; from++) {
      const byte = body[from]
      if (byte === BACKSLASH) from++
      else if (byte === QUOTE) return from + 1
    }
    const quote = body.indexOf(QUOTE, from)
    if (quote < 0) return body.length
    let backslashes = 0
    while (quote - backslashes > from && body[quote - 1 - backslashes] === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return quote + 1
    from = quote + 1
  }
}
