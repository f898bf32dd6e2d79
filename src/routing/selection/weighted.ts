import type { Random } from './selection.ts'

/** Weighted sampling without replacement (Efraimidis and Spirakis): sorts by `u^(1/weight)`. */
export function orderByWeight<T>(
  items: readonly T[],
  weightOf: (item: T) => number,
  random: Random,
): readonly T[] {
  if (items.length < 2) return items
  return items
    .map((item) => ({ item, key: Math.log(1 - random()) / Math.max(weightOf(item), 1e-9) }))
    .sort((left, right) => right.key - left.key)
    .map(({ item }) => item)
}
