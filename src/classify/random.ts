import type { Tier } from '../contract/tier.ts'
import type { Verdict } from './classifier.ts'

/** Routing is off: no analysis at all, any tier that has models is as good as another. */
export function randomVerdict(tiers: readonly Tier[], random: () => number): Verdict {
  const tier = tiers[Math.floor(random() * tiers.length)] ?? 't2'
  return { tier, by: 'random', detail: null }
}
