/**
 * "Thanks, that helps", "你好", "bye", "tell me a joke": nothing in it is about what was said before.
 * Where it also asks for something it is none.
 */
export function isSmallTalk(text: string): boolean {
  if (text.length > CHARS_MAX) return false
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[^\p{L}\p{N}'?]+/gu, ' ')
    .trim()
  if (CHAT.test(plain)) return true
  // "Thanks, is that right?" is about what was said.
  if (plain.includes('?')) return false
  const dense = plain.replaceAll(' ', '')
  if (COMPLAINT.test(dense)) return false
  if (/^[\p{Script=Han}]+$/u.test(dense)) return POLITE_KEY.test(dense) && POLITE.test(dense)
  const words = plain.split(' ')
  return words.some((word) => KEYS.has(word)) && words.every((word) => WORDS.has(word))
}

const CHARS_MAX = 80
const setOf = (words: string): readonly string[] => words.split(/\s+/)

/** What makes it thanks, a greeting, a goodbye. */
const KEYS: ReadonlySet<string> = new Set(
  setOf(`thanks thx thank thankyou ty tysm tks cheers appreciated hi hello hey hiya howdy yo greetings
  bye goodbye cya goodnight merci danke gracias grazie obrigado obrigada спасибо hola bonjour hallo
  привет ciao adios tschüss ありがとう ありがとうございます ありがとうございました こんにちは おはよう
  こんばんは さようなら 감사합니다 고마워 고마워요 안녕 안녕하세요`),
)

/** What is said beside it. */
const WORDS: ReadonlySet<string> = new Set([
  ...KEYS,
  ...setOf(`ok okay k kk yes yeah yep yup ya sure great good fine cool nice perfect right alright all
  lgtm looks sounds that works worked exactly correct you u so much a lot very many again mate man bro
  dude buddy helps helped helpful really truly it's that's this it i'm i just
  awesome amazing excellent brilliant wonderful lovely super got understood makes sense for your the
  help time quick everything later day night evening morning afternoon
  weekend have see take care there everyone friend now well done solved million bunch ton and oh ah
  haha lol wow beaucoup vielen dank muchas mucho big too`),
])

/** Every character of it may stand in thanks, greetings and goodbyes; one of the words must. */
const POLITE =
  /^[嗯好的了行可以对對是哦啊呀哈吧啦没沒问問题題错錯就这這样樣那嘞滴谢謝多感激你您辛苦再见見拜晚早安上中下午喽嘿嗨大家明白懂知道收到棒赞讚太非常很真有用帮幫助忙到我老师師朋友们們]+$/u
const POLITE_KEY =
  /谢|謝|感激|辛苦了|再见|再見|拜拜|晚安|早安|(?:早上|上午|中午|下午|晚上|你|您|大家|老师)好|哈喽|^嗨|^嘿/u

/** "谢谢，没有用" is about the answer. */
const COMPLAINT = /[错錯]|(?<![没沒])有问[题題]|[没沒]有?(?:用|帮|幫)|不(?:对|對|行|好|是|懂|明白)/u

const CHAT =
  /^(?:(?:hi|hello|hey|ok|okay|please|pls|thanks) )?(?:(?:can|could) you )?(?:(?:please )?tell (?:me|us) (?:a|another) (?:\p{L}+ )?joke|(?:hi |hello |hey )?how are you(?: doing)?(?: today)?|who are you|what is your name|what's your name|(?:给我|再|请|能)?(?:讲|说)(?:一)?(?:个|則|则)(?:冷)?笑话(?:吧|听听|给我听)?|你好吗|你是谁|你叫什么(?:名字)?|在吗|在么)(?: please| pls)?\??$/u
