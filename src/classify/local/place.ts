/** Buckets of places: near the beginning, the middle, near the end. */
export const PLACES = 12
const PLACE_LIMITS = [2, 6, 14, 30, 62] as const
const MIDDLE = 5

/** Which bucket the piece at `index` of `length` stands in. */
export function placeOf(index: number, length: number): number {
  for (let bucket = 0; bucket < PLACE_LIMITS.length; bucket++) {
    if (index < (PLACE_LIMITS[bucket] ?? 0)) return bucket
  }
  const rest = length - 1 - index
  for (let bucket = 0; bucket < PLACE_LIMITS.length; bucket++) {
    if (rest < (PLACE_LIMITS[bucket] ?? 0)) return PLACES - 1 - bucket
  }
  return MIDDLE
}
