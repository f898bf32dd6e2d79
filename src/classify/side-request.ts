/** An order says at once what it wants. */
const HEAD_CHARS = 700
/** Agents' orders to sum up a conversation are long; a longer text is something else. */
const CHARS_MAX = 8_000

/** About what is talked of: the title of a novel is another matter. */
const TALK =
  /\b(?:conversations?|chats?|sessions?|threads?|dialogues?|discussions?|messages?)\b|会话|對話|对话|聊天|消息|话题|話題/i

const TITLE = [
  /\b(?:title|topic|thread|chat|session|conversation)[ -](?:generator|namer|titler|summari[sz]er)\b/i,
  /\b(?:generate|create|write|provide|give|produce|extract|suggest|return|output|summari[sz]e|name|come up with)\b[^.!?\n]{0,140}\b(?:titles?|headline|topic name|\d+[ -]word (?:name|description)|description (?:of|in)[^.!?\n]{0,40}words)\b/i,
  /\b(?:title|summary|description|name)\b[^.!?\n]{0,60}\b(?:under|within|at most|no more than|in|of)\b[^.!?\n]{0,20}\b(?:\d+|two|three|four|five|six|seven|eight|ten|few)\b[^.!?\n]{0,12}\b(?:words?|characters|chars)\b/i,
  /(?:总结|總結|概括|概述|生成|起|取|拟|提炼|命名|返回)[^。！？\n]{0,60}(?:标题|標題|题目|名称|主题)/,
  /\d+ ?(?:个字|字|個字)(?:以内|以內|内|內)?的?(?:标题|標題|题目|名称)/,
]

const SUMMARY =
  /\bsummar(?:y|i[sz]e|ization)\b[^.!?\n]{0,60}\b(?:the|this|our)\b[^.!?\n]{0,30}\b(?:conversation|chat|session|discussion|dialogue)\b|(?:总结|概括|摘要)[^。！？\n]{0,20}(?:对话|会话|聊天)|(?:对话|会话|聊天)[^。！？\n]{0,20}(?:总结|概括|摘要)/i

const FOLLOW_UP =
  /^\s*\[SUGGESTION MODE:|\bsuggest\b[^.!?\n]{0,80}\b(?:follow[- ]?ups?|next (?:questions?|prompts?|messages?))\b|\bfollow[- ]?up (?:questions|prompts)\b|(?:推荐|建议|生成|推测)[^。！？\n]{0,30}(?:追问|后续问题|下一步的?问题)/i

/** A name for the talk: how hard what was said in it is does not matter. */
export function asksForTitle(text: string): boolean {
  const head = text.slice(0, HEAD_CHARS)
  return TALK.test(head) && TITLE.some((pattern) => pattern.test(head))
}

/** What chat applications and agents ask by themselves about the talk: a name, a summary, what may come next. */
export function isSideRequest(text: string): boolean {
  if (text.length > CHARS_MAX) return false
  const head = text.slice(0, HEAD_CHARS)
  return asksForTitle(text) || SUMMARY.test(head) || FOLLOW_UP.test(head)
}
