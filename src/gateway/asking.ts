import { createHash } from 'node:crypto'
import { isBareChoice, isContinuation } from '../classify/continuation.ts'
import type { Message } from '../classify/message.ts'
import { saysAgain } from './says-again.ts'

/** The part of the runs of letters of two asks that both have, from which they are the same ask. */
const LIKE_MIN = 0.9
const RUN_CHARS = 4
const LIKE_CHARS_MAX = 2_000
/** Of a long conversation a request shows what was said last: fewer turns than it does must name it. */
const TURNS_MAX = 4

/** What a conversation asks as it stands. */
export interface Asking {
  /** Where it is asked. Two callers, or two conversations of one, never share one. */
  readonly key: string
  /** The runs of letters of the ask, or null where only the same letters are the same ask. */
  readonly runs: ReadonlySet<string> | null
}

/**
 * A first ask is known by its letters: programs fill one form with many things, and those are no
 * repeats. After an answer a human writes, and may change a word before asking again: the ask is
 * known by what stands before it and by its runs of letters. `where` tells apart who speaks.
 */
export function askingOf(where: string, messages: readonly Message[]): Asking {
  const last = messages.findLastIndex(isHuman)
  const past = messages.slice(0, Math.max(0, last))
  const ask = messages[last]
  return ask !== undefined && past.some(({ role }) => role === 'assistant')
    ? { key: nameOf(where, newest(past), ask.images), runs: runsOf(ask.text) }
    : { key: nameOf(where, messages, null), runs: null }
}

/** The conversation as it was when what is asked again now was asked first, or null. */
export function askedBefore(messages: readonly Message[]): readonly Message[] | null {
  const last = messages.at(-1)
  if (last === undefined || !isHuman(last) || messages.at(-2)?.role !== 'assistant') return null
  const wantsAnother = saysAgain(last.text)
  for (let at = messages.length - 2; at >= 0; at--) {
    const message = messages[at]
    if (message?.role === 'assistant') continue
    // A result of a tool: what came between was work, and "try again" may be about that.
    if (message === undefined || !isHuman(message)) return null
    // Who says "again" twice is still about the ask before the first.
    if (saysAgain(message.text)) continue
    return wantsAnother || isSame(message, last) ? messages.slice(0, at + 1) : null
  }
  return null
}

export function areAlike(left: Asking['runs'], right: Asking['runs']): boolean {
  return likeness(left, right) >= LIKE_MIN
}

function isHuman({ role, isToolResult }: Message): boolean {
  return role === 'user' && !isToolResult
}

/** The same words. "Continue" and "B" may be said twice, and the same words may be about another image. */
function isSame(before: Message, now: Message): boolean {
  if (before.images + now.images > 0) return false
  const words = plain(now.text)
  return (
    words !== '' &&
    words === plain(before.text) &&
    !isContinuation(now.text) &&
    !isBareChoice(now.text)
  )
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replace(/(?<![\s.!?。…~])[\s.!?。…~]+$/u, '')
    .trim()
}

function newest(past: readonly Message[]): readonly Message[] {
  const humans = [...past.entries()].filter(([, message]) => isHuman(message))
  return past.slice(humans.at(-TURNS_MAX)?.[0] ?? 0)
}

function nameOf(where: string, messages: readonly Message[], imagesAfter: number | null): string {
  const said = messages.map(({ role, text, images }) => [role, text, images])
  return createHash('sha256')
    .update(JSON.stringify([where, said, imagesAfter]))
    .digest('base64')
}

function runsOf(text: string): ReadonlySet<string> {
  const letters = text.slice(0, LIKE_CHARS_MAX).toLowerCase().replaceAll(/\s+/g, ' ').trim()
  const runs = new Set<string>()
  for (let at = 0; at === 0 || at + RUN_CHARS <= letters.length; at++) {
    runs.add(letters.slice(at, at + RUN_CHARS))
  }
  return runs
}

/** Jaccard's index: 1 for the same runs, 0 for none in common. */
function likeness(left: Asking['runs'], right: Asking['runs']): number {
  if (left === null || right === null) return left === right ? 1 : 0
  const common = [...left].filter((run) => right.has(run)).length
  return common / (left.size + right.size - common)
}
