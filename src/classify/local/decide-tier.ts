import type { Tier } from '../../contract/tier.ts'

/** What the operator prefers where the model is not sure. */
export type Preference = 'economy' | 'balanced' | 'quality'

/** What a tier too low costs, where a tier too high costs one. */
const UNDER: Readonly<Record<Preference, number>> = { economy: 0.6, balanced: 1.1, quality: 2.5 }

const TIERS: readonly Tier[] = ['t1', 't2', 't3']

/** The tier of least expected cost; cost grows with the distance from the tier that is needed. */
export function decideTier(
  probabilities: readonly [number, number, number],
  preference: Preference,
): Tier {
  const under = UNDER[preference]
  let best: Tier = 't2'
  let least = Infinity
  for (const [chosen, tier] of TIERS.entries()) {
    let cost = 0
    for (const [needed, probability] of probabilities.entries()) {
      const distance = chosen - needed
      cost += probability * (distance >= 0 ? distance : -distance * under)
    }
    if (cost < least) {
      least = cost
      best = tier
    }
  }
  return best
}
