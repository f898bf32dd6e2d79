import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** What a `${…}` stands for, or why it stands for nothing. */
export type Interpolated =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unset'; readonly name: string }
  | { readonly kind: 'required'; readonly name: string; readonly detail: string }
  | { readonly kind: 'unreadable'; readonly path: string; readonly detail: string }

export interface InterpolationSource {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Files are relative to the configuration's folder. */
  readonly configPath: string | null
}

/** `$${`, `${file:…}`, or `${NAME}` with an optional `:-default` or `:?message`. */
const REFERENCE =
  /\$(?<escaped>\$\{)|\$\{(?:file:(?<file>[^}]+)|(?<name>[A-Za-z_]\w*)(?::(?<operator>[-?])(?<argument>[^}]*))?)\}/g

/**
 * Replaces `${VAR}`, `${VAR:-default}`, `${VAR:?message}` and `${file:PATH}`; `$${` is a plain
 * `${`. An empty variable counts as unset for a default, as in a shell.
 */
export function interpolate(text: string, source: InterpolationSource): Interpolated {
  let failure: Interpolated | null = null
  const result = text.replace(REFERENCE, (...match: unknown[]) => {
    const reference = match.at(-1) as Partial<Record<string, string>>
    if (reference['escaped'] !== undefined) return '${'
    const value = resolveReference(reference, source)
    if (value.kind === 'text') return value.text
    failure ??= value
    return ''
  })
  return failure ?? { kind: 'text', text: result }
}

function resolveReference(
  { file, name, operator, argument }: Partial<Record<string, string>>,
  source: InterpolationSource,
): Interpolated {
  if (file !== undefined) return readFile(file, source)
  return readVariable(name ?? '', operator, argument ?? '', source)
}

function readVariable(
  name: string,
  operator: string | undefined,
  argument: string,
  { env }: InterpolationSource,
): Interpolated {
  const value = env[name]
  if (value !== undefined && (value !== '' || operator === undefined))
    return { kind: 'text', text: value }
  if (operator === '-') return { kind: 'text', text: argument }
  if (operator === '?') return { kind: 'required', name, detail: argument }
  return { kind: 'unset', name }
}

function readFile(file: string, { configPath }: InterpolationSource): Interpolated {
  const path = resolve(configPath === null ? '.' : dirname(configPath), file)
  try {
    return { kind: 'text', text: readFileSync(path, 'utf8').replace(/\r?\n$/, '') }
  } catch (error) {
    return {
      kind: 'unreadable',
      path,
      detail: error instanceof Error ? error.message : String(error),
    }
  }
}
