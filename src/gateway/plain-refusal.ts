/**
 * Whether a whole answer is nothing but a refusal in plain words, English or Chinese. Only short
 * answers that begin with one are; one that asks for what is missing or goes on with something
 * useful is an answer, and so is one that was asked to refuse, or to translate a refusal.
 */
export function isRefusal(answer: string, ask: () => string): boolean {
  if (answer.length > CHARS_MAX) return false
  const text = answer
    .normalize('NFKC')
    .replaceAll(/[’‘`´]/g, "'")
    .replaceAll(/[*_]/g, '')
    .trim()
  if (!ENGLISH.test(text) && !CHINESE.test(text)) return false
  return !GOES_ON.test(text) && !ABOUT_REFUSING.test(ask())
}

const CHARS_MAX = 300

const any = (...forms: readonly string[]): string => `(?:${forms.join('|')})`

/** Regret and politeness, in any order; a handful, for "hi for hi for…" reads in many ways. */
const SORRY = `(?:${any(
  "(?:i'm|i am|we're|we are)(?: (?:really|very|so|truly|deeply))? sorry",
  "(?:i'm|i am) afraid",
  'sorry',
  'unfortunately',
  '(?:i|we)(?: sincerely)? apologi[sz]e(?: for (?:the|any) (?:inconvenience|confusion))?',
  '(?:my )?apologies',
  '(?:hello|hi|hey|no|thank you|thanks)(?: (?:for|there)(?: [a-z]+){0,3})?',
  'as an? (?:ai|artificial intelligence|large|language)(?: [a-z]+){0,4}',
  "i understand(?: [a-z']+){0,12}",
)}[\\s,.!;:—–-]*(?:(?:but|however|that)[\\s,]+)?){0,4}`
const CANNOT = `(?:i|we)(?:'m| am|'re| are)?(?: (?:just|simply|really|also|must|have to|currently|respectfully|politely))* ${any(
  "can't",
  'cannot',
  'can not',
  "won't",
  'will not',
  '(?:not able|unable|not allowed|not permitted|not going) to',
  'not comfortable(?: with)?',
  '(?:decline|refuse)(?: to)?',
)}(?: (?:directly|currently|ethically))?`
/** These need no object to be a refusal. "I can't help but notice" is none. */
const HELP = `(?:help|assist|comply|engage|participate)(?:ing)?(?=[\\s,.!;]*$|[,.!;]| (?:you|with|in|on|here|further))`
/** These do: an answer may begin with what cannot be given exactly. */
const DO = `(?:answer|respond to|reply to|discuss|talk about|do|fulfil|fulfill|provide|create|generate|write|produce|share|give(?: you)?|support|continue with|complete|process|help (?:to )?create)(?:ing)?`
const WHAT = any(
  '(?:that|this|it|these|those|such|any of (?:that|this))(?: [a-z]+)?(?=[,.!;]|\\s*$| (?:for you|here|as|because|since|due to) )',
  '(?:your|the|any)(?: [a-z]+)? (?:request|question|query|prompt|topic|task)s?\\b',
  '(?:any )?(?:[a-z]+ )?(?:information|assistance|help|instructions|content|guidance|advice)\\b',
)
const ENGLISH = new RegExp(
  `^${SORRY}${any(
    `${CANNOT} ${any(HELP, `${DO} ${WHAT}`)}`,
    '(?:i|we)(?: (?:must|have to|will))?(?: (?:respectfully|politely))? (?:decline|refuse)(?:[.!]| (?:this|that|your|to (?:answer|help|assist|do)))',
    `(?:that|this|it)(?:'s| is) (?:not )?something (?:that )?(?:i|we)(?:'m|'re| am| are)? ?(?:can't |cannot |can |won't |not able to |able to |unable to )?(?:help|assist|do|discuss|provide|support)`,
  )}`,
  'iu',
)

const HELLO = '(?:(?:你|您)好[,!。\\s]*)?'
const REGRET = `(?:(?:我)?(?:非常|很|十分|真的|实在|實在|深感)?(?:抱歉|对不起|對不起|不好意思|遗憾|遺憾)[,。!、~\\s]*)*`
const ROLE =
  '(?:作[为為]一?[个個名]?(?:AI|人工智能|人工智慧|智能|大型?|语言|語言)[^,。]{0,14}[,\\s]*)?'
const NOT =
  '(?:目前|现在|現在|暂时|暫時|恐怕|还|還|也|并|並)?(?:无法|無法|不能|不可以|没有?办法|沒有?辦法|没法|不便|无权|無權|拒绝|拒絕|不会|不會|不愿意?)'
const FOR = '(?:继续|繼續|直接|就此|[为為给給向对對帮幫][您你](?:提供)?|按照?[您你]的)?'
const ACT =
  '(?:回答|回复|回覆|回应|回應|答复|答覆|提供|给出|給出|协助|協助|帮助|幫助|帮忙|幫忙|满足|滿足|完成|执行|執行|处理|處理|讨论|討論|谈论|談論|参与|參與|生成|撰写|撰寫|编写|編寫|创作|創作|支持|遵从|配合)'
/** What is refused is named without saying what it is. */
const THING =
  '(?:[您你](?:完成|处理|解决)?)?(?:[您你]的|[这這]一?[个個方类類样樣]?|那[个個]?|[该該此][类類]?|相[关關]|任何|有[关關]|的|方面|具体|具體|类似|非法|违法|不当|不當|有害|敏感|等){0,6}(?:问题|問題|请求|請求|要求|内容|內容|话题|話題|信息|資訊|资讯|帮助|幫助|协助|協助|服务|服務|任务|任務|指令|需求|建议|建議|方面)?(?=[,。!;~\\s]|$)'
const SUBJECT =
  '(?:我们?|我們|本助手|[这這该該此]个?|您的|你的)?(?:问题|問題|请求|請求|要求|话题|話題)?[,\\s]*我?'
const CHINESE = new RegExp(
  `^${HELLO}${REGRET}${ROLE}(?:但是?|不过)?${SUBJECT}(?:${NOT}${FOR}${ACT}${THING}|[还還][没沒]有?[学學](?:习|習|会|會)(?:如何|怎么|怎麼)?回答)`,
  'iu',
)

/** Something useful after it, or a question for what is missing. */
const GOES_ON =
  /```|^\s*(?:[-•]|\d+[.)])\s|here(?:'s| is| are) |\b(?:please|could you|can you|you can|if you|you could|once you) (?:please )?(?:provide|share|send|upload|paste|attach|specify|clarify|tell me|give me)|without (?:the|more|seeing|any|access|knowing|further)|(?:don't|do not|didn't) (?:see|have|find)|more (?:context|information|details)|[请請][您你]?(?:先)?(?:提供|上传|上傳|补充|補充|发送|发给|告[诉訴]|粘贴|贴出|说明|說明|描述)|更多的?(?:信息|细节|資訊|細節|上下文|背景)|因[为為][您你]?(?:没有|没|沒有)|如下|以下/imu

const ABOUT_REFUSING =
  /\b(?:sorry|apolog|refus|declin|reject|translat|can't|cannot|unable)|抱歉|对不起|對不起|拒绝|拒絕|婉拒|推辞|无法|無法|翻[译譯]/iu
