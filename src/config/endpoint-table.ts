import type { ConfigDocument } from '../contract/config.ts'
import { deepFreeze } from './deep-freeze.ts'
import { cataloguePrice } from './price-catalogue.ts'
import type { Endpoint, Param, Price, Traits, Upstream } from './snapshot.ts'

/** Clients choose model names; the table must not grow with their imagination. */
const ENDPOINTS_MAX = 10_000

/** Endpoints by upstream and model, made once: their identity stands for the model everywhere. */
export class EndpointTable {
  readonly #document: ConfigDocument
  readonly #endpoints = new Map<string, Endpoint>()

  constructor(document: ConfigDocument) {
    this.#document = document
  }

  get(upstream: Upstream, model: string): Endpoint {
    const id = `${upstream.id}/${model}`
    const known = this.#endpoints.get(id)
    if (known !== undefined) return known
    const endpoint = deepFreeze({
      id,
      upstream,
      model,
      params: this.#params(upstream.id, model, id),
      price: this.#price(upstream, model, id),
      traits: this.#traits(upstream, model, id),
    })
    if (this.#endpoints.size < ENDPOINTS_MAX) this.#endpoints.set(id, endpoint)
    return endpoint
  }

  /** Weakest first: the provider's, the bare model id's, the full id's. */
  #params(provider: string, model: string, id: string): readonly Param[] {
    const { providers, params } = this.#document
    return paramsOf({
      ...providers?.[provider]?.params,
      ...own(params?.models, model),
      ...own(params?.models, id),
    })
  }

  #traits({ origin }: Upstream, model: string, id: string): Traits {
    const { models } = this.#document
    const known = { ...own(models, model), ...own(models, id) }
    const contextTokens = known.context_tokens ?? cataloguePrice(origin, model)?.contextTokens
    return {
      contextTokens: contextTokens ?? null,
      prefill: known.prefill ?? null,
      vision: known.vision ?? null,
      audio: known.audio ?? null,
      files: known.files ?? null,
    }
  }

  /** The operator's price, else the list price. */
  #price({ origin }: Upstream, model: string, id: string): Price | null {
    const price = own(this.#document.prices, id) ?? own(this.#document.prices, model)
    if (price === undefined) return cataloguePrice(origin, model)?.price ?? null
    const { input, output, cached_input: cachedInput } = price
    return { input, output, cachedInput: cachedInput ?? input }
  }
}

/** JSON texts of parameters; null means: remove the field. */
export function paramsOf(values: Readonly<Record<string, unknown>> | undefined): readonly Param[] {
  return Object.entries(values ?? {}).map(([name, value]) => ({
    name,
    json: value === null ? null : JSON.stringify(value),
  }))
}

function own<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined
}
