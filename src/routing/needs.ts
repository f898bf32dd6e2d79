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
/** The key of an image; inside a text its quotes are escaped, so a text is not taken for one. */
const IMAGE = '"image_url"'

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
    return (this.#vision ??= this.#body.includes(IMAGE))
  }
}

/** No window is smaller, so below it nobody has to look for images. */
const TOKENS_LOOKED_AT = 2_000

/** What of the needs a model does not meet, or null; what is not known of a model is no hindrance. */
export function unmet({ traits }: Endpoint, needs: Needs): 'context' | 'vision' | null {
  if (traits.contextTokens !== null && needs.tokens > traits.contextTokens) return 'context'
  return traits.vision === false && needs.vision() ? 'vision' : null
}
