import { type Document, isAlias, isMap, parseDocument } from 'yaml'
import { differences } from './differences.ts'
import type { Path } from './problem.ts'

/**
 * Changes the text of a configuration so that it says `next` where it said `shown`. Only what
 * differs is touched: comments, order, `${VAR}` and values that were shown masked stay as they are.
 */
export function editConfigText(text: string, shown: unknown, next: unknown): string {
  const document = parseDocument(text)
  if (document.contents === null || !isMap(document.contents)) {
    document.contents = document.createNode({}) as never
  }
  for (const { path, after } of differences(shown, next)) {
    const alias = aliasAbove(document, path)
    if (alias !== null) document.setIn(alias, document.createNode(valueAt(next, alias)))
    else if (after === undefined) document.deleteIn(path)
    else document.setIn(path, document.createNode(after))
  }
  return document.toString({ lineWidth: 0 })
}

/** The place of an alias that a path leads through: what it names cannot differ in one place. */
function aliasAbove(document: Document, path: Path): Path | null {
  for (let length = 1; length < path.length; length++) {
    const above = path.slice(0, length)
    if (isAlias(document.getIn(above, true))) return above
  }
  return null
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value
  for (const part of path) found = (found as Record<string | number, unknown> | undefined)?.[part]
  return found
}
