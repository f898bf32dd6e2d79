/** Reads JSON of unknown form: providers answer as they like, and a page must show it nevertheless. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

/** Empty where there is no text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Empty where there is no list. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : []
}
