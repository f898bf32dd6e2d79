/** An answer longer than this is an answer, whatever it talks about. */
const MESSAGE_CHARS_MAX = 500
/** How much of a text that opens like an error message is awaited before it is let go. */
const OPENING_CHARS_MAX = 160

/**
 * Tells a provider's error message that came as a 200 answer from an answer. Short texts with a
 * configured keyword are failures, unless the question itself used the word.
 */
export class KeywordJudge {
  readonly #keywords: readonly string[]
  readonly #question: () => string
  #asked: string | null = null

  /** `question` is read only when an answer looks like a failure. */
  constructor(keywords: readonly string[], question: () => string) {
    this.#keywords = keywords
    this.#question = question
  }

  /** The keyword that makes this whole answer a failure, or null. */
  find(text: string): string | null {
    if (text.length > MESSAGE_CHARS_MAX) return null
    const lower = text.toLowerCase()
    return (
      this.#keywords.find((keyword) => lower.includes(keyword) && !this.#isAsked(keyword)) ?? null
    )
  }

  /** Whether the beginning of an answer could still grow into such a message. */
  isOpen(text: string): boolean {
    if (this.#keywords.length === 0 || text.length > MESSAGE_CHARS_MAX) return false
    const lower = text.toLowerCase().trimStart()
    if (lower === '') return true
    const isNear = (keyword: string): boolean =>
      lower.includes(keyword) || endsInside(lower, keyword)
    if (this.#keywords.some((keyword) => isNear(keyword) && !this.#isAsked(keyword))) return true
    return lower.length < OPENING_CHARS_MAX && opensLikeError(lower)
  }

  #isAsked(keyword: string): boolean {
    this.#asked ??= this.#question().toLowerCase()
    return this.#asked.includes(keyword)
  }
}

/** The text stops in the middle of the keyword: `… rate li`. */
function endsInside(text: string, keyword: string): boolean {
  if (text.length < 3) return keyword.startsWith(text)
  for (let length = Math.min(keyword.length - 1, text.length); length >= 3; length--) {
    if (text.endsWith(keyword.slice(0, length))) return true
  }
  return false
}

/** How error messages begin; a text is also held while it is the beginning of one of these. */
const OPENINGS = (
  'error|an error|internal|failed|failure|unable to|cannot|could not|sorry|' +
  "i'm sorry|i am sorry|apologies|oops|unfortunately|we are|we're|too many|request|" +
  "your request|your account|your quota|you have|you exceeded|you are|you've|" +
  'the server|the service|the model|the engine|the upstream|the system|the api|' +
  'the provider|this model|this service|our |server|service|model is|model over|' +
  'system|upstream|provider|api |engine|currently|temporar|due to|rate|quota|limit|' +
  'exceeded|usage|token|daily|monthly|free|account|insufficient|access|warning|' +
  'notice|please|there was|it seems|it looks|all |busy|capacity|high |heavy|gateway|' +
  'backend|http|status|code|429|50|529|[|{|<|⚠|❌|' +
  '抱歉|对不起|很抱歉|非常抱歉|当前|目前|服务|系统|请求|请稍|您的|您已|你的|额度|余额|配额|模型|上游|错误|频率|访问|由于|网络|限流|超出|' +
  '已达|已超|该模型|账户|调用'
).split('|')

function opensLikeError(text: string): boolean {
  return OPENINGS.some((opening) => text.startsWith(opening) || opening.startsWith(text))
}
