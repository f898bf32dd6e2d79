import type { Message } from './message.ts'

/** A longer system prompt is an assistant's character, not one order. */
const ORDER_CHARS_MAX = 3_000
/** An order says at once what it wants. */
const HEAD_CHARS = 700
const KEPT_CHARS = 1_000

/** About what is talked of: the name of a paragraph or of a novel is another matter. */
const TALK =
  /\b(?:conversations?|chats?|sessions?|threads?|dialogues?|discussions?|messages?)\b|会话|對話|对话|聊天|消息|话题|話題/i
const TITLE = [
  /\b(?:title|topic|thread|chat|session|conversation)[ -](?:generator|namer|titler|summari[sz]er)\b/i,
  /\b(?:generate|create|write|provide|give|produce|extract|suggest|return|output|summari[sz]e|name|come up with)\b[^.!?\n]{0,140}\b(?:titles?|headline|topic name|\d+[ -]word (?:name|description)|description (?:of|in)[^.!?\n]{0,40}words)\b/i,
  /\b(?:title|summary|description|name)\b[^.!?\n]{0,60}\b(?:under|within|at most|no more than|in|of)\b[^.!?\n]{0,20}\b(?:\d+|two|three|four|five|six|seven|eight|ten|few)\b[^.!?\n]{0,12}\b(?:words?|characters|chars)\b/i,
  /(?:总结|總結|概括|概述|生成|起|取|拟|提炼|命名)[^。！？\n]{0,60}(?:标题|標題|题目|名称|主题名)/,
  /\d+ ?(?:个字|字|個字)(?:以内|以內|内|內)?的?(?:标题|標題|题目|名称)/,
]

const TRANSLATE =
  /^\W*(?:(?:you are|act as|你是|您是|作为|請擔任|请担任|扮演)[^.!?。！？\n]{0,80})?(?:translation (?:engine|machine|tool|assistant)|translator\b|translate\b[^.!?\n]{0,80}\b(?:into|to)\b|翻译(?:引擎|机|官|员|专家|助手|家)|翻譯(?:引擎|機|專家)|(?:精通|擅长|擅長)[^。！？\n]{0,30}翻译)/i

/** One order for every message: `isTitle` where what is talked of does not change how much it asks. */
export interface SystemOrder {
  readonly text: string
  readonly isTitle: boolean
}

/**
 * What the system prompt orders where it, and not the human, says what is wanted: chat applications
 * have titles made and texts translated so, and the message of role user is only the material. Null
 * for every other system prompt: what one is about decides nothing.
 */
export function systemOrder(messages: readonly Message[]): SystemOrder | null {
  const [first] = messages
  if (first === undefined || (first.role !== 'system' && first.role !== 'developer')) return null
  const whole = first.text.trim()
  if (whole.length > ORDER_CHARS_MAX) return null
  const head = whole.slice(0, HEAD_CHARS)
  const isTitle = TALK.test(head) && TITLE.some((pattern) => pattern.test(head))
  return isTitle || TRANSLATE.test(head) ? { text: whole.slice(0, KEPT_CHARS), isTitle } : null
}
