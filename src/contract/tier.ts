/** T1 simple, T2 routine work, T3 deep reasoning. */
export type Tier = 't1' | 't2' | 't3'

export const TIERS: readonly Tier[] = ['t1', 't2', 't3']
