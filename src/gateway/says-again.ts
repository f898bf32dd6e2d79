/**
 * "Regenerate", "wrong, try again", "重新生成": a whole message that wants another answer to what was
 * asked before. "Another one" and "say it differently" are new asks.
 */
export function saysAgain(text: string): boolean {
  if (text.length > CHARS_MAX) return false
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[’']/g, '')
    .replace(/[\p{P}\p{S}\s]+/gu, ' ')
    .trim()
  return ENGLISH.test(plain) || CHINESE.test(plain.replaceAll(' ', ''))
}

const CHARS_MAX = 60

const WRONG = `(?:(?:no|nope|hmm|sorry|but|(?:thats|that is|this is|its|it is|you are|youre|your answer is|the answer is)|still|completely|totally|all|wrong|incorrect|false|bad|terrible|not (?:right|correct|good(?: enough)?|true|it|what i (?:asked|wanted|meant)(?: for)?)|answer) )*`
const PLEASE = '(?:(?:please|pls|plz|ok|okay|and|so|now|just|can you|could you|you should|lets) )*'
const IT =
  '(?: (?:it|this|that|the|your|last|previous|above|whole|question|answer|response|reply|output|message|result))*'
const AGAIN = '(?:again|once more|one more time|anew|from scratch)'
const ORDER = `(?:re ?(?:generate|try|do|answer|write)${IT}|(?:try|do|answer|generate|write|think|check)${IT} ${AGAIN}|do${IT} over|give(?: me)? (?:another|a new|a different|a better) (?:answer|response|reply)|give it another try|(?:another|new) (?:answer|response|try))`
const ENGLISH = new RegExp(
  `^${WRONG}${PLEASE}${ORDER}(?: (?:please|pls|plz|thanks|thank you|properly|correctly|carefully|better))*$`,
  'u',
)

// Each loop is one list of words none of which is made of others: "好好好…" has one reading.
const BAD =
  '(?:不|还是|還是|完全|你|这个?|這個?|上面|刚才|剛才|对|對|错误?|錯誤?|行|好|是|满意|滿意|正确|正確|答案|回答|有误|有誤|啊|呀|吧|了|的)*'
const MIND = '(?:请|請|麻烦|麻煩|帮我|幫我|给我|給我|你|能不能|能|可以|那|就)*'
const ONCE = '(?:[一1]?(?:下|次|遍|回))?'
const AFRESH = `(?:重新?(?:生成|產生|产生|回答|回覆|回复|作答|答|来过?|來過?|写|寫|做|试|試|输出|輸出|想|思考|考虑|考慮)${ONCE}|再(?:试|試|答|回答|生成|写|寫|做|来|來|想)[一1]?(?:下|次|遍|回)|换[一1]?个(?:回答|答案)|換[一1]?個(?:回答|答案))`
const CHINESE = new RegExp(
  `^${BAD}${MIND}(?:把?(?:这个?|這個?|上面的?|刚才的?|剛才的?)?(?:问题|問題|答案|回答|内容|內容)?)${AFRESH}(?:这个?|這個?)?(?:问题|問題|答案|回答|内容|內容)?(?:吧|吗|嗎|好吗|好嗎|可以吗|谢谢|謝謝)*$`,
  'u',
)
