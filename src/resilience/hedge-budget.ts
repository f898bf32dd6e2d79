const SHARE = 0.05
const CREDIT_MAX = 5

/** A second request beside a slow one: at most for one in twenty. */
export class HedgeBudget {
  #credit = 1

  count(): void {
    this.#credit = Math.min(CREDIT_MAX, this.#credit + SHARE)
  }

  take(): boolean {
    if (this.#credit < 1) return false
    this.#credit--
    return true
  }
}
