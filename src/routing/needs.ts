import type { Endpoint } from '../config/snapshot.ts'
import { fewestTokens } from './fewest-tokens.ts'

/** What a request needs of a model, whatever its tier. */
export interface Needs {
  /** A lower bound of its prompt tokens: nothing fits below it. */
  readonly tokens: number
  /** The same against one window, counted no further than that takes; not known of a kept number. */
  isLongerThan?(window: number): boolean
  /** It carries images. Looked for when first asked. */
  vision(): boolean
  /** The same of sound and of files; not known of what was kept without them. */
  audio?(): boolean
  files?(): boolean
}

/** A word that is counted has a letter and something that ends it: below this nobody has to look. */
const BYTES_PER_TOKEN_MIN = 2
/** What the `type` of such a part may be; inside a text its quotes are escaped, so a text is not taken for one. */
const IMAGES: readonly string[] = ['"image_url"', '"image"']
const SOUNDS: readonly string[] = ['"input_audio"', '"audio_url"', '"audio"']
const FILES: readonly string[] = ['"file"', '"input_file"', '"document"']
const TYPE = '"type"'

export function needsOf(body: Buffer): Needs {
  return new BodyNeeds(body)
}

/** A class, because an accessor of an object literal is made anew with each request. */
class BodyNeeds implements Needs {
  readonly #body: Buffer
  #vision: boolean | null = null
  #audio: boolean | null = null
  #files: boolean | null = null
  /** The bound as far as it was counted, and the smallest window that it is known not to exceed. */
  #tokens = 0
  #fits = Number.POSITIVE_INFINITY
  #isWhole = false

  constructor(body: Buffer) {
    this.#body = body
  }

  get tokens(): number {
    if (!this.#isWhole) this.#tokens = fewestTokens(this.#body, Number.POSITIVE_INFINITY)
    this.#isWhole = true
    return this.#tokens
  }

  isLongerThan(window: number): boolean {
    if (this.#tokens > window) return true
    if (window >= this.#fits || this.#body.length < window * BYTES_PER_TOKEN_MIN) return false
    this.#tokens = fewestTokens(this.#body, window)
    if (this.#tokens > window) return true
    this.#fits = window
    return false
  }

  vision(): boolean {
    return (this.#vision ??= carries(this.#body, IMAGES))
  }

  audio(): boolean {
    return (this.#audio ??= carries(this.#body, SOUNDS))
  }

  files(): boolean {
    return (this.#files ??= carries(this.#body, FILES))
  }
}

function carries(body: Buffer, types: readonly string[]): boolean {
  return types.some((type) => isTypeIn(body, type))
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

/** What of the needs a model does not meet, or null; what is not known of a model is no hindrance. */
export function unmet({ traits }: Endpoint, needs: Needs): Unmet | null {
  if (traits.contextTokens !== null && isLonger(needs, traits.contextTokens)) return 'context'
  if (traits.vision === false && needs.vision()) return 'vision'
  if (traits.audio === false && needs.audio?.() === true) return 'audio'
  return traits.files === false && needs.files?.() === true ? 'files' : null
}

type Unmet = 'context' | 'vision' | 'audio' | 'files'

function isLonger(needs: Needs, window: number): boolean {
  return needs.isLongerThan?.(window) ?? needs.tokens > window
}
