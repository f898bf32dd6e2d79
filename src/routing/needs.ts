import type { Endpoint } from '../config/snapshot.ts'

/** What a request needs of a model, whatever its tier. */
export interface Needs {
  /** A lower bound of its prompt tokens: nothing fits below it. */
  readonly tokens: number
  /** It carries images. Looked for when first asked. */
  vision(): boolean
}

/** More bytes per token than prose in any language has, keys and brackets of the JSON included. */
const BYTES_PER_TOKEN_MAX = 4.5
/** What the `type` of an image may be; inside a text its quotes are escaped, so a text is not taken for one. */
const IMAGES: readonly string[] = ['"image_url"', '"image"']
const TYPE = '"type"'

export function needsOf(body: Buffer): Needs {
  return new BodyNeeds(body)
}

/** A class, because an accessor of an object literal is made anew with each request. */
class BodyNeeds implements Needs {
  readonly #body: Buffer
  #vision: boolean | null = null

  constructor(body: Buffer) {
    this.#body = body
  }

  get tokens(): number {
    const tokens = Math.floor(this.#body.length / BYTES_PER_TOKEN_MAX)
    // An image in base64 has many bytes and few tokens: then the length says nothing.
    return tokens > TOKENS_LOOKED_AT && this.vision() ? 0 : tokens
  }

  vision(): boolean {
    return (this.#vision ??= IMAGES.some((image) => isTypeIn(this.#body, image)))
  }
}

/** Whether a `type` is this word: as a key, or as one of an enum, a tool's schema may have it too. */
function isTypeIn(body: Buffer, word: string): boolean {
  for (let at = body.indexOf(word); at !== -1; at = body.indexOf(word, at + word.length)) {
    const colon = beforeSpace(body, at) - 1
    if (body[colon] !== COLON) continue
    const end = beforeSpace(body, colon)
    if (end >= TYPE.length && body.toString('latin1', end - TYPE.length, end) === TYPE) return true
  }
  return false
}

const COLON = 0x3a
const SPACE = 0x20

/** Where the white space that ends at `end` begins. */
function beforeSpace(body: Buffer, end: number): number {
  let at = end
  while (at > 0 && (body[at - 1] ?? COLON) <= SPACE) at -= 1
  return at
}

/** No window is smaller, so below it nobody has to look for images. */
const TOKENS_LOOKED_AT = 2_000

/** What of the needs a model does not meet, or null; what is not known of a model is no hindrance. */
export function unmet({ traits }: Endpoint, needs: Needs): 'context' | 'vision' | null {
  if (traits.contextTokens !== null && needs.tokens > traits.contextTokens) return 'context'
  return traits.vision === false && needs.vision() ? 'vision' : null
}
