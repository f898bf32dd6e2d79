import { type Document, isScalar, parseDocument, visit } from 'yaml'
import type { Path } from './problem.ts'
import { isSecretPath, MASK, maskSecret } from './secret-path.ts'

interface SecretScalar {
  readonly path: Path
  readonly value: string
  readonly from: number
  readonly to: number
}

/**
 * The text of a configuration with the secrets in it masked; everything else stays byte for byte.
 * `${VAR}` is a name and not a secret.
 */
export function maskText(text: string): string {
  return replaced(
    text,
    secretsIn(text).filter(({ value }) => value !== '' && !/^\$\{[^}]*\}$/.test(value)),
    ({ value }) => maskSecret(value),
  )
}

/** A masked text with its secrets again, taken from the text that it was made from, path by path. */
export function unmaskText(masked: string, original: string): string {
  const known = new Map(secretsIn(original).map(({ path, value }) => [JSON.stringify(path), value]))
  const hidden = secretsIn(masked).filter(({ value }) => value.includes(MASK))
  return replaced(masked, hidden, ({ path, value }) => {
    const secret = known.get(JSON.stringify(path))
    return secret !== undefined && maskSecret(secret) === value ? secret : value
  })
}

function replaced(
  text: string,
  secrets: readonly SecretScalar[],
  valueOf: (secret: SecretScalar) => string,
): string {
  let result = text
  for (const secret of secrets.toSorted((left, right) => right.from - left.from)) {
    const value = JSON.stringify(valueOf(secret))
    result = result.slice(0, secret.from) + value + result.slice(secret.to)
  }
  return result
}

function secretsIn(text: string): readonly SecretScalar[] {
  const document: Document = parseDocument(text)
  const found: SecretScalar[] = []
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string' || !node.range) return
      const path = pathOf(key, ancestors)
      if (isSecretPath(path)) {
        found.push({ path, value: node.value, from: node.range[0], to: node.range[1] })
      }
    },
  })
  return found
}

/** Names and positions from the document down to a scalar. */
function pathOf(key: number | string | null, ancestors: readonly unknown[]): Path {
  const path: (string | number)[] = []
  for (const [index, ancestor] of ancestors.entries()) {
    if (isPairLike(ancestor)) path.push(isScalar(ancestor.key) ? String(ancestor.key.value) : '')
    else if (isSequence(ancestor)) {
      const child: unknown = ancestors[index + 1]
      path.push(child === undefined ? Number(key) : ancestor.items.indexOf(child))
    }
  }
  return path
}

function isPairLike(node: unknown): node is { readonly key: unknown } {
  return (
    typeof node === 'object' &&
    node !== null &&
    'key' in node &&
    'value' in node &&
    !('items' in node)
  )
}

function isSequence(node: unknown): node is { readonly items: readonly unknown[] } {
  return (
    typeof node === 'object' &&
    node !== null &&
    'items' in node &&
    Array.isArray(node.items) &&
    !node.items.some(isPairLike)
  )
}
