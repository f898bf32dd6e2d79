/** An order says at once what it wants. */
const HEAD_CHARS = 700
/** Agents' orders to sum up a conversation are long; a longer text is something else. */
const CHARS_MAX = 8_000

/** About what is talked of: the title of a novel is another matter. */
const TALK =
  /\b(?:conversations?|chats?|sessions?|threads?|dialogues?|discussions?|messages?)\b|会话|對話|对话|聊天|消息|话题|話題/i

/** What is to be no longer than a name. */
const SHORT =
  /\b(?:title|summary|description|name)\b[^.!?\n]{0,60}\b(?:under|within|at most|no more than|in|of)\b[^.!?\n]{0,30}\b(?:\d+|two|three|four|five|six|seven|eight|ten|few)\b[^.!?\n]{0,12}\b(?:words?|characters|chars)\b/i

const TITLE = [
  /\b(?:title|topic|thread|chat|session|conversation)[ -](?:generator|namer|titler|summari[sz]er)\b/i,
  /\b(?:generate|create|write|provide|give|produce|extract|suggest|return|output|summari[sz]e|name|come up with|(?:reply|respond) with)\b[^.!?\n]{0,140}\b(?:titles?|headline|topic name|\d+[ -]word (?:name|description)|description (?:of|in)[^.!?\n]{0,40}words)\b/i,
  SHORT,
  /(?:总结|總結|概括|概述|生成|起|取|拟|提炼|命名|返回)[^。！？\n]{0,60}(?:标题|標題|题目|名称|主题)/,
  /\d+ ?(?:个字|字|個字)(?:以内|以內|内|內)?的?(?:标题|標題|题目|名称)/,
]

/** A name is all that is wanted; what for stands in the message. */
const NAME_ONLY =
  /^\W*(?:reply|respond|answer|return|output)\b[^.!?\n]{0,20}\bonly\b[^.!?\n]{0,20}\b(?:title|name|description|headline)\b/i

const SUMMARY =
  /\bsummar(?:y|i[sz]e|ization)\b[^.!?\n]{0,60}\b(?:the|this|our)\b[^.!?\n]{0,30}\b(?:conversation|chat|session|discussion|dialogue)\b|(?:总结|概括|摘要)[^。！？\n]{0,20}(?:对话|会话|聊天)|(?:对话|会话|聊天)[^。！？\n]{0,20}(?:总结|概括|摘要)/i

/** So that the talk can go on elsewhere: for another model, in another session, after a pause. */
const HANDOVER =
  /\bcontext (?:checkpoint )?compaction\b|\b(?:prompt|summary|briefing|notes)\b[^.!?\n]{0,20}\b(?:to|for|that)\b[^.!?\n]{0,20}\b(?:continu|resum)(?:e|ing)\b[^.!?\n]{0,40}\b(?:conversation|chat|session|discussion)\b|\bhand-?off summary\b|\bgenerate the <\w{0,20}_?(?:snapshot|summary)>|\brecap\b[^.!?\n]{0,40}\b\d+ words\b|\brecap\b[^.!?\n]{0,20}\b(?:the|this|our)\b[^.!?\n]{0,20}\b(?:conversation|chat|session|discussion)\b/i

const FOLLOW_UP =
  /^\s*\[SUGGESTION MODE:|\bsuggest\b[^.!?\n]{0,80}\b(?:follow[- ]?ups?|next (?:questions?|prompts?|messages?))\b|\bfollow[- ]?up (?:questions|prompts)\b|\bpredict\b[^.!?\n]{0,40}\bquestions\b[^.!?\n]{0,20}\b(?:human|user)\b|(?:推荐|建议|生成|推测)[^。！？\n]{0,30}(?:追问|后续问题|下一步的?问题)/i

const SPEAKER =
  /\bselect the next (?:most suitable )?(?:role|speaker|agent)\b[^.!?\n]{0,400}[.!?\n]\s{0,9}only (?:return|output|reply|respond|answer)\b/i

/** A name for the talk: how hard what was said in it is does not matter. */
export function asksForTitle(text: string): boolean {
  const head = text.slice(0, HEAD_CHARS)
  if (NAME_ONLY.test(head) && SHORT.test(head)) return true
  return TALK.test(head) && TITLE.some((pattern) => pattern.test(head))
}

/** Who of several agents speaks next: what they spoke of does not matter. */
export function asksForSpeaker(text: string): boolean {
  // The talk may stand between an order and its repetition.
  const ends = `${text.slice(0, HEAD_CHARS)}\n${text.slice(-HEAD_CHARS)}`
  return SPEAKER.test(ends) && TALK.test(ends)
}

/** What chat applications and agents ask by themselves about the talk: a name, a summary, what may come next. */
export function isSideRequest(text: string): boolean {
  if (text.length > CHARS_MAX) return false
  const head = text.slice(0, HEAD_CHARS)
  return (
    asksForTitle(head) ||
    SUMMARY.test(head) ||
    HANDOVER.test(head) ||
    FOLLOW_UP.test(head) ||
    asksForSpeaker(text)
  )
}
