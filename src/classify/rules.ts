import type { Rule } from '../config/snapshot.ts'
import type { Intent } from './classifier.ts'

/** Only so much of a message is searched; the rest of a pasted document is not an instruction. */
const CHARS_MAX = 64 * 1024

/** The first of the operator's rules that matches the human's last message, or null. */
export function matchRule(rules: readonly Rule[], intent: Intent): Rule | null {
  if (rules.length === 0) return null
  const text = intent.humanTurns(1)[0]?.slice(0, CHARS_MAX)
  if (text === undefined) return null
  const lower = fold(text)
  const whole = trimmed(lower)
  return rules.find((rule) => matches(rule, text, lower, whole)) ?? null
}

function matches(rule: Rule, text: string, lower: string, whole: string): boolean {
  if (rule.whole) {
    return (
      rule.keywords.some((keyword) => trimmed(fold(keyword)) === whole) ||
      rule.patterns.some((pattern) => pattern.matches(text.trim()))
    )
  }
  return (
    rule.keywords.some((keyword) => includesWord(lower, fold(keyword))) ||
    rule.patterns.some((pattern) => pattern.matcher(text).find())
  )
}

/** Full-width letters and compatibility forms count as their plain ones. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
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
