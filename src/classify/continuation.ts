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
  if (plain === '' || isThanks(plain)) return false
  if (LATIN.test(plain) || CHOSEN.test(plain)) return true
  // "好好好" says no more than "好"; repeated words would let the pattern be read in ever more ways.
  const dense = plain.replaceAll(' ', '').replace(/(.)\1+/gu, '$1')
  return OTHER.test(dense) || RESUMED.test(dense)
}

/** A bare "A" or "2" answers a proposal; where nobody proposed anything it stands for itself. */
export function isBareChoice(text: string): boolean {
  return text.length <= CHARS_MAX && /^[^\p{L}\p{N}]*[a-eA-E1-9][^\p{L}\p{N}]*$/u.test(text)
}

const CHARS_MAX = 60
const THUMBS = /^\s*(?:(?:👍|👌|✅|🆗|🚀)[\u{1F3FB}-\u{1F3FF}]?\uFE0F?\s*)+$/u
/** What agents send by themselves where the human is silent. */
const NUDGE =
  /^\s*(?:Continue if you have next steps|Continue: ?"Continue to iterate\?"\s*$|System: Please continue\.?\s*$|This session is being continued from a previous conversation|Another language model started to solve this problem and produced a summary|Summarize the task tool output above and continue with your task|\[TASK RESUMPTION\]|Analyze \*only\* the content and structure of your immediately preceding response)/

/** "ok thanks" orders nothing, "yes please, thanks" and "继续，谢谢" do. */
function isThanks(plain: string): boolean {
  if (/谢|謝/.test(plain)) return POLITE.test(plain)
  const said = plain.split(' ')
  return said.some((word) => THANKS.has(word)) && said.every((word) => ASSENT.has(word))
}

const THANKS: ReadonlySet<string> = new Set(['thanks', 'thx', 'thank', 'ty', 'tks', 'cheers'])
const ASSENT: ReadonlySet<string> = new Set([
  ...THANKS,
  ...'ok okay k kk yes yeah yep yup ya y sure great good fine cool nice perfect right'.split(' '),
  ...'alright all lgtm looks sounds that works exactly correct you so much a lot very'.split(' '),
  ...'many again mate man bro dude'.split(' '),
])
const POLITE = /^[嗯好的了行可以对對是哦啊呀哈吧啦没沒问問题題错錯就这這样樣那嘞滴谢謝多感你您 ]+$/u

/** Words that may surround the order without adding to it. */
const BEFORE = `(?:(?:let s|lets|you can|you may|ok|okay|k|kk|yes|yeah|yep|yup|ya|sure|great|good|fine|cool|nice|perfect|right|alright|thanks|thx|thank you|and|so|now|well|please|pls|plz|just|lgtm|looks good|sounds good|that works|i agree|agreed|approved|exactly|correct|go for it|sorry|hey|(?:you|it|that|the (?:answer|response|output|message)) (?:got|was|were) (?:cut off|cut|interrupted|truncated)|you stopped|it stopped) )*`
const REST = `(?:the rest|the remaining (?:tasks?|steps?|parts?|items?|work|code|ones|changes)|the other (?:tasks|steps|parts|items|ones))(?: of (?:it|them|this|that|the (?:code|file|work|tasks|steps|plan|answer|list)))?`
const AFTER = `(?: (?:please|pls|plz|then|now|thanks|thx|thank you|with it|with that|with this|on|ahead|on (?:it|this|that)|from there|from where you (?:left off|stopped)|where you (?:left off|stopped)|to all|with (?:the )?(?:step|phase|part|option|plan) [a-z0-9]{1,3}|to (?:step|phase|part|stage|task) [a-z0-9]{1,3}|as (?:planned|proposed|discussed|you suggested)|with the (?:plan|implementation|changes?|fix|fixes|work|tasks?|next (?:step|one|part|phase|task)|rest|remaining (?:tasks?|steps?|parts?|items?|work|changes))|to the next(?: step| one)?|the next step|all of (?:it|them)|both|don t stop|without stopping|until (?:it s|you re|you are) (?:done|finished)|mate|man|bro|dude))*`
const ORDER = `(?:continue|cont|contine|contiune|continu|go|go on|go ahead|go for it|goahead|carry on|keep going|keep at it|proceed|procede|resume|next|next step|next one|what s next|whats next|what next|and then|then what|do it|do that|do so|do this|do them all|make it so|ship it|try again|retry|again|once more|one more time|finish it|finish|more|yes|yeah|yep|yup|y|ok|okay|sure|please do|yes do|approved|approve|confirmed|confirm|agreed|lgtm|sounds good|looks good|perfect|exactly|option [abc123]|[123]|the (?:first|second|third) one|implement it|implement that|apply it|apply that|apply the (?:fix|patch|change|changes)|start|begin|(?:continue|keep|keep on|resume) (?:generating|writing|coding|implementing|working|answering)|continue the (?:work|task|implementation|answer|response|output|code|list|process|conversation)|(?:(?:finish|complete|do|continue|write|generate|implement|show|give me|send|output|fix|add|apply|with) )?${REST}|(?:do|fix|finish|complete|implement|apply) (?:all|everything|them all|all three|all of (?:it|them))|you (?:got|were) (?:cut off|interrupted|truncated)|weiter|mach weiter|ja|ja bitte|ja mach das|bitte weiter|fortfahren|continuer?|continuez|vas y|oui|d accord|sigue|continua|continue|adelante|si|sí|dale|sim|pode continuar|prossiga|vai|pode seguir|продолжай|продолжи|давай|давай дальше|дальше|да|да давай)`
/** "... and implement it": what was proposed is to be done. */
const DOING = `(?: (?:and )?(?:implement|fix|do|start|write|build|apply|run|make|finish) (?:it|them|that|this|coding|now))?`
const LATIN = new RegExp(`^${BEFORE}${ORDER}(?: ${ORDER}){0,2}${DOING}${AFTER}$`, 'u')

/** "B", "go with option 2", "the second approach": one of what was proposed. */
const CHOICE = `(?:(?:go with|pick|choose|take) )?(?:(?:option|plan|approach|variant|choice|number) )?(?:[a-e]|[1-9]|the (?:first|second|third|last|former|latter)(?: (?:one|option|approach|plan|variant))?)`
const CHOSEN = new RegExp(`^${BEFORE}${CHOICE}${DOING}${AFTER}$`, 'u')

/** What may stand before the order: assent, or that the answer broke off. */
const FIRST = `(?:嗯|好的?|行|可以|ok|okay|对的?|是的?|没问题|沒問題|没错|沒錯|麻烦|请|請|谢|謝|那|就|你就|咱们?|[又被]*(?:中|截)?[断斷]了|你?[还還]?[没沒]有?(?:写|寫|说|說|讲|做|改|回答|输出|生成|显示)?完(?:成|整)?)*`

// Each word stands once and none is the beginning of another, so that there is one way to read a text.
const OTHER = new RegExp(
  `^${FIRST}(?:继续|繼續|接着来?|接著|接着(?:写|做|说|弄|干)|往下|下一步|下一个|下一條|下一条|再来(?:一次|一遍|一个)?|再試一次|再试一次|重试|可以|可以的|好|好的|好滴|好嘞|行|行吧|嗯|对|是|是的|没错|沒錯|确认|確認|同意|没问题|沒問題|开始吧?|開始|动手吧?|开工|搞吧|弄吧|做吧|来吧|上吧|写吧|改吧|去吧|去(?:做|写|改|弄|办)|然后呢?|然後呢?|接下来呢?|[还還]有呢|[又被]*(?:中|截)?[断斷]了|你?[还還]?[没沒]有?(?:写|寫|说|說|讲|做|改|回答|输出|生成|显示)?完(?:成|整)?|(?:全都|都|全部)(?:做|改|修|要|写|修复|修復|修改|处理|完成|实现|实施|执行|可以)|按(?:你|这个|这样|计划|方案|上面|刚才)[^，。]{0,8}(?:来|做|改|办|弄|执行)|照(?:这个|你说的|做|办)[^，。]{0,4}|执行|執行|就这样|就這樣|这样就行|(?:用|采用|選擇|选择)?(?:方案|第)[一二三四123abcd][个個]?|(?:按|选|選)(?:方案)?[一二三123abc]|(?:用|按|选|選|采用|选择)?第[一二三四五1-5](?:[个個种種]|套)(?:方案|方法|办法|方式|选项)?|続けて|続き|続きを?(?:お願いします|お願い|どうぞ)?|続きを?(?:書いて|教えて|出力して|生成して|作って|見せて)(?:ください)?|続けてください|はい|お願いします|はいお願いします|進めて|進めてください|やって|次|계속|계속해|계속해줘|계속해주세요|네|네계속|응|진행해|진행해줘)(?:继续|写|做|说|下去|干|弄|改|往下|来|执行下一步|执行|下一步|完成|生成|输出|实施|实现|开发|吧|啊|呗|哈|呀|了|哦|呢|的|谢|請|请)*$`,
  'u',
)

/** "继续完成剩余任务", "接着上面的写", "把剩下的写完": what is left of the work, and no other. */
const RESUMED = new RegExp(
  `^${FIRST}(?:继续|繼續|接着|接著|(?:[把将將]|完成)?(?:剩下|剩余|剩餘|其余|其餘|余下|[没沒]写完的|未完成的))(?:继续|刚才|刚刚|之前|上次|上面|上文|上述|前面|后面|下面|剩下|剩余|剩餘|其余|未|没|的|把|将|也|都|全部|所有|任务|任務|工作|部分|内容|步骤|代码|写|寫|做|说|說|讲|干|弄|改|补|完|成|回答|回复|优化|優化|修改|修复|修復|完善|生成|输出|实施|实现|开发|执行|处理|重构|翻译|分析|测试|推进|补充|编写|续写|下去|往下|下一步|下一个|来|好|吧|啊|呗|哈|呀|了|哦|呢|谢|謝|请|請)*$`,
  'u',
)
