const ENDPOINTS_MAX = 1_000
const PARAMS_MAX = 20
/** What was refused once may be understood after the vendor's next release. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000

/** Parameters an endpoint has refused by name: they are left out from then on. */
export class LearnedParams {
  readonly #now: () => number
  readonly #refused = new Map<string, { readonly names: Set<string>; at: number }>()

  constructor(now: () => number) {
    this.#now = now
  }

  of(endpointId: string): ReadonlySet<string> {
    const entry = this.#refused.get(endpointId)
    if (entry === undefined) return NONE
    if (this.#now() - entry.at < FORGOTTEN_AFTER_MS) return entry.names
    this.#refused.delete(endpointId)
    return NONE
  }

  /** Returns false where it was known already: leaving it out did not help. */
  learn(endpointId: string, name: string): boolean {
    let entry = this.#refused.get(endpointId)
    if (entry === undefined) {
      if (this.#refused.size >= ENDPOINTS_MAX) return false
      entry = { names: new Set(), at: this.#now() }
      this.#refused.set(endpointId, entry)
    }
    if (entry.names.has(name) || entry.names.size >= PARAMS_MAX) return false
    entry.names.add(name)
    entry.at = this.#now()
    return true
  }
}

const NONE: ReadonlySet<string> = new Set()
