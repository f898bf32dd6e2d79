import { isSideRequest } from './side-request.ts'

/** How far from its end a message that begins with the talk says what is wanted of it. */
const TAIL_CHARS = 1_000
const TALK_TAG = /<(chat_history|conversation(?:_history)?|histor(?:y|ies)|transcript)>/
/** Turns of a talk that is written down. */
const TURN = /(?:^|\n)(?:\|\|>)?(?:User|USER|Human)[:：]/
const ANSWER = /\n(?:\|\|>)?(?:Assistant|ASSISTANT|AI|Response)[:：]/

/** The order of a message that also holds the talk it is about; null where it is no such message. */
export function orderBesideTalk(text: string): string | null {
  const talk = talkIn(text)
  if (talk === null) return null
  const order = `${text.slice(0, talk.from).trim()}\n${text.slice(talk.to).trim()}`.trim()
  return isSideRequest(order) ? order : null
}

function talkIn(text: string): { readonly from: number; readonly to: number } | null {
  const tag = TALK_TAG.exec(text)
  const close = tag === null ? -1 : text.lastIndexOf(`</${tag[1]}>`)
  if (tag !== null && close > tag.index) {
    return { from: tag.index, to: text.indexOf('>', close) + 1 }
  }
  const from = text.search(TURN)
  if (from < 0 || !ANSWER.test(text.slice(from))) return null
  return { from, to: orderBelow(text, from) }
}

/** Where the line begins that asks for something below the last turn; the end of the text where none does. */
function orderBelow(text: string, from: number): number {
  const tail = Math.max(from, text.length - TAIL_CHARS)
  for (const { 0: line, index } of text.slice(tail).matchAll(/\n[^\n]+/g)) {
    const isTurn = TURN.test(line) || ANSWER.test(line)
    if (!isTurn && isSideRequest(line)) return tail + index
  }
  return text.length
}
