import type { Clock } from '../kit/clock.ts'
import { FailoverCap } from './failover-cap.ts'
import { HealthRegistry } from './health-registry.ts'
import { HedgeBudget } from './hedge-budget.ts'
import { LearnedParams } from './learned-params.ts'
import { RetryBudget } from './retry-budget.ts'
import { SlotQueue } from './slot-queue.ts'

/** Everything the gateway remembers about the reliability of its providers. */
export interface Guards {
  readonly health: HealthRegistry
  readonly budget: RetryBudget
  readonly failover: FailoverCap
  readonly slots: SlotQueue
  readonly params: LearnedParams
  readonly hedges: HedgeBudget
}

export function createGuards(clock: Clock): Guards {
  return {
    health: new HealthRegistry(clock),
    budget: new RetryBudget(),
    failover: new FailoverCap(clock),
    slots: new SlotQueue(),
    params: new LearnedParams(() => clock.now()),
    hedges: new HedgeBudget(),
  }
}
