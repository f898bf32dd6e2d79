/** A counter or gauge with labels. */
export class Counter {
  readonly #name: string
  readonly #help: string
  readonly #labels: readonly string[]
  readonly #type: 'counter' | 'gauge'
  readonly #values = new Map<string, { readonly labels: readonly string[]; value: number }>()

  constructor(
    name: string,
    help: string,
    labels: readonly string[],
    type: 'counter' | 'gauge' = 'counter',
  ) {
    this.#name = name
    this.#help = help
    this.#labels = labels
    this.#type = type
  }

  add(labels: readonly string[], amount = 1): void {
    const key = labels.join('\0')
    const known = this.#values.get(key)
    if (known === undefined) this.#values.set(key, { labels, value: amount })
    else known.value += amount
  }

  read(labels: readonly string[]): number {
    return this.#values.get(labels.join('\0'))?.value ?? 0
  }

  render(): string {
    let text = `# HELP ${this.#name} ${this.#help}\n# TYPE ${this.#name} ${this.#type}\n`
    if (this.#labels.length === 0) return `${text}${this.#name} ${this.read([])}\n`
    for (const { labels, value } of this.#values.values()) {
      const pairs = this.#labels.map((label, index) => `${label}="${escape(labels[index] ?? '')}"`)
      text += `${this.#name}{${pairs.join(',')}} ${value}\n`
    }
    return text
  }
}

/** A histogram without labels, in seconds. */
export class Histogram {
  readonly #name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0
  #count = 0

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name
    this.#help = help
    this.#bounds = bounds
    this.#counts = bounds.map(() => 0)
  }

  observe(value: number): void {
    this.#sum += value
    this.#count++
    const slot = this.#bounds.findIndex((bound) => value <= bound)
    if (slot >= 0) this.#counts[slot] = (this.#counts[slot] ?? 0) + 1
  }

  render(): string {
    let text = `# HELP ${this.#name} ${this.#help}\n# TYPE ${this.#name} histogram\n`
    let below = 0
    for (const [slot, bound] of this.#bounds.entries()) {
      below += this.#counts[slot] ?? 0
      text += `${this.#name}_bucket{le="${bound}"} ${below}\n`
    }
    text += `${this.#name}_bucket{le="+Inf"} ${this.#count}\n`
    return `${text}${this.#name}_sum ${this.#sum}\n${this.#name}_count ${this.#count}\n`
  }
}

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
