import type { Member, Pool } from '../../config/snapshot.ts'
import type { HealthView } from '../../resilience/endpoint-state.ts'
import { orderAdaptively } from './adaptive.ts'
import { orderByWeight } from './weighted.ts'

/** A number in [0, 1); injected so that a plan can be repeated. */
export type Random = () => number

/** The members of a pool in the order they are to be tried. */
export function order(pool: Pool, health: HealthView, random: Random): readonly Member[] {
  switch (pool.strategy) {
    case 'sequential':
      return pool.members
    case 'random':
      return orderByWeight(pool.members, (member) => member.weight, random)
    case 'adaptive':
      return orderAdaptively(pool.members, health, random)
  }
}
