import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly type?: string
  readonly description?: string
}

/** Completes the keys of a block of YAML, and values that are one of a few, from a JSON Schema. */
export function schemaCompletion(schema: unknown) {
  return (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos)
    const before = line.text.slice(0, context.pos - line.from)
    const value = /^\s*(?:- )?([\w$.-]+):\s+(\S*)$/.exec(before)
    const path = pathAt(context, line.number, indentOf(before))
    if (value !== null) {
      const options = valuesOf(at(schema as Schema, [...path, value[1] ?? '']))
      return options.length === 0 ? null : { from: context.pos - (value[2]?.length ?? 0), options }
    }
    const key = /^\s*(?:- )?([\w$-]*)$/.exec(before)
    if (key === null || (key[1] === '' && !context.explicit)) return null
    const options = keysOf(at(schema as Schema, path))
    return options.length === 0 ? null : { from: context.pos - (key[1]?.length ?? 0), options }
  }
}

/** The keys above a line, by their indentation. */
function pathAt(context: CompletionContext, lineNumber: number, indent: number): string[] {
  const path: string[] = []
  let limit = indent
  for (let number = lineNumber - 1; number >= 1 && limit > 0; number--) {
    const { text } = context.state.doc.line(number)
    const match = /^(\s*)(- )?([\w$.-]+):/.exec(text)
    if (match === null || text.trimStart().startsWith('#')) continue
    const depth = (match[1] ?? '').length
    if (depth >= limit) continue
    path.unshift(match[3] ?? '')
    limit = depth
  }
  return path
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length
}

function at(schema: Schema, path: readonly string[]): readonly Schema[] {
  let here: readonly Schema[] = flat(schema)
  for (const name of path) {
    here = here.flatMap((one) => {
      const next =
        one.properties?.[name] ?? one.items?.properties?.[name] ?? one.additionalProperties
      return typeof next === 'object' ? flat(next) : []
    })
  }
  return here
}

function flat(schema: Schema): readonly Schema[] {
  return [
    schema,
    ...(schema.anyOf ?? []).flatMap(flat),
    ...(schema.items === undefined ? [] : flat(schema.items)),
  ]
}

function keysOf(schemas: readonly Schema[]): Completion[] {
  return schemas.flatMap(({ properties = {} }) =>
    Object.entries(properties).map(([label, { description, type }]) => ({
      label,
      apply: type === 'object' || type === 'array' ? `${label}:` : `${label}: `,
      type: 'property',
      ...(description === undefined ? {} : { info: description }),
    })),
  )
}

function valuesOf(schemas: readonly Schema[]): Completion[] {
  return schemas.flatMap((schema) => {
    const values = schema.enum ?? (schema.type === 'boolean' ? [true, false] : [])
    return values.map((value) => ({ label: String(value), type: 'enum' }))
  })
}
