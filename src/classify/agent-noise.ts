import {
  APPENDIX,
  CALLED,
  CALLED_FILE,
  CAPTION,
  CUT_NOTE,
  FILES,
  FOUND_END,
  HUMAN_MARKER,
  INTERRUPTED,
  OBSERVATION,
  OBSERVED,
  PREAMBLE,
  REMINDER,
  RESULT,
  RESUMED_WITH,
  RETRIEVED,
  STEP,
  SUMMARY,
  TAG,
  TAGS_MAX,
  TOOL_HEADER,
} from './agent-markers.ts'
import {
  AGENT_SHEETS,
  AGENT_TAGS,
  ASK_TAGS,
  KNOWN_TAGS,
  LOOSE_ASK_TAGS,
  LOOSE_TAGS,
  PLAIN_TAGS,
} from './agent-tags.ts'
import { questionInside } from './templates.ts'

/** What a message holds once the machinery around the human's words is taken away. */
export interface Stripped {
  /** The human's words; empty where a message has none. */
  readonly human: string
  /** What was taken away, joined: it helps where the human only says "go on". */
  readonly noise: string
  /** No human's message but a tool's result that the agent sends as text. */
  readonly isResult: boolean
}

/**
 * Takes the agent's machinery away from one message of role user. Linear in its length.
 * `before` is what the assistant said before it: a result answers a call that stands there, and
 * beside a result the human speaks only in tags.
 */
export function stripAgentNoise(text: string, before = ''): Stripped {
  const own = agentsOwn(text, before)
  if (own !== null) return own
  // A named file is cut before its tags are read: they are the file's, not the agent's.
  const called = text.search(CALLED_FILE)
  const above = called > 0 ? stripAgentNoise(text.slice(0, called), before) : null
  if (above !== null && above.human !== '') {
    return { ...above, noise: joined([above.noise, text.slice(called)]) }
  }
  const { rest, asks, noise, isAgents } = text.includes('<') ? readTags(text) : untagged(text)
  if (rest.startsWith(SUMMARY)) {
    const summary = stripTags(text, STRICT)
    return { human: summary.rest, noise: joined(summary.noise), isResult: false }
  }
  // Where an agent wraps the ask, whatever stands outside the wrapper is its own text.
  if (asks !== '') return { human: asks, noise: joined([...noise, rest]), isResult: false }
  if (REMINDER.test(rest) || answersCall(text, before)) {
    return { human: '', noise: joined([...noise, rest]), isResult: true }
  }
  const wanted = wantedBeside(text, rest, noise)
  if (wanted !== null) return wanted
  const human = stripToolOutput(rest.replace(INTERRUPTED, '').replaceAll(CALLED, ''), noise)
  const isResult = human === '' && (isAgents || TOOL_HEADER.test(text.slice(0, 500)))
  return { human, noise: joined(noise), isResult }
}

/** Aider's few-shot examples stand above such a message; the human in them wants nothing. */
export const endsExamples = (text: string): boolean =>
  /^\s*I switched to a new code base\. Please don't consider the above files/.test(text)

/** What the human wants beside words that an agent opens a message with; null without such words. */
function wantedBeside(text: string, rest: string, noise: readonly string[]): Stripped | null {
  if (PREAMBLE.test(rest)) {
    // A sheet in tags may stand before the human's words, in one message.
    const after = noise.length === 0 ? '' : rest.slice(`${rest}\n`.indexOf('\n')).trim()
    return { human: after, noise: joined([...noise, rest]), isResult: false }
  }
  if (rest.startsWith('[TASK RESUMPTION]')) {
    const after = (RESUMED_WITH.exec(rest)?.[1] ?? '').trim()
    const isSilent = after === '' || after.startsWith('(The user did not provide')
    return { human: isSilent ? rest : after, noise: joined([...noise, rest]), isResult: false }
  }
  const question = questionInside(text)
  if (question !== null) return { human: question, noise: text, isResult: false }
  const found = RETRIEVED.test(text) ? text.lastIndexOf(FOUND_END) : -1
  const asked = found < 0 ? '' : text.slice(found + FOUND_END.length).trim()
  return asked === '' ? null : { human: asked, noise: text.slice(0, found), isResult: false }
}

/** A message in which nobody but the agent speaks. */
function agentsOwn(text: string, before: string): Stripped | null {
  const isResult = isObserved(text, before)
  const isOwn = isResult || FILES.test(text) || endsExamples(text)
  return isOwn ? { human: '', noise: text, isResult } : null
}

/** The output of a step, in an agent that has no messages for results. */
function isObserved(text: string, before: string): boolean {
  if (before === '') return false
  return OBSERVED.test(text) || (OBSERVATION.test(text) && STEP.test(before))
}

function answersCall(text: string, before: string): boolean {
  const name = RESULT.exec(text)?.[1]
  return name !== undefined && (before.includes(`<${name}>`) || CUT_NOTE.test(before))
}

function joined(noise: readonly string[]): string {
  return noise
    .filter((part) => part !== '')
    .join('\n')
    .trim()
}

/** A message by its tags. */
interface Tagged {
  /** What stands outside of known tags. */
  readonly rest: string
  readonly asks: string
  readonly noise: string[]
  /** It holds a tag that only agents write. */
  readonly isAgents: boolean
}

function untagged(text: string): Tagged {
  return { rest: text.trim(), asks: '', noise: [], isAgents: false }
}

/** Words that agents share with everybody's markup are read as theirs only where that leaves an ask. */
function readTags(text: string): Tagged {
  const isAgents = hasAgentTag(text) || TOOL_HEADER.test(text.slice(0, 500)) || PREAMBLE.test(text)
  if (isAgents) return { ...stripTags(text, { asks: true, noise: true, sheets: true }), isAgents }
  const all = stripTags(text, { asks: true, noise: true, sheets: false })
  if (all.rest === '' && all.asks !== '') return { ...all, isAgents }
  const some = stripTags(text, { asks: false, noise: true, sheets: false })
  if (some.rest !== '' || some.asks !== '') return { ...some, isAgents }
  return { ...stripTags(text, STRICT), isAgents }
}

function hasAgentTag(text: string): boolean {
  for (const [name] of tagsOf(text)) {
    if (AGENT_TAGS.has(name) || ASK_TAGS.has(name) || PLAIN_TAGS.has(name)) return true
  }
  return false
}

/** The first tags of a text that have an end: name, where the tag begins, its inside, where it ends. */
function* tagsOf(text: string): Generator<readonly [string, number, string, number]> {
  const open = new Set<string>()
  let from = 0
  for (let count = 0; count < TAGS_MAX; count++) {
    TAG.lastIndex = from
    const match = TAG.exec(text)
    if (match === null) return
    const written = match[1] ?? ''
    const start = match.index + match[0].length
    from = start
    const name = written.toLowerCase()
    if (!KNOWN_TAGS.has(name) || open.has(written)) continue
    const close = closeOf(text, written, start)
    // An open tag without its end is a word of the human's: HTML, a placeholder, a generic type.
    if (close < 0) {
      open.add(written)
      continue
    }
    const end = text.indexOf('>', close)
    from = end < 0 ? text.length : end + 1
    yield [name, match.index, text.slice(start, close), from]
  }
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

/** Results that agents paste as plain text before the human's words. */
function stripToolOutput(text: string, noise: string[]): string {
  const appendix = text.search(APPENDIX)
  if (appendix > 0) {
    noise.push(text.slice(appendix))
    return stripToolOutput(text.slice(0, appendix), noise)
  }
  const head = text.slice(0, 500)
  const isTool = TOOL_HEADER.test(head) || CAPTION.test(head)
  if (!isTool && !SHEET.test(head)) return text.trim()
  const marked = afterMarker(text)
  if (marked !== null) {
    noise.push(text.slice(0, marked))
    return text.slice(marked).trim()
  }
  if (!isTool) return text.trim()
  const [output, human] = afterOutput(text.trim())
  noise.push(output)
  return human
}

const SHEET =
  /^\s*#{1,3} ?(?:AGENTS|CLAUDE|GEMINI)\.md|^\s*#{1,3} (?:Context from my IDE setup|Files mentioned by the user|Referenced chats with Codex)|^\s*You are [A-Z]/

function afterMarker(text: string): number | null {
  let at: number | null = null
  for (const match of text.matchAll(HUMAN_MARKER)) at = match.index + match[0].length
  return at === null || text.slice(at).trim() === '' ? null : at
}

/** Without a marker the human's words are the last paragraph, if that is none of the machine's. */
function afterOutput(text: string): readonly [output: string, human: string] {
  const gap = text.lastIndexOf('\n\n')
  const last = gap < 0 ? '' : text.slice(gap).trim()
  if (last !== '' && looksHuman(last)) return [text.slice(0, gap), last]
  const line = text.slice(text.lastIndexOf('\n') + 1).trim()
  if (line !== text && line.length <= 80 && looksHuman(line)) {
    return [text.slice(0, -line.length), line]
  }
  return [text, '']
}

function looksHuman(text: string): boolean {
  if (TOOL_HEADER.test(text)) return false
  if (
    /^(?:[\w./-]+:\d+|\s*at |error\b|warning\b|\[|\{|\||=+|-{3,}|\$ |> |[-+]{3} |diff |step \d)/i.test(
      text,
    )
  ) {
    return false
  }
  const letters = text.match(/[\p{L}\s,.?!'，。？！、]/gu)?.length ?? 0
  return letters / text.length > 0.6
}
