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

interface Catalogue {
  readonly providers: readonly {
    readonly id: string
    readonly pattern: string
    readonly models: readonly Row[]
  }[]
}

/** Lies beside the code, at the same depth from source and from the built package. */
const FILE = fileURLToPath(new URL('../../assets/prices.json', import.meta.url))

let catalogue: Catalogue | null = null

/** The list price of a model, by the address of its provider; null where none is known. */
export function cataloguePrice(origin: string, model: string): CataloguePrice | null {
  if (/^https?:\/\/(?:localhost|127\.|\[::1\])/.test(origin)) return null
  catalogue ??= readCatalogue()
  const provider = catalogue.providers.find(({ pattern }) => new RegExp(pattern, 'i').test(origin))
  const row = provider?.models.find(([pattern]) => new RegExp(pattern, 'i').test(model))
  if (row === undefined) return null
  const [, input, output, cached, contextTokens] = row
  return { price: { input, output, cachedInput: cached ?? input }, contextTokens }
}

/** Without the file nothing has a list price; the gateway works all the same. */
function readCatalogue(): Catalogue {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Catalogue
  } catch {
    return { providers: [] }
  }
}
