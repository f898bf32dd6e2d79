import { parseDocument } from 'yaml'
import type { Path } from './problem.ts'
import { type ScalarText, scalarsOf } from './scalars.ts'
import {
  findable,
  isSecretPath,
  literalSecrets,
  MASK,
  maskSecret,
  maskValue,
} from './secret-path.ts'

interface SecretScalar extends ScalarText {
  /** What is shown in its place. */
  readonly shown: string
}

const COMMENT = /(?<=^|\s)#.*$/gm

/**
 * The text of a configuration with the secrets in it masked, also where a comment repeats one;
 * everything else stays byte for byte. A text that is no valid YAML may hide secrets from the
 * parser: there the `known` ones are looked for everywhere.
 */
export function maskText(text: string, known: readonly string[] = []): string {
  const secrets = secretsIn(text).filter(({ shown, value }) => shown !== value)
  const masked = replaced(text, secrets, ({ shown, from, to }) => {
    // A block ends with its line.
    const end = text.slice(from, to).endsWith('\n') ? '\n' : ''
    return JSON.stringify(shown) + end
  })
  const literals = literalsOf(secrets)
  const isValid = parseDocument(text).errors.length === 0
  if (!isValid) return scrubbed(masked, [...literals, ...known])
  return masked.replace(COMMENT, (comment) => scrubbed(comment, literals))
}

function scrubbed(text: string, secrets: readonly string[]): string {
  return findable(secrets).reduce(
    (clean, secret) => clean.replaceAll(secret, () => maskSecret(secret)),
    text,
  )
}

/**
 * A masked text with its secrets again: by their place in the text that it was made from, or,
 * where something was moved or renamed, by a mask that only one secret has. `resolved` is what
 * the variables of the text came to, because a document is shown with their masked values.
 */
export function unmaskText(masked: string, original: string, resolved: unknown): string {
  if (masked === maskText(original)) return original
  const known = secretsIn(original)
  const hidden = scalarsOf(parseDocument(masked)).texts.filter(({ value }) => value.includes(MASK))
  const restored = replaced(masked, hidden, (scalar) => {
    const source = sourceOf(scalar, known, { original, resolved })
    return source ?? masked.slice(scalar.from, scalar.to)
  })
  return unmaskComments(restored, literalsOf(known))
}

function sourceOf(
  { path, value }: ScalarText,
  known: readonly SecretScalar[],
  { original, resolved }: { readonly original: string; readonly resolved: unknown },
): string | null {
  const fits = known.filter(
    (secret) => secret.shown === value || maskValue(textAt(resolved, secret.path), path) === value,
  )
  const name = JSON.stringify(path)
  const inPlace = fits.find((secret) => JSON.stringify(secret.path) === name)
  const isOne = new Set(fits.map((secret) => secret.value)).size === 1
  const found = inPlace ?? (isOne && value !== MASK ? fits[0] : undefined)
  if (found === undefined) return null
  const source = original.slice(found.from, found.to)
  // As it was written, where that means the same in every place.
  return /^(?:"[^\n]*"|'[^\n]*'|[\w./+=-]+)$/.test(source) ? source : JSON.stringify(found.value)
}

function textAt(document: unknown, path: Path): string {
  let value = document
  for (const part of path) value = (value as Record<string | number, unknown> | undefined)?.[part]
  return typeof value === 'string' ? value : ''
}

/** What is masked still stands in comments; there the mask alone must say which secret it was. */
function unmaskComments(text: string, secrets: readonly string[]): string {
  const byMask = Map.groupBy(new Set(secrets), maskSecret)
  return [...byMask].reduce((result, [mask, [secret = '', ...others]]) => {
    const isClear = others.length === 0 && mask.length > MASK.length
    if (!isClear) return result
    return result.replace(COMMENT, (comment) => comment.replaceAll(mask, () => secret))
  }, text)
}

function literalsOf(secrets: readonly SecretScalar[]): readonly string[] {
  return secrets.flatMap(({ value, path, anchor }) =>
    // Named from a secret place, it is one wherever it is written.
    isSecretPath(path) || anchor === null ? literalSecrets(value, path) : [value],
  )
}

function replaced<T extends ScalarText>(
  text: string,
  scalars: readonly T[],
  sourceFor: (scalar: T) => string,
): string {
  let result = text
  for (const scalar of scalars.toSorted((left, right) => right.from - left.from)) {
    result = result.slice(0, scalar.from) + sourceFor(scalar) + result.slice(scalar.to)
  }
  return result
}

/** What is written at a secret place, or named there by an alias. */
function secretsIn(text: string): readonly SecretScalar[] {
  const { texts, aliases } = scalarsOf(parseDocument(text))
  const named = new Set(
    aliases.filter(({ path }) => isSecretPath(path)).map(({ anchor }) => anchor),
  )
  return texts
    .map((scalar) => {
      const isNamed = scalar.anchor !== null && named.has(scalar.anchor)
      const shown = isNamed ? maskSecret(scalar.value) : maskValue(scalar.value, scalar.path)
      return { ...scalar, shown }
    })
    .filter(({ shown, value, path }) => shown !== value || isSecretPath(path))
}
