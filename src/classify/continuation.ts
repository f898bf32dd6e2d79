/**
 * "Go on", "yes please", "继续": a turn that asks for nothing of its own. It keeps the tier of the
 * work it continues. Thanks and goodbyes are not meant: they end the work and cost nothing.
 */
export function isContinuation(text: string): boolean {
  if (NUDGE.test(text)) return true
  if (text.length > CHARS_MAX) return false
  if (THUMBS.test(text)) return true
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{P}\p{S}\s]+/gu, ' ')
    .trim()
  if (plain === '') return false
  // "好好好" says no more than "好"; repeated words would let the pattern be read in ever more ways.
  return LATIN.test(plain) || OTHER.test(plain.replaceAll(' ', '').replace(/(.)\1+/gu, '$1'))
}

const CHARS_MAX = 60
const THUMBS = /^\s*(?:(?:👍|👌|✅|🆗|🚀)[\u{1F3FB}-\u{1F3FF}]?\uFE0F?\s*)+$/u
/** What agents send by themselves where the human is silent. */
const NUDGE = /^\s*(?:Continue if you have next steps|System: Please continue\.?\s*$)/

/** Words that may surround the order without adding to it. */
const BEFORE = `(?:(?:let s|lets|you can|you may|ok|okay|k|kk|yes|yeah|yep|yup|ya|sure|great|good|fine|cool|nice|perfect|right|alright|thanks|thx|and|so|now|well|please|pls|plz|just|lgtm|looks good|sounds good|that works|i agree|agreed|approved|exactly|correct|go for it) )*`
const AFTER = `(?: (?:please|pls|plz|then|now|thanks|thx|with it|with that|with this|on|ahead|from there|from where you (?:left off|stopped)|where you (?:left off|stopped)|to all|with (?:the )?(?:step|phase|part|option|plan) [a-z0-9]{1,3}|as (?:planned|proposed|discussed|you suggested)|with the plan|to the next(?: step| one)?|the next step|all of (?:it|them)|both|mate|man|bro|dude))*`
const ORDER = `(?:continue|cont|contine|contiune|continu|go|go on|go ahead|go for it|goahead|carry on|keep going|keep at it|proceed|procede|resume|next|next step|next one|do it|do that|do so|do this|do them all|make it so|ship it|try again|retry|again|once more|one more time|finish it|finish|more|yes|yeah|yep|yup|y|ok|okay|sure|please do|yes do|approved|approve|confirmed|confirm|agreed|lgtm|sounds good|looks good|perfect|exactly|option [abc123]|[123]|the (?:first|second|third) one|implement it|implement that|apply it|apply that|apply the (?:fix|patch|change|changes)|start|begin|weiter|mach weiter|ja|ja bitte|ja mach das|bitte weiter|fortfahren|continuer?|continuez|vas y|oui|d accord|sigue|continua|continue|adelante|si|sí|dale|sim|pode continuar|prossiga|vai|pode seguir|продолжай|продолжи|давай|давай дальше|дальше|да|да давай)`
/** "... and implement it": what was proposed is to be done. */
const DOING = `(?: (?:and )?(?:implement|fix|do|start|write|build|apply|run|make|finish) (?:it|them|that|this|coding|now))?`
const LATIN = new RegExp(`^${BEFORE}${ORDER}(?: ${ORDER}){0,2}${DOING}${AFTER}$`, 'u')

// Each word stands once and none is the beginning of another, so that there is one way to read a text.
const OTHER =
  /^(?:嗯|好的?|行|可以|ok|okay|对的?|是的?|没问题|沒問題|麻烦|请|請|那|就|你就|咱们?)*(?:继续|繼續|接着来?|接著|接着(?:写|做|说|弄|干)|往下|下一步|下一个|下一條|下一条|再来一次|再試一次|再试一次|重试|可以|可以的|好|好的|好滴|好嘞|行|行吧|嗯|对|是|是的|确认|確認|同意|没问题|沒問題|开始吧?|開始|动手吧?|开工|搞吧|弄吧|做吧|来吧|上吧|写吧|改吧|按(?:你|这个|这样|计划|方案|上面|刚才)[^，。]{0,8}(?:来|做|改|办|弄|执行)|照(?:这个|你说的|做|办)[^，。]{0,4}|执行|執行|就这样|就這樣|这样就行|用(?:方案|第)[一二三123ab]个?|(?:按|选|選)(?:方案)?[一二三123abc]|第[一二三]个|続けて|続き|続きを?(?:お願いします|お願い|どうぞ)?|続けてください|はい|お願いします|はいお願いします|進めて|進めてください|やって|次|계속|계속해|계속해줘|계속해주세요|네|네계속|응|진행해|진행해줘)(?:继续|写|做|说|下去|干|弄|改|往下|来|执行下一步|执行|下一步|完成|生成|输出|实施|实现|开发|吧|啊|呗|哈|呀|了|哦|的|谢|請|请)*$/u
