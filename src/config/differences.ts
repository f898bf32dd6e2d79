import type { Path } from './problem.ts'

export interface Difference {
  readonly path: Path
  readonly before: unknown
  /** Undefined: the key is gone. */
  readonly after: unknown
}

/** Where two documents differ, as deep as possible; lists of different lengths differ as a whole. */
export function differences(
  before: unknown,
  after: unknown,
  path: Path = [],
): readonly Difference[] {
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...keys].flatMap((key) => differences(before[key], after[key], [...path, key]))
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => differences(item, after[index], [...path, index]))
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
