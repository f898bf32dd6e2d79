/** T1 simple, T2 routine work, T3 deep reasoning. */
export type Tier = 't1' | 't2' | 't3'

export const TIERS: readonly Tier[] = ['t1', 't2', 't3']

/** A tier as its place among three numbers. */
export type TierIndex = 0 | 1 | 2

export function tierIndex(tier: Tier): TierIndex {
  return tier === 't1' ? 0 : tier === 't2' ? 1 : 2
}
