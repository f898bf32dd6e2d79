import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Price } from './snapshot.ts'

export interface CataloguePrice {
  readonly price: Price
  readonly contextTokens: number | null
}

type Row = readonly [
  pattern: string,
  input: number,
  output: number,
  cached: number | null,
  context: number | null,
]

interface Listed {
  readonly pattern: string
  readonly models: readonly Row[]
}

/** Lies beside the code, at the same depth from source and from the built package. */
const FILE = fileURLToPath(new URL('../../assets/prices.json', import.meta.url))
/** No model has a longer name; only clients that try what happens do. */
const MODEL_CHARS_MAX = 200

let catalogue: readonly PriceList[] | null = null

/** The list price of a model, by the address of its provider; null where none is known. */
export function cataloguePrice(origin: string, model: string): CataloguePrice | null {
  if (/^https?:\/\/(?:localhost|127\.|\[::1\])/.test(origin)) return null
  if (model.length > MODEL_CHARS_MAX) return null
  catalogue ??= readCatalogue().map((listed) => new PriceList(listed))
  return catalogue.find((list) => list.isOf(origin))?.find(model) ?? null
}

/** Prices of one provider. Patterns are compiled once: clients choose the names looked up here. */
class PriceList {
  readonly #pattern: RegExp
  readonly #models: readonly Row[]
  #compiled: readonly { readonly pattern: RegExp; readonly found: CataloguePrice }[] | null = null

  constructor({ pattern, models }: Listed) {
    this.#pattern = new RegExp(pattern, 'i')
    this.#models = models
  }

  isOf(origin: string): boolean {
    return this.#pattern.test(origin)
  }

  find(model: string): CataloguePrice | null {
    this.#compiled ??= this.#models.map(([pattern, input, output, cached, contextTokens]) => ({
      pattern: new RegExp(pattern, 'i'),
      found: { price: { input, output, cachedInput: cached ?? input }, contextTokens },
    }))
    return this.#compiled.find(({ pattern }) => pattern.test(model))?.found ?? null
  }
}

/** Without the file nothing has a list price; the gateway works all the same. */
function readCatalogue(): readonly Listed[] {
  try {
    const { providers } = JSON.parse(readFileSync(FILE, 'utf8')) as { providers: Listed[] }
    return providers
  } catch {
    return []
  }
}
