/** Buckets grow by 5 %, so a percentile is at most that far off. Durations below 0.1 ms are one. */
const GROWTH = Math.log(1.05)
const SMALLEST_MS = 0.1

/** A mergeable histogram of durations: bucket -> count. */
export type HistogramCounts = Record<string, number>

export function addDuration(counts: HistogramCounts, ms: number, count = 1): void {
  const bucket = Math.max(0, Math.round(Math.log(Math.max(ms, SMALLEST_MS) / SMALLEST_MS) / GROWTH))
  counts[bucket] = (counts[bucket] ?? 0) + count
}

export function mergeCounts(into: HistogramCounts, from: HistogramCounts): void {
  for (const [bucket, count] of Object.entries(from)) into[bucket] = (into[bucket] ?? 0) + count
}

/** The duration that a bucket stands for. */
export function bucketMs(bucket: number): number {
  return SMALLEST_MS * Math.exp(bucket * GROWTH)
}

/** The duration below which a share of the values lies, or null where there are none. */
export function percentile(counts: HistogramCounts, share: number): number | null {
  const buckets = Object.entries(counts)
    .map(([bucket, count]) => [Number(bucket), count] as const)
    .sort(([left], [right]) => left - right)
  const total = buckets.reduce((sum, [, count]) => sum + count, 0)
  let rank = Math.ceil(total * share)
  for (const [bucket, count] of buckets) {
    rank -= count
    if (rank <= 0) return round(bucketMs(bucket))
  }
  return null
}

export function round(ms: number): number {
  return Math.round(ms * 100) / 100
}
