/** What people say before an ask without asking for anything. Lower case. */
const OPENERS: readonly RegExp[] = [
  /^(?:hi|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day)|dear (?:assistant|ai|chatgpt|sir|madam|sir or madam|friend|team))(?: there| again| everyone| all)?(?![a-z])[\s,.!:;~)-]*/,
  /^(?:(?:could|can|would|will) you (?:please |kindly |maybe )?(?:help|assist) me(?: out)?(?: here)?(?: (?:with|on) (?:this|that|it|something|the (?:following|task|question|problem)(?: below)?)(?: (?:one|question|problem|task))?)?(?: please)?)(?![a-z])[\s?.!:,]*/,
  /^(?:(?:could|can|would) you do me a favou?r|please help(?: me)?(?: out)?(?: here| with (?:this|the following))?)(?![a-z])[\s?.!:,]*/,
  /^(?:please|pls|plz|kindly)(?![a-z])[\s,:]*/,
  /^i (?:really )?hope (?:you|this|all|your)[^.!?\n]{0,50}[.!?\n]\s*/,
  /^(?:sorry (?:to|for) (?:bother|disturb|bothering|disturbing)(?: you)?(?: again)?|excuse me|quick (?:question|one)|i (?:have|got|had) (?:a|one|another) (?:quick |small |short |simple )?question(?: for you)?|i was wondering if you could(?: help(?: me)?| assist(?: me)?)?|i need (?:some |your |a bit of )?help(?: with (?:this|the following|something))?|thanks? (?:you )?(?:so much )?in advance|i(?:'d| would) (?:really |very much )?appreciate (?:it|your help))(?![a-z])[\s,.!?:;-]*/,
  /^(?:你好[啊呀]?|您好[啊呀]?|哈喽|哈啰|嗨|在吗|在不在|早上好|上午好|下午好|晚上好|亲爱的(?:助手|朋友)|不好意思(?:打扰(?:了|一下|您|你)*)?|打扰(?:了|一下|您|你)+|请问(?:一下)?|(?:想)?请教(?:一下|你|您|个问题)*)[啊呀呢哦，,。.！!？?：:～~\s]+/,
  /^(?:请问(?:一下)?|(?:麻烦|劳驾|劳烦|辛苦|拜托)(?:你|您|大家)?(?:帮(?:我|忙|个忙|下忙)*)?(?:看(?:一下|看|下)?)?(?:这个|下面)?(?:的?(?:问题|题目))?|(?:能不能|可以|能)?(?:请)?帮我?(?:个忙|看看|看一下|看下|弄一下)(?:这个|下面)?(?:这个|的)?(?:问题|题目)?|有个(?:事|事情|问题)想?(?:问一下|问问|请教|问)?(?:一下)?(?:你|您)?|谢谢(?:你|您)?|多谢)[啊呀呢吗哦，,。.！!？?：:～~\s]+/,
  /^请问(?:一下)?/,
]

/** The same after an ask. */
const CLOSERS: readonly RegExp[] = [
  /[\s,.!;-]+(?:please|pls|plz|(?:many |lots of |a lot of )?thanks?(?: you)?(?: so much| very much| a lot| a million| in advance| again)*|thx|ty|cheers|(?:kind |best |warm )?regards|much appreciated|i(?:'d| would) (?:really |very much |be )?(?:appreciate (?:it|your help)|very grateful|grateful))[\s.!:)]*$/,
  /[，,。.！!\s]*(?:谢谢(?:你|您|啦|了|大家)*|多谢(?:多谢|了|啦)*|非常感谢|万分感谢|感谢(?:你|您|不尽)*|辛苦(?:了|你了|您了)|拜托(?:了|啦|你了|您了)|麻烦(?:了|你了|您了))[。.！!～~\s]*$/,
]

/** Rounds of taking away: "Hi! Sorry to bother you. Could you please help me with this?" is three. */
const ROUNDS_MAX = 4
const ENDING_CHARS = 80

/**
 * An ask freed of greetings, pleas and thanks, which change nothing about what it needs. What is
 * nothing else stays as it is. `text` is in lower case.
 */
export function withoutCourtesy(text: string): string {
  const rest = withoutClosing(withoutOpening(text.trim()))
  return /[\p{L}\p{N}]/u.test(rest) ? rest : text
}

function withoutOpening(text: string): string {
  let from = 0
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const beginning = text.slice(from, from + 2 * ENDING_CHARS)
    const opener = OPENERS.find((pattern) => pattern.test(beginning))
    if (opener === undefined) break
    from += opener.exec(beginning)?.[0].length ?? 0
  }
  return text.slice(from)
}

function withoutClosing(text: string): string {
  let to = text.length
  for (let round = 0; round < 2; round++) {
    const start = Math.max(0, to - ENDING_CHARS)
    const ending = text.slice(start, to)
    const found = CLOSERS.map((pattern) => ending.search(pattern)).find((at) => at >= 0)
    if (found === undefined) break
    to = start + found
  }
  return text.slice(0, to)
}
