/** Reading of values whose shape nobody promised: each reader gives the type or nothing. */
export type JsonObject = Readonly<Record<string, unknown>>

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : null
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A member of an object; undefined of anything else. */
export function field(value: unknown, name: string): unknown {
  return asObject(value)?.[name]
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** The parsed value, or undefined where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
