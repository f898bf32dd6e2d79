/** What the process is doing: how many requests run, and whether it is about to stop. */
export class RunState {
  readonly #startedAt = performance.now()
  #inflight = 0
  #draining = false

  get inflight(): number {
    return this.#inflight
  }

  get isDraining(): boolean {
    return this.#draining
  }

  get uptimeS(): number {
    return Math.round((performance.now() - this.#startedAt) / 1000)
  }

  begin(): void {
    this.#inflight++
  }

  end(): void {
    this.#inflight--
  }

  startDraining(): void {
    this.#draining = true
  }
}
