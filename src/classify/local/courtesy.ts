/** Rounds of taking away: "Hi! Sorry to bother you. Could you please help me with this?" is three. */
const OPENING_ROUNDS_MAX = 6
const CLOSING_ROUNDS_MAX = 5
const CLAUSE_CHARS_MAX = 160
const ENDING_CHARS = 80
const GAP_CHARS_MAX = 64
const WORD_CHARS_MAX = 24
const NAME_CHARS_MAX = 40

/**
 * An ask freed of greetings, pleas and thanks, which change nothing about what it needs. What is
 * nothing else stays as it is. `text` is in lower case.
 */
export function withoutCourtesy(text: string): string {
  const rest = withoutClosing(withoutOpening(text.trim()))
  return /[\p{L}\p{N}]/u.test(rest) ? rest : text
}

function withoutOpening(text: string): string {
  // A program, not a greeting.
  if (/^hello,? world/.test(text)) return text
  let from = 0
  let to = 0
  for (let round = 0; round < OPENING_ROUNDS_MAX && from < text.length; round++) {
    const clause = readClause(text, from)
    if (clause !== null && (clause.marks & (OPENS | REGRETS)) !== 0) {
      from = afterSeparators(text, clause.end)
      // "Sorry, my server is down" is no preface, "Sorry, quick question:" is.
      if ((clause.marks & OPENS) !== 0) to = from
      continue
    }
    const beginning = text.slice(from, from + CLAUSE_CHARS_MAX)
    const length = OPENERS.reduce((sum, one) => sum || (one.exec(beginning)?.[0].length ?? 0), 0)
    if (length === 0) break
    from += length
    to = from
  }
  return text.slice(to)
}

/** What people say before an ask in the same breath. Lower case. */
const OPENERS: readonly RegExp[] = [
  /^(?:hi|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day)|dear (?:assistant|ai|chatgpt|sir|madam|sir or madam|friend|team))(?: there| again| everyone| all)?(?![a-z]|[-./:_][a-z0-9])[\s,.!:;~)-]*/,
  /^(?:(?:could|can|would|will) you (?:please |kindly |maybe )?(?:help|assist) me(?: out)?(?: here)?(?: (?:with|on) (?:this|that|it|something|the (?:following|task|question|problem)(?: below)?)(?: (?:one|question|problem|task))?)?(?: please)?)(?![a-z])[\s?.!:,]*/,
  /^(?:(?:could|can|would) you do me a favou?r|please help(?: me)?(?: out)?(?: here| with (?:this|the following))?)(?![a-z])[\s?.!:,]*/,
  /^(?:please|pls|plz|kindly)(?![a-z])[\s,:]*/,
  /^(?:i )?(?:really )?hope (?:you|this|all|your|everything)[^.!?\n]{0,40} (?:well|great|fine|good|okay|ok)(?: today)?\s?[.!?\n]\s*/,
  /^(?:sorry (?:to|for) (?:bother|disturb|bothering|disturbing)(?: you)?(?: again)?|excuse me|quick (?:question|one)|i (?:have|got|had) (?:a|one|another) (?:quick |small |short |simple )?question(?: for you)?|i was wondering if you could(?: help(?: me)?| assist(?: me)?)?|i need (?:some |your |a bit of )?help(?: with (?:this|the following|something))?|thanks? (?:you )?(?:so much )?in advance|i(?:'d| would) (?:really |very much )?appreciate (?:it|your help))(?![a-z])[\s,.!?:;-]*/,
  /^(?:你好[啊呀]?|您好[啊呀]?|哈喽|哈啰|嗨|在吗|在不在|早上好|上午好|下午好|晚上好|亲爱的(?:助手|朋友)|不好意思(?:打扰(?:了|一下|您|你)*)?|打扰(?:了|一下|您|你)+|请问(?:一下)?|(?:想)?请教(?:一下|你|您|个问题)*)[啊呀呢哦，,。.！!？?：:～~\s]+/,
  /^(?:请问(?:一下)?|(?:麻烦|劳驾|劳烦|辛苦|拜托)(?:你|您|大家)?(?:帮(?:我|忙|个忙|下忙)*)?(?:看(?:一下|看|下)?)?(?:这个|下面)?(?:的?(?:问题|题目))?|(?:能不能|可以|能)?(?:请)?帮我?(?:个忙|看看|看一下|看下|弄一下)(?:这个|下面)?(?:这个|的)?(?:问题|题目)?|有个(?:事|事情|问题)想?(?:问一下|问问|请教|问)?(?:一下)?(?:你|您)?|谢谢(?:你|您)?|多谢)[啊呀呢吗哦，,。.！!？?：:～~\s]+/,
  /^请问(?:一下)?/,
  /^(?:guten (?:tag|morgen|abend)|s'il (?:vous|te) pla[iî]t|buen[oa]s (?:d[ií]as|tardes|noches)|por favor|bom dia|boa tarde)(?!\p{L})[\s,.!:]*/u,
]

function withoutClosing(text: string): string {
  const start = closingStart(text)
  // Its full stop belongs to the ask, a comma to the courtesy.
  const whole =
    start === text.length ? text : text.slice(0, start).replace(/[\s,，、;；-]{1,9}$/, '')
  let to = whole.length
  for (let round = 0; round < 2; round++) {
    const from = Math.max(0, to - ENDING_CHARS)
    const ends = CLOSERS.map((pattern) => whole.slice(from, to).search(pattern))
    const found = ends.find((at) => at >= 0)
    if (found === undefined || isQuoting(whole, from + found)) break
    to = from + found
  }
  // "What is 2 + 2, please?" remains a question.
  return (
    whole.slice(0, to) + (/[,，]\s?[\p{L} ]+[?？]$/u.test(text.slice(to)) ? text.slice(-1) : '')
  )
}

/** The same after an ask. */
const CLOSERS: readonly RegExp[] = [
  /[\s,;-]+(?:please|pls|plz|(?:many |lots of |a lot of )?thanks?(?: you)?(?: so much| very much| a lot| a million| in advance| again)*|thx|ty|cheers|(?:kind |best |warm )?regards|much appreciated|take your time|no (?:rush|hurry)|i(?:'d| would) (?:really |very much |be )?(?:appreciate (?:it|your help)|very grateful|grateful))[\s.!:)]*$/,
  /[\s,]+(?:(?:vielen|besten|herzlichen) dank(?: im voraus)?|mit freundlichen gr[uü](?:ß|ss)en|s'il (?:vous|te) pla[iî]t|merci (?:beaucoup|d'avance)|por favor|much[ao]s gracias)[\s.!]*$/,
  /[，,\s]*(?:谢谢(?:你|您|啦|了|大家)*|多谢(?:多谢|了|啦)*|非常感谢|万分感谢|感谢(?:你|您|不尽)*|辛苦(?:了|你了|您了)|拜托(?:了|啦|你了|您了)|麻烦(?:了|你了|您了))[。.！!～~\s]*$/,
]

/** Where the clauses begin that end the text with nothing but courtesy. */
function closingStart(text: string): number {
  let start = text.length
  let end = beforeSeparators(text, text.length)
  const signed = signatureStart(text, end)
  if (signed !== null) end = beforeSeparators(text, signed)
  for (let round = 0; round < CLOSING_ROUNDS_MAX && end > 0; round++) {
    const at = clauseStart(text, end)
    const clause = at === null ? null : readClause(text, at)
    if (at === null || clause === null || clause.end < end) break
    const { marks } = clause
    if ((marks & (CLOSES | WISHES)) === 0 || marks & ADDRESSES || isQuoting(text, at)) break
    end = beforeSeparators(text, at)
    // "Write a toast, all the best": a wish after a comma may be what is asked for.
    if ((marks & CLOSES) !== 0 || !/[,，、]/.test(text.slice(end, at))) start = at
  }
  return start
}

/** "Translate: thank you" is no thanks. */
function isQuoting(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 4), at).trimEnd()
  return /[:："“「'‘]$/.test(before)
}

/** Where "anna" begins after "kind regards, "; null where nobody signed. */
function signatureStart(text: string, end: number): number | null {
  const at = clauseStart(text, end)
  if (at === null || at === 0 || end - at > NAME_CHARS_MAX) return null
  if (!/^[\p{Ll}'-]+(?: [\p{Ll}'-]+\.?)?$/u.test(text.slice(at, end))) return null
  const words = text.slice(at, end).split(' ')
  const before = beforeSeparators(text, at)
  const isLine = text.slice(before, at).includes('\n')
  if (words.some((word) => NO_NAMES.has(word)) || !(isLine || text[before] === ',')) return null
  const partingAt = clauseStart(text, before)
  const parting = partingAt === null ? null : readClause(text, partingAt)
  if (parting === null || parting.end < before || (parting.marks & SIGNS) === 0) return null
  // "Thanks, formally please" has a comma too.
  const isLetter = /(?:regards|sincerely|wishes)$/.test(text.slice(0, before).slice(-9))
  return isLine || isLetter || words.length === 1 ? at : null
}

/** What a clause of nothing but courtesy does, by its words. */
const FILLS = 0
const OPENS = 1
const CLOSES = 2
const BOTH = OPENS | CLOSES
/** It is courtesy after an ask that has ended. */
const WISHES = 4
/** A name may follow. */
const SIGNS = 8
/** It addresses somebody, which nobody does at the end: "写一首诗，感谢老师" asks for a poem to him. */
const ADDRESSES = 16
/** It is courtesy where another one follows. */
const REGRETS = 32

/** The clause at `from`; null where it has a word that is more than courtesy. */
function readClause(text: string, from: number): { marks: number; end: number } | null {
  let marks = FILLS
  let previous = ''
  let isWide = false
  let at = from
  while (at < text.length && !isSeparator(text, at)) {
    if (at - from > CLAUSE_CHARS_MAX) return null
    const kind = kindAt(text, at)
    if (kind === SPACE || kind === ORNAMENT) {
      // Chinese has no spaces but between sentences.
      if (isWide && kind === SPACE) break
      at++
      continue
    }
    isWide = text.charCodeAt(at) >= WIDE
    const word = isWide ? wideWord(text, at) : latinWord(text, at)
    const mark = LEXICON.get(word)
    if (mark === undefined) return null
    marks |= mark | (previous === '' ? FILLS : (PAIRS.get(`${previous} ${word}`) ?? FILLS))
    previous = isWide ? '' : word
    at += word.length
  }
  return { marks, end: at }
}

/** From here on scripts stand without spaces, or close enough: kana, Han, Hangul. */
const WIDE = 0x3040
const SPACE = 1
const SEPARATOR = 2
/** "hello.py" and "3:4" are words: it separates only where no letter follows. */
const STOP = 4
/** It separates between spaces. */
const DASH = 8
/** It stands beside courtesies and says nothing, as emoji do, whose halves are surrogates. */
const ORNAMENT = 16

/** What a character is, by its code; a table, as every character of many requests is asked. */
const KINDS: Uint8Array = Uint8Array.from({ length: 0x1_0000 }, (_, code) => {
  const char = String.fromCharCode(code)
  if (/[^\S\n]/.test(char)) return SPACE
  if ('\n。！？：，；、—!?,;'.includes(char)) return SEPARATOR
  if ('.:'.includes(char)) return STOP
  if ('-–'.includes(char)) return DASH
  const isEmoji = (code >= 0xd83c && code <= 0xdfff) || (code >= 0x2600 && code <= 0x27bf)
  return isEmoji || '()~～*…\ufe0f'.includes(char) ? ORNAMENT : 0
})

/** Past either end it is nothing. */
function kindAt(text: string, at: number): number {
  return KINDS[text.charCodeAt(at)] ?? 0
}

function isSeparator(text: string, at: number): boolean {
  switch (kindAt(text, at)) {
    case SEPARATOR:
      return true
    case STOP: {
      const after = text.charCodeAt(at + 1)
      return !(after > 0x2f && after < WIDE && KINDS[after] === 0)
    }
    case DASH:
      return kindAt(text, at - 1) === SPACE && kindAt(text, at + 1) === SPACE
    default:
      return false
  }
}

function afterSeparators(text: string, from: number): number {
  let at = from
  const most = Math.min(text.length, from + GAP_CHARS_MAX)
  while (at < most && (isSeparator(text, at) || (kindAt(text, at) & (STOP | ORNAMENT)) !== 0)) at++
  while (at < most && /\s/.test(text.charAt(at))) at++
  return at
}

function beforeSeparators(text: string, to: number): number {
  let at = to
  const least = Math.max(0, to - GAP_CHARS_MAX)
  while (at > least) {
    if ((kindAt(text, at - 1) & (SPACE | ORNAMENT)) === 0 && !isSeparator(text, at - 1)) break
    at--
  }
  return at
}

/** Where the clause that ends at `to` begins; null where that is too far to be courtesy. */
function clauseStart(text: string, to: number): number | null {
  const least = Math.max(0, to - CLAUSE_CHARS_MAX)
  let at = to
  while (at > least && !isSeparator(text, at - 1)) {
    if (text.charCodeAt(at) >= WIDE && kindAt(text, at - 1) === SPACE && at < to) break
    at--
  }
  if (at === least && least > 0) return null
  while (at < to && kindAt(text, at) === SPACE) at++
  return at
}

function latinWord(text: string, from: number): string {
  const most = Math.min(text.length, from + WORD_CHARS_MAX)
  let at = from + 1
  for (; at < most; at++) {
    const code = text.charCodeAt(at)
    if (code >= WIDE || (kindAt(text, at) & (SPACE | ORNAMENT)) !== 0) break
    if (isSeparator(text, at)) break
  }
  return text.slice(from, at).replace('’', "'")
}

/** The longest phrase that stands there, else one character. */
function wideWord(text: string, at: number): string {
  const char = text.charAt(at)
  return WIDE_PHRASES.get(char)?.find((phrase) => text.startsWith(phrase, at)) ?? char
}

function marked(separator: string, words: Readonly<Record<number, string>>): Map<string, number> {
  const pairs = Object.entries(words).flatMap(([mark, list]) =>
    list.split(separator).map((word): [string, number] => [word, Number(mark)]),
  )
  return new Map(pairs)
}

/** The words of courtesies, by what they make of a clause. A clause with any other word stays whole. */
const LEXICON = marked(' ', {
  [FILLS]:
    "i me my you your yours u we us our it this that these those one ones a an the some any bit little few of for to on in at out here there if whether and or so very much really truly greatly just maybe perhaps possibly use mind bear new unclear quick quickly small simple short able would could can may might will should be am are is was were been being i'm i'd i've i'll you're you'd we'd we're it's it'd that'd do does did have having got get had need like love ask asking something anything somebody someone anyone question questions problem issue matter favor favour help helping helpful assist assistance support advice guidance hand give giving lend look looking take taking your time times moment minute minutes second sec whenever when possible possibly free spare chance busy advance bother bothering disturb disturbing interrupt interruption trouble troubling inconvenience wondering wonder hope hoping all everything team guys folks everyone everybody anybody mate mates pal buddy bro friend friends sir madam ma'am assistant ai chatgpt claude again good great nice lovely wonderful amazing well fine ok okay morning afternoon evening day week weekend today doing going best kind kindest warm warmest many lots lot bunch tons ton million sincere stuck lost rush hurry worries know let let's with from right now following below up wanted want wish wishes attention patience consideration effort efforts excuse no not too 一下 一会儿 您 你 妳 我 我们 您的 你的 我的 想 想要 要 了 啊 呀 呢 哦 噢 吗 嘛 吧 啦 哈 哟 的 得 地 们 一个 个 這個 有 有个 有一个 有点 有些 有没有 小 小弟 小妹 小白 新手 人 问题 問題 题目 题 事 事情 这 这个 这里 这边 下面 以下 那个 帮 帮助 协助 支持 看 看看 看一下 看下 看一看 弄 弄一下 问 讨教 能 能不能 能否 可以 可不可以 是否 如果 要是 方便 的话 希望 盼望 期待 能够 得到 先 提前 预先 非常 很 十分 万分 特别 真的 真心 太 衷心 不尽 大家 各位的 解答 指导 工作 生活 学习 一切 天 今天 再次 在此 好 请 給 给 给您 给你 添 对 需要 时间 占用 耽误 几分钟 个忙 抽出 抽空 不懂 不太懂 不太会 一个忙 回复 地方 点 还 也 都 就 又 是 卡 困难 一点 一些 助手 ですが が です ます どうぞ いつも",
  [OPENS | ADDRESSES]:
    'hi hello hey hiya howdy yo greetings hallo servus moin bonjour bonsoir salut hola olá ciao 你好 您好 妳好 大家好 老师好 哈喽 哈啰 哈罗 嗨 嘿 在吗 在么 在不在 早上好 上午好 中午好 下午好 晚上好 早安 不好意思 抱歉 对不起 打扰 打擾 冒昧 请问 請問 请教 請教 问一下 问一问 问问 有个问题 有個問題 有一个问题 一个问题 有个事 有件事 大佬 大神 各位 亲爱的 卡住 求助 遇到 好久不见 老师 朋友 朋友们 同学 请帮 こんにちは こんばんは おはようございます おはよう すみません すみませんが 失礼します はじめまして 안녕하세요 안녕 실례합니다 죄송하지만 здравствуйте привет',
  [BOTH]:
    'please pls plz kindly thank thankful appreciate appreciated appreciation grateful gratitude obliged entschuldigung bitte svp stp obrigado 麻烦 麻煩 劳驾 劳烦 烦请 有劳 拜托 拜託 辛苦 谢过 谢了 感恩 感激 帮忙 幫忙 帮我 幫我 帮个忙 帮一下 帮帮我 指教 指点 赐教 谢谢老师 您的帮助 你的帮助 大家的帮助 お願いします お願いいたします お願い致します よろしく よろしくお願いします よろしくお願いいたします 부탁드립니다 부탁드려요 пожалуйста',
  [BOTH | SIGNS]:
    'thanks thx tysm ty cheers danke merci gracias grazie 谢谢 謝謝 多谢 多謝 感谢 感謝 ありがとう ありがとうございます 감사합니다 고맙습니다 спасибо',
  [REGRETS]: 'sorry apologies pardon dear',
  [CLOSES | SIGNS]: 'regards sincerely mfg',
  [WISHES]:
    '很急 有点急 期待您的 期待你的 祝 祝您 祝你 祝好 顺利 愉快 不着急 不用着急 不急 慢慢来 身体健康 万事如意',
})

/** Neighbouring words that are courtesy only together. */
const PAIRS = marked('|', {
  [OPENS]:
    "sorry to|sorry for|apologies for|good morning|good afternoon|good evening|good day|guten tag|excuse me|could use|may i|new here|mind helping|dear team|dear all|dear friend|dear assistant|was wondering|am wondering|i'm wondering|wondering if|wondering whether|quick question|quick one|a question|small question|bit stuck|i'm stuck|am stuck|really stuck|little stuck|are you",
  [BOTH]:
    'to bother|you mind|bear with|me know|for bothering|bother you|help me|help you|help us|can help|could help|need help|some help|your help|any help|assist me|some assistance|any assistance|your assistance|some guidance|some advice|a hand|a favor|a favour|a minute|a moment|a second|your time|no rush|no hurry|no worries|the trouble',
  [WISHES | OPENS]: 'hope you|hope all|hope your|hope everything|hope this|hope that|hoping you',
  [WISHES]: 'great day|nice day|lovely day|good day|wonderful day|great week|nice evening',
  [CLOSES | SIGNS]: 'best wishes|kind wishes|warm wishes',
})
const WIDE_PHRASES: ReadonlyMap<string, readonly string[]> = Map.groupBy(
  [...LEXICON.keys()]
    .filter((word) => word.charCodeAt(0) >= WIDE)
    .sort((a, b) => b.length - a.length),
  (phrase) => phrase.charAt(0),
)

/** What follows "thanks, " and is no name. */
const NO_NAMES = marked(' ', {
  [FILLS]:
    'in on at with without for to from by using use only but and or not no please be it is the a an as if then now also explain answer continue proceed go fix write translate summarize show give make keep do add list compare try help why how what who when where briefly short shortly step exactly quickly formally step-by-step concisely',
})
