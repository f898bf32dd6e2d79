import type { LineCounter } from 'yaml'

/** Something wrong in a configuration file, with its place. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  /** From 1; 0 where it belongs to the whole file. */
  readonly line: number
  readonly column: number
  /** Dotted path of the value, `` for the document. */
  readonly path: string
  readonly code: string
  readonly message: string
}

export type Path = readonly (string | number)[]

export function placeOf(
  lines: LineCounter,
  offset: number | null,
): { line: number; column: number } {
  if (offset === null) return { line: 0, column: 0 }
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

/** `providers.openai.base_url`, `tiers.t1.models[0]` */
export function showPath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')
}

export function compareProblems(left: Problem, right: Problem): number {
  return left.line - right.line || left.column - right.column
}
