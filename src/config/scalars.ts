import { type Document, isAlias, isPair, isScalar, isSeq, visit } from 'yaml'
import type { Path } from './problem.ts'

/** One text of a document with its place in the source. */
export interface ScalarText {
  readonly path: Path
  readonly value: string
  readonly from: number
  readonly to: number
  readonly anchor: string | null
}

interface Scalars {
  readonly texts: readonly ScalarText[]
  /** Where `*name` stands for a value that is written elsewhere. */
  readonly aliases: readonly { readonly path: Path; readonly anchor: string }[]
}

/** Every text of a document that is a value and not a key. */
export function scalarsOf(document: Document): Scalars {
  const texts: ScalarText[] = []
  const aliases: { path: Path; anchor: string }[] = []
  visit(document, {
    Alias(key, node, ancestors) {
      if (isAlias(node)) aliases.push({ path: pathOf(key, ancestors), anchor: node.source })
    },
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string' || !node.range) return
      const [from, to] = node.range
      const anchor = node.anchor ?? null
      texts.push({ path: pathOf(key, ancestors), value: node.value, from, to, anchor })
    },
  })
  return { texts, aliases }
}

/** Names and positions from the document down to a node. */
export function pathOf(key: unknown, ancestors: readonly unknown[]): Path {
  const path: (string | number)[] = []
  for (const [index, ancestor] of ancestors.entries()) {
    if (isPair(ancestor)) path.push(isScalar(ancestor.key) ? String(ancestor.key.value) : '')
    else if (isSeq(ancestor)) {
      const child = ancestors[index + 1]
      path.push(child === undefined ? Number(key) : ancestor.items.indexOf(child))
    }
  }
  return path
}
