import { asText, field, parseJson } from '../kit/json-value.ts'
import type { Stripped } from './agent-noise.ts'

/** The whole of a result, or all but the agent's sentence before it. */
const ANSWERED = /^[^<]{0,300}<(user_message|user_feedback|feedback|answer)>([^]*)<\/\1>\s*$/

/**
 * What the human says in a tool's result: agents with calls ask by one ("attempt_completion",
 * "ask_followup_question"), and let a call be denied with a word why.
 */
export function saidInResult(text: string): Stripped {
  const answer = ANSWERED.exec(text)?.[2] ?? deniedWith(text)
  return { human: answer.trim(), noise: '', isResult: true }
}

function deniedWith(text: string): string {
  if (!/^\s*\{[^]{0,40}"denied"/.test(text)) return ''
  const denial = parseJson(text)
  return field(denial, 'status') === 'denied' ? (asText(field(denial, 'feedback')) ?? '') : ''
}
