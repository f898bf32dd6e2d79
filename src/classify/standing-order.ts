import type { Message, Talk } from './message.ts'
import { asksForSpeaker, asksForTitle, isSideRequest } from './side-request.ts'

/** A longer system prompt is an assistant's character, not one order. */
const ORDER_CHARS_MAX = 3_000
const HEAD_CHARS = 700
const KEPT_CHARS = 1_000
/** Who writes more system prompts than that writes no order. */
const OPENING_MESSAGES_MAX = 16
/** A few sentences are as quickly translated or sorted whatever they speak of; a long text is more work. */
const MATERIAL_CHARS = 1_000

const TRANSLATE =
  /^\W*(?:(?:you are|act as|你是|您是|作为|請擔任|请担任|扮演)[^.!?。！？\n]{0,80})?(?:translation (?:engine|machine|tool|assistant)|translator\b|translate\b[^.!?\n]{0,80}\b(?:into|to)\b|翻译(?:引擎|机|官|员|专家|助手|家)|翻譯(?:引擎|機|專家)|(?:精通|擅长|擅長)[^。！？\n]{0,30}翻译)/i

/** A commit is named alike whatever it changes; its diff is long and says nothing of the order. */
const COMMIT =
  /^\W*(?:you are|act as|your (?:task|job) is to)\b[^.!?\n]{0,80}\b(?:generat|writ|creat|craft|draft|come|author)\w*\b(?:(?!\band\b|,[^,.!?\n]*,)[^.!?\n、]){0,60}\bcommit messages?\b(?!,| and\b)|^\W*(?:please )?(?:generate|write|create|craft|draft)\b[^.!?\n]{0,60}\bcommit messages?\b/i

/** An agent has its own talk summed up, so that it can go on with less. */
const COMPACT =
  /^\W*(?:you are (?:the|an?)|your (?:task|job) is to)\b[^.!?\n]{0,80}\b(?:summar|compress|condens|distil)\w*[^.!?\n]{0,60}\b(?:(?:chat|conversation|session) history|(?:entire|whole) (?:conversation|chat|session)|conversation so far)\b/i
/** Such an order says at length what a summary must hold. */
const COMPACT_CHARS_MAX = 8_000

/** What is answered from findings is the human's question, whatever the findings say. */
const ANSWERED =
  /(?<!\b(?:not|never|without|don't|instead of|rather than|(?:relevant|needed|used|enough|sufficient) to) )\b(?:answer|answering)\b[^.!?\n]{0,40}\b(?:question|query)\b|(?<!不要|不得|不|勿|无需)(?:回答|解答)(?:用户的?|我的)?(?:问题|提问)/i

/** What is done with a text alike whatever it speaks of, and by whom. */
const WORK =
  /\b(?:classify|categori[sz]e|label|tag|extract|proofread|correct|summari[sz]e|condense|moderate|rewrite|rephrase|paraphrase|polish)\b[^.!?\n]{0,100}\b(?:texts?|messages?|inputs?|contents?|quer(?:y|ies)|questions?|sentences?|e-?mails?|reviews?|comments?|documents?|paragraphs?|tickets?|passages?|abstracts?|utterances?|information|grammar|language)\b|^\W*you are (?:an? )?[^.!?\n]{0,60}\b(?:classifier|moderator|proofreader|extraction \w+|spell ?checker|tagger|summari[sz]er)\b|(?:分类|归类|打标|标注|提取|抽取|校对|纠错|润色|改写|重写|总结|概括|审核)[^。！？\n]{0,40}(?:文本|内容|输入|句子|文章|评论|邮件|段落|消息|文字|信息)|(?:文本|内容|输入|句子|文章|评论|邮件|段落|消息|文字)[^。！？\n]{0,40}(?:分类|归类|打标|标注|提取|抽取|校对|纠错|润色|改写|重写|总结|概括|审核)/i
/** What may need thought about what the text says. */
const VERDICT =
  /\b(?:detect|identify|score|rate|grade|determine|decide|convert)\b[^.!?\n]{0,100}\b(?:texts?|messages?|inputs?|contents?|quer(?:y|ies)|sentences?|e-?mails?|reviews?|comments?|documents?|paragraphs?|tickets?|passages?|utterances?|language)\b|(?:识别|检测|判断|转换|评分|打分)[^。！？\n]{0,40}(?:文本|内容|输入|句子|文章|评论|邮件|段落|消息|语言|文字)|(?:文本|内容|输入|句子|文章|评论|邮件|段落|消息|文字)[^。！？\n]{0,40}(?:识别|检测|判断|转换|评分|打分)/i
/** What says that the answer is read by a program, or is the text itself. */
const ONLY =
  /\b(?:only|just the|nothing else|no (?:explanations?|other text|additional|commentary|extra)|without (?:any )?(?:explanation|comment)|one of the following|(?:one|a single) (?:word|label|sentence)|json|do not (?:answer|explain|add)|don't (?:answer|explain|add))\b|(?:只|仅|直接)(?:需要?|要|能|可以)?(?:输出|返回|回答|回复|给出)|(?:不要|无需|不得|不)(?:解释|添加|回答|输出)|之一/i

/** What is wanted of every message that comes. */
export interface StandingOrder {
  readonly text: string
  /** How much of the human's words tells how much work it is. */
  readonly material: 'none' | 'long' | 'all'
}

/**
 * What a system prompt orders where it, and not the human, says what is wanted: applications have
 * titles made, texts translated, mails sorted so, and the message of role user is only the
 * material. Null for every other system prompt: what one is about decides nothing.
 */
export function standingOrder(messages: Talk): StandingOrder | null {
  const last = messages.at(messages.length - 1)
  const hasMore = openingOf(messages).length < messages.length
  // Some put their order behind the talk that it is about.
  if (hasMore && last !== undefined && isSystem(last.role) && isSideRequest(last.text)) {
    return { text: last.text.slice(0, KEPT_CHARS), material: 'none' }
  }
  return openingOrder(messages)
}

/** The order that a talk begins with: it stands also while tools are called. */
export function openingOrder(messages: Talk): StandingOrder | null {
  for (const { text } of openingOf(messages)) {
    const order = orderOf(text.trim())
    if (order !== null) return order
  }
  return null
}

/** The system prompts that a talk begins with. */
function openingOf(messages: Talk): readonly Message[] {
  const opening: Message[] = []
  for (let at = 0; at < Math.min(messages.length, OPENING_MESSAGES_MAX); at++) {
    const message = messages.at(at)
    if (message === undefined || !isSystem(message.role)) break
    opening.push(message)
  }
  return opening
}

const isSystem = (role: string): boolean => role === 'system' || role === 'developer'

function orderOf(whole: string): StandingOrder | null {
  const head = whole.slice(0, HEAD_CHARS)
  const text = whole.slice(0, KEPT_CHARS)
  if (whole.length <= COMPACT_CHARS_MAX && COMPACT.test(head)) return { text, material: 'none' }
  if (whole === '' || whole.length > ORDER_CHARS_MAX) return null
  if (asksForTitle(head) || asksForSpeaker(whole) || COMMIT.test(head)) {
    return { text, material: 'none' }
  }
  if (TRANSLATE.test(head)) return { text, material: 'long' }
  if (!ONLY.test(whole) || ANSWERED.test(head)) return null
  if (VERDICT.test(head)) return { text, material: 'all' }
  return WORK.test(head) ? { text, material: 'long' } : null
}

/** The order with as much of the material as it is to be judged by. */
export function withMaterial({ text, material }: StandingOrder, said: string): string {
  const counts = material === 'all' || (material === 'long' && said.length > MATERIAL_CHARS)
  return counts && said !== '' ? `${text}\n\n${said}` : text
}
