import { isMap, parseDocument } from 'yaml'

type Path = readonly (string | number)[]

/**
 * Changes the text of a configuration so that it says `next` where it said `shown`. Only what
 * differs is touched: comments, order, `${VAR}` and values that were shown masked stay as they are.
 */
export function editConfigText(text: string, shown: unknown, next: unknown): string {
  const document = parseDocument(text)
  if (document.contents === null || !isMap(document.contents)) {
    document.contents = document.createNode({}) as never
  }
  for (const { path, value } of differences(shown, next, [])) {
    if (value === undefined) document.deleteIn(path)
    else document.setIn(path, document.createNode(value))
  }
  return document.toString({ lineWidth: 0 })
}

interface Difference {
  readonly path: Path
  /** Undefined: the key is gone. */
  readonly value: unknown
}

function differences(before: unknown, after: unknown, path: Path): readonly Difference[] {
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...keys].flatMap((key) => differences(before[key], after[key], [...path, key]))
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => differences(item, after[index], [...path, index]))
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, value: after }]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
