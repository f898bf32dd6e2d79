import type { Member } from '../../config/snapshot.ts'
import type { HealthView } from '../../resilience/endpoint-state.ts'
import type { Random } from './selection.ts'
import { orderByWeight } from './weighted.ts'

/** The first token that halves a score. */
const REFERENCE_MS = 2_000
/** So often any member may come first: a slow one must be able to show that it recovered. */
const EXPLORE = 0.01
/** Differences below this are noise; chance spreads the load between equals. */
const SHARPNESS = 3

/**
 * Better members first, by health, speed, load and weight. Drawn at random in proportion to a
 * power of the score, so that traffic shifts smoothly and nobody is starved.
 */
export function orderAdaptively(
  members: readonly Member[],
  health: HealthView,
  random: Random,
): readonly Member[] {
  if (random() < EXPLORE) return orderByWeight(members, (member) => member.weight, random)
  return orderByWeight(
    members,
    (member) => member.weight * score(member, health) ** SHARPNESS,
    random,
  )
}

function score({ endpoint }: Member, health: HealthView): number {
  const { score: alive, firstTokenMs, inflight, limit: learned } = health.read(endpoint)
  const limit = learned ?? endpoint.upstream.maxConcurrency
  const load = limit === null ? 0 : inflight / limit
  const slowness = ((firstTokenMs ?? 0) / REFERENCE_MS) * (1 + load)
  return alive / (1 + slowness)
}
