import type { ChatRequest } from '../dialect/chat-request.ts'
import type { Endpoint } from '../config/snapshot.ts'
import { asArray, asObject, parseJson } from '../kit/json-value.ts'
import type { Resume, ResumeMode, SentAnswer } from './continuation.ts'

/** Below this almost nothing was sent: asking again is cheaper than explaining. */
const RESTART_CHARS_MAX = 40

/** Members with which an answer is more than one plain text. */
const STRUCTURED = ['response_format', 'logprobs', 'top_logprobs', 'modalities', 'audio']

/** Whether a broken answer to this request may be continued by another attempt at all. */
export function isResumable(request: ChatRequest, sent: SentAnswer | null): boolean {
  if (sent === null || !sent.isPlain || sent.text === '') return false
  return request.members.every(({ key, valueStart, valueEnd }) => {
    const json = request.bytes.toString('utf8', valueStart, Math.min(valueEnd, valueStart + 200))
    if (key === 'n') return json.trim() === '1' || json === 'null'
    if (!STRUCTURED.includes(key)) return true
    return json === 'null' || json === 'false' || /^\{\s*"type"\s*:\s*"text"\s*\}$/.test(json)
  })
}

/** Which form a target understands, given the forms that it or others have refused. */
export function resumeMode(
  endpoint: Endpoint,
  sent: SentAnswer,
  refused: ReadonlySet<ResumeMode>,
): ResumeMode {
  if (sent.text.length < RESTART_CHARS_MAX && !refused.has('restart')) return 'restart'
  if (endpoint.traits.prefill === true && !refused.has('prefill')) return 'prefill'
  return 'continue'
}

/** The `messages` of a continuing request as JSON, or null where they stay as they are. */
export function resumeMessages(request: ChatRequest, { mode, sent }: Resume): string | null {
  if (mode === 'restart') return null
  const member = request.members.find(({ key }) => key === 'messages')
  if (member === undefined) return null
  const messages = asArray(
    parseJson(request.bytes.toString('utf8', member.valueStart, member.valueEnd)),
  )
  const assistant = { role: 'assistant', content: sent.text }
  if (mode === 'prefill') return JSON.stringify([...messages, assistant])
  const content = continueWords(sent.text, lastText(messages))
  return JSON.stringify([...messages, assistant, { role: 'user', content }])
}

function lastText(messages: readonly unknown[]): string {
  const content = asObject(messages.findLast((one) => asObject(one)?.['role'] === 'user'))?.[
    'content'
  ]
  return typeof content === 'string' ? content : ''
}

/** In the language of the conversation: an English order makes models switch languages. */
function continueWords(answer: string, question: string): string {
  const text = answer.length > 20 ? answer : answer + question
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return WORDS.ja
  if (/\p{Script=Hangul}/u.test(text)) return WORDS.ko
  if (/\p{Script=Han}/u.test(text)) return WORDS.zh
  if (/\p{Script=Cyrillic}/u.test(text)) return WORDS.ru
  return WORDS.en
}

const WORDS = {
  en: 'Your answer was cut off. Continue exactly where it stopped, from the very next character. Do not repeat anything, do not apologise, do not comment.',
  zh: '你的回答被中断了。请从中断处的下一个字开始继续，不要重复已有内容，不要道歉，不要加任何说明。',
  ja: '回答が途中で切れました。切れた箇所の次の文字からそのまま続けてください。繰り返し、謝罪、説明は不要です。',
  ko: '답변이 중간에 끊겼습니다. 끊긴 바로 다음 글자부터 이어서 계속하세요. 반복, 사과, 설명은 하지 마세요.',
  ru: 'Ответ оборвался. Продолжи точно с того места, где он прервался, со следующего символа. Ничего не повторяй, не извиняйся и не комментируй.',
} as const
