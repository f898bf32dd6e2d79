import type { Outcome } from '../contract/exchange.ts'

const TOKENS = 500
const RETRY_COST = 5
const TIMEOUT_COST = 10

/**
 * One bucket for all retries on the same endpoint: a provider that fails everybody is not asked
 * twice by everybody. Failover to another endpoint costs nothing. (The AWS SDKs' scheme.)
 */
export class RetryBudget {
  #tokens = TOKENS

  get tokens(): number {
    return this.#tokens
  }

  allows(outcome: Outcome): boolean {
    return this.#tokens >= costOf(outcome)
  }

  spend(outcome: Outcome): void {
    this.#tokens = Math.max(0, this.#tokens - costOf(outcome))
  }

  /** A request succeeded with its first attempt. */
  refill(): void {
    if (this.#tokens < TOKENS) this.#tokens++
  }
}

function costOf(outcome: Outcome): number {
  return outcome.startsWith('timeout') ? TIMEOUT_COST : RETRY_COST
}
