import {
  APPENDIX,
  CALLED,
  CAPTION,
  CUT_NOTE,
  EDITOR,
  FILE_BELOW,
  FILES,
  FOUND_END,
  FRAME,
  HUMAN_MARKER,
  INTERRUPTED,
  MACHINE,
  OBSERVATION,
  OBSERVED,
  PREAMBLE,
  PROMPTING,
  REMINDER,
  RESULT,
  RESUMED_WITH,
  RETRIEVED,
  STEP,
  SUMMARY,
  TOOL_HEADER,
} from './agent-markers.ts'
import { readSurestTags, readTags } from './read-tags.ts'
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
  const editor = editorAbove(text)
  if (editor !== '') {
    const below = stripBelow(text.slice(editor.length), before)
    return { ...below, noise: joined([editor, below.noise]) }
  }
  return stripBelow(text, before)
}

/** What stands of the editor above a message; one block may follow another. */
function editorAbove(text: string): string {
  let end = 0
  for (let count = 0; count < EDITORS_MAX; count++) {
    const block = EDITOR.exec(text.slice(end, end + EDITOR_CHARS_MAX))?.[0]
    if (block === undefined) break
    end += block.length
  }
  return text.slice(0, end)
}

const EDITORS_MAX = 4
const EDITOR_CHARS_MAX = 64 * 1024

function stripBelow(text: string, before: string): Stripped {
  const own = agentsOwn(text, before)
  if (own !== null) return own
  // A named file is cut before its tags are read: they are the file's, not the agent's.
  const file = text.search(FILE_BELOW)
  const above = file > 0 ? stripAgentNoise(text.slice(0, file), before) : null
  if (above !== null && above.human !== '') {
    return { ...above, noise: joined([above.noise, text.slice(file)]) }
  }
  const { rest, asks, noise, isAgents } = readTags(text)
  if (SUMMARY.test(rest)) {
    const summary = readSurestTags(text)
    return { human: summary.rest, noise: joined(summary.noise), isResult: false }
  }
  if (asks !== '') return wrapped(rest, asks, noise)
  if (REMINDER.test(rest) || answersCall(text, before)) {
    return { human: '', noise: joined([...noise, rest]), isResult: true }
  }
  const wanted = wantedBeside(text, rest, noise)
  if (wanted !== null) return wanted
  const human = stripToolOutput(rest.replace(INTERRUPTED, '').replaceAll(CALLED, ''), noise)
  const isResult = human === '' && (isAgents || TOOL_HEADER.test(text.slice(0, 500)))
  return { human, noise: joined(noise), isResult }
}

/** Shorter words beside a wrapper are a greeting or a label; a Chinese character says as much as three letters. */
const BESIDE_CHARS_MIN = 60

/**
 * Where an agent wraps the ask, whatever stands outside the wrapper is its own text. Without any
 * other mark of an agent it may be the human who speaks there, of what a wrapper holds.
 */
function wrapped(rest: string, asks: string, noise: readonly string[]): Stripped {
  const han = rest.match(/\p{Script=Han}/gu)?.length ?? 0
  const isShort = rest.length + 2 * han < BESIDE_CHARS_MIN && !/[?？]/.test(rest)
  const isOwn = isShort || noise.length > 0 || FRAME.test(rest) || MACHINE.test(rest)
  return isOwn
    ? { human: asks, noise: joined([...noise, rest]), isResult: false }
    : { human: `${rest}\n\n${asks}`, noise: '', isResult: false }
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
  const isOwn = isResult || FILES.test(text) || PROMPTING.test(text) || endsExamples(text)
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
