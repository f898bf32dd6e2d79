import { isMap, parseDocument } from 'yaml'
import { differences } from './differences.ts'

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
    if (after === undefined) document.deleteIn(path)
    else document.setIn(path, document.createNode(after))
  }
  return document.toString({ lineWidth: 0 })
}
