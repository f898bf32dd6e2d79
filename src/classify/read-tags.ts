import { PREAMBLE, TAG, TAGS_MAX, TOOL_HEADER } from './agent-markers.ts'
import {
  AGENT_SHEETS,
  AGENT_TAGS,
  ASK_TAGS,
  KNOWN_TAGS,
  LOOSE_ASK_TAGS,
  LOOSE_TAGS,
  PLAIN_TAGS,
} from './agent-tags.ts'

/** A message by its tags. */
interface Tagged {
  /** What stands outside of known tags. */
  readonly rest: string
  readonly asks: string
  readonly noise: string[]
  /** It holds a tag that only agents write. */
  readonly isAgents: boolean
}

/** Words that agents share with everybody's markup are read as theirs only where that leaves an ask. */
export function readTags(text: string): Tagged {
  if (!text.includes('<')) return { rest: text.trim(), asks: '', noise: [], isAgents: false }
  const isAgents = hasAgentTag(text) || TOOL_HEADER.test(text.slice(0, 500)) || PREAMBLE.test(text)
  if (isAgents) return { ...stripTags(text, { asks: true, noise: true, sheets: true }), isAgents }
  const all = stripTags(text, { asks: true, noise: true, sheets: false })
  if (all.rest === '' && all.asks !== '') return { ...all, isAgents }
  const some = stripTags(text, { asks: false, noise: true, sheets: false })
  if (some.rest !== '' || some.asks !== '') return { ...some, isAgents }
  return { ...stripTags(text, STRICT), isAgents }
}

/** Only by the tags that are nobody's but an agent's. */
export const readSurestTags = (text: string): Pick<Tagged, 'rest' | 'noise'> =>
  stripTags(text, STRICT)

function hasAgentTag(text: string): boolean {
  for (const [name] of tagsOf(text)) {
    if (AGENT_TAGS.has(name) || ASK_TAGS.has(name) || PLAIN_TAGS.has(name)) return true
  }
  return false
}

/** The first tags of a text that have an end: name, where the tag begins, its inside, where it ends. */
function* tagsOf(text: string): Generator<readonly [string, number, string, number]> {
  const open = new Set<string>()
  const isShown = fencing(text)
  let from = 0
  for (let count = 0; count < TAGS_MAX; count++) {
    TAG.lastIndex = from
    const match = TAG.exec(text)
    if (match === null) return
    const written = match[1] ?? ''
    const start = match.index + match[0].length
    from = start
    const name = written.toLowerCase()
    if (!(KNOWN_TAGS.has(name) || MATERIAL.test(name)) || open.has(written)) continue
    // In the middle of a sentence it is a word: "why has <html> no lang?"
    if (MATERIAL.test(name) && lineBefore(text, match.index).trim() !== '') continue
    const close = closeOf(text, written, start)
    // An open tag without its end is a word of the human's: HTML, a placeholder, a generic type.
    if (close < 0) {
      open.add(written)
      continue
    }
    from = endOf(text, close)
    const inside = text.slice(start, close)
    const before = isShown(match.index, from) ? null : lineBefore(text, match.index)
    if (counts(name, inside, before)) {
      yield [name, match.index, inside, from]
    }
  }
}

function endOf(text: string, close: number): number {
  const end = text.indexOf('>', close)
  return end < 0 ? text.length : end + 1
}

/** A block of what was found or read: the tags in it are words of whoever wrote that. */
const MATERIAL = /^(?:web_?page|page(?:_content)?|webpage_content|document_content|html)$/
/** A place that is left open in a template; what stands in a client's wrapper was typed. */
const PLACEHOLDER =
  /^\s*(?:\{{1,3}[^{}\n]{0,80}\}{1,3}|\$\{[^{}\n]{0,80}\}|\$\w{1,40}|%s|\.{3}|…)\s*$/
/** Right after these a tag is a word in code, in a quotation, in the lines of a diff. */
const QUOTED = /["'`+>|=(-][ \t]*$/
const AFTER_TAG = /<[^<>\n]{1,240}>[ \t]*$/
const LINE_CHARS_MAX = 300

/**
 * Whether a tag is a client's. One that wraps the ask stands where a client puts it: what a human
 * pastes has such tags too. `before` is what stands in the line before it, null between two fences.
 */
function counts(name: string, inside: string, before: string | null): boolean {
  if (MATERIAL.test(name)) return false
  if (!ASK_TAGS.has(name) && !LOOSE_ASK_TAGS.has(name)) return true
  if (before === null || PLACEHOLDER.test(inside)) return false
  return !QUOTED.test(before) || AFTER_TAG.test(before)
}

function lineBefore(text: string, at: number): string {
  const near = text.slice(Math.max(0, at - LINE_CHARS_MAX), at)
  return near.slice(near.lastIndexOf('\n') + 1)
}

/** Tells of one block after the other whether it is shown between two fences; those in a block are its own. */
function fencing(text: string): (at: number, end: number) => boolean {
  const fences = fencesOf(text)
  let [next, outer, fenced] = [0, 0, false]
  return (at, end) => {
    for (; (fences[next] ?? Infinity) < at; next++) {
      if ((fences[next] ?? 0) >= outer) fenced = !fenced
    }
    outer = end
    return fenced && (fences.at(-1) ?? 0) >= end
  }
}

/** Where the fences of code stand. */
function fencesOf(text: string): readonly number[] {
  const fences: number[] = []
  for (let at = text.indexOf('```'); at >= 0; at = text.indexOf('```', at + 3)) {
    const opens = at === 0 || /\s/.test(text.charAt(at - 1))
    if (opens && lineBefore(text, at).trim() === '') fences.push(at)
  }
  return fences
}

/** Where `</name>` begins; `</name_of_another>` is another tag's end. */
function closeOf(text: string, name: string, from: number): number {
  const tag = `</${name}`
  let at = text.indexOf(tag, from)
  while (at !== -1 && /[\w-]/.test(text.charAt(at + tag.length))) at = text.indexOf(tag, at + 1)
  return at
}

/** Which tags count that are words of anybody's markup too. */
interface Loose {
  readonly asks: boolean
  readonly noise: boolean
  readonly sheets: boolean
}
const STRICT: Loose = { asks: false, noise: false, sheets: false }

/** Text outside of known tags; what is inside goes to noise or asks. */
function stripTags(text: string, loose: Loose): Omit<Tagged, 'isAgents'> {
  const [kept, asks, noise]: [string[], string[], string[]] = [[], [], []]
  let from = 0
  for (const [name, at, inside, end] of tagsOf(text)) {
    const isAsk = ASK_TAGS.has(name) || (loose.asks && LOOSE_ASK_TAGS.has(name))
    const isNoise =
      AGENT_TAGS.has(name) ||
      (loose.noise && LOOSE_TAGS.has(name)) ||
      (loose.sheets && AGENT_SHEETS.has(name))
    const isPlain = PLAIN_TAGS.has(name)
    if (!isAsk && !isNoise && !isPlain) continue
    kept.push(text.slice(from, at))
    if (isAsk) asks.push(insideAsk(inside, noise))
    else (isPlain ? kept : noise).push(inside)
    from = end
  }
  kept.push(text.slice(from))
  return { rest: kept.join('\n').trim(), asks: asks.filter((ask) => ask !== '').join('\n'), noise }
}

/** An ask without the agent's blocks in it; a wrapper inside a wrapper is opened where it stands. */
function insideAsk(text: string, noise: string[]): string {
  if (!text.includes('<')) return text.trim()
  const kept: string[] = []
  let from = 0
  for (const [name, at, inside, end] of tagsOf(text)) {
    const isAsk = ASK_TAGS.has(name)
    if (!isAsk && !AGENT_TAGS.has(name)) continue
    kept.push(text.slice(from, at))
    ;(isAsk ? kept : noise).push(inside)
    from = end
  }
  kept.push(text.slice(from))
  return kept.join('').trim()
}
