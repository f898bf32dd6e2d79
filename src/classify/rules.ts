import type { Rule } from '../config/snapshot.ts'
import type { Intent } from './classifier.ts'

/** Only so much of a message is searched; the rest of a pasted document is not an instruction. */
const CHARS_MAX = 64 * 1024
const WHOLE_CHARS_MAX = 1_000

/** The first of the operator's rules that matches the human's last message, or null. */
export function matchRule(rules: readonly Rule[], intent: Intent): Rule | null {
  if (rules.length === 0) return null
  const text = intent.ask().words.slice(0, CHARS_MAX)
  if (text === '') return null
  const message: Folded = { text, lower: fold(text), whole: null }
  return (
    rules.find((rule) => (rule.whole ? isWhole(rule, message) : isInside(rule, message))) ?? null
  )
}

/** The words of the message that a rule finds, for whoever asks why. */
export function matchedWords(rule: Rule, intent: Intent): readonly string[] {
  const alone = (part: Partial<Rule>): boolean =>
    matchRule([{ ...rule, keywords: [], patterns: [], ...part }], intent) !== null
  const text = intent.ask().words.slice(0, CHARS_MAX)
  const found = rule.patterns
    .filter((pattern) => alone({ patterns: [pattern] }))
    .map((pattern) => {
      const matcher = pattern.matcher(text)
      return matcher.find() ? (matcher.group() ?? '') : text
    })
  return [...rule.keywords.filter((keyword) => alone({ keywords: [keyword] })), ...found]
}

/** A message as rules look at it. `whole` is made when the first rule asks for it. */
interface Folded {
  readonly text: string
  readonly lower: string
  whole: string | null
}

function isWhole(rule: Rule, message: Folded): boolean {
  // A long message is no single keyword; trimming it would cost more than all rules together.
  if (message.text.length <= WHOLE_CHARS_MAX) {
    const whole = (message.whole ??= trimmed(message.lower))
    if (rule.keywords.some((keyword) => trimmed(keyword) === whole)) return true
  }
  return rule.patterns.some((pattern) => pattern.matches(message.text.trim()))
}

function isInside(rule: Rule, { text, lower }: Folded): boolean {
  return (
    rule.keywords.some((keyword) => includesWord(lower, keyword)) ||
    rule.patterns.some((pattern) => pattern.matcher(text).find())
  )
}

/** Full-width letters and compatibility forms count as their plain ones. */
function fold(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.normalize('NFKC').toLowerCase()
}

function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- all of ASCII is meant
  return /^[\x00-\x7f]*$/.test(text)
}

function trimmed(text: string): string {
  return text.replace(/^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu, '')
}

/** The endings with which an English keyword is still the same word: proves, proved, proving. */
const INFLECTION = /^(?:s|es|d|ed|n|r|ing|ly)?(?![a-z0-9_\u00c0-\u024f])/

/** `hi` is not in `this`: Latin words match at their edges, other scripts anywhere. */
function includesWord(text: string, keyword: string): boolean {
  let at = text.indexOf(keyword)
  while (at >= 0) {
    const end = at + keyword.length
    const opens = !isWord(keyword[0]) || !isWord(text[at - 1])
    const closes = !isWord(keyword.at(-1)) || INFLECTION.test(text.slice(end, end + 5))
    if (opens && closes) return true
    at = text.indexOf(keyword, at + 1)
  }
  return false
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[a-z0-9_\u00c0-\u024f]/.test(character)
}
