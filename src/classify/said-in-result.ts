import { asText, field, parseJson } from '../kit/json-value.ts'
import type { Stripped } from './agent-noise.ts'

/** The whole of a result, or all but the agent's sentence before it. */
const ANSWERED = /^[^<]{0,300}<(user_message|user_feedback|feedback|answer)>([^]*)<\/\1>\s*$/

/** What stands before the words of who refuses a call, and the agent's remark behind them. */
const REFUSED_WITH =
  /^\s*The user doesn't want to proceed with this tool use\.[^\n]{0,300}the user said:([^]*)$/
const REMARK = /\nNote: The user's next message may contain [^]*$/

/**
 * What the human says in a tool's result: agents with calls ask by one ("attempt_completion",
 * "ask_followup_question"), and let a call be denied with a word why.
 */
export function saidInResult(text: string): Stripped {
  const answer = ANSWERED.exec(text)?.[2] ?? refusedWith(text) ?? deniedWith(text)
  return { human: answer.trim(), noise: '', isResult: true }
}

const refusedWith = (text: string): string | undefined =>
  REFUSED_WITH.exec(text)?.[1]?.replace(REMARK, '')

function deniedWith(text: string): string {
  if (!/^\s*\{[^]{0,40}"denied"/.test(text)) return ''
  const denial = parseJson(text)
  return field(denial, 'status') === 'denied' ? (asText(field(denial, 'feedback')) ?? '') : ''
}
