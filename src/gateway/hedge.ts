import type { AnswerSink, AttemptControl, AttemptResult } from '../upstream/attempt-result.ts'

/** Starts an attempt that writes to the given sink. */
export type Start = (
  sink: AnswerSink | null,
  onStart: (control: AttemptControl) => void,
) => Promise<AttemptResult>

export interface HedgeOptions {
  readonly first: Start
  /** Called when the first has been silent for too long; null where there is nowhere to ask. */
  readonly second: () => Start | null
  readonly afterMs: number
  readonly sink: AnswerSink | null
  /** What must end when the client leaves, whoever runs at that moment. */
  readonly onStart: (control: AttemptControl) => void
}

/**
 * One attempt, and a second beside it where the first is silent for too long. The one whose
 * content comes first is the answer; the other is ended at once. The last result is the winner's.
 */
export async function hedge(options: HedgeOptions): Promise<readonly AttemptResult[]> {
  const race = new Race(options.sink)
  options.onStart(race)
  const first = race.run(options.first)
  if (await isOverWithin(first, options.afterMs)) return [await first]
  const start = race.isDecided ? null : options.second()
  if (start === null) return [await first]
  const second = race.run(start)
  const earlier = await Promise.race([first, second])
  if (earlier.outcome === 'ok') race.cancel()
  const both = await Promise.all([first, second])
  return both.toSorted((left, right) => rank(left) - rank(right))
}

/** The winner last: its record is the last word. */
function rank({ outcome, committed }: AttemptResult): number {
  return (outcome === 'ok' ? 2 : 0) + (committed ? 1 : 0)
}

class Race implements AttemptControl {
  readonly #sink: AnswerSink | null
  readonly #running = new Map<object, AttemptControl>()
  #winner: object | null = null

  constructor(sink: AnswerSink | null) {
    this.#sink = sink
  }

  get isDecided(): boolean {
    return this.#winner !== null
  }

  run(start: Start): Promise<AttemptResult> {
    const runner = {}
    const running = start(this.#sink === null ? null : this.#gate(runner, this.#sink), (control) =>
      this.#running.set(runner, control),
    )
    return running.then((result) => {
      this.#running.delete(runner)
      return result
    })
  }

  cancel(): void {
    for (const control of this.#running.values()) control.cancel()
  }

  resume(): void {
    for (const control of this.#running.values()) control.resume()
  }

  /** Only the first to have content reaches the client. */
  #gate(runner: object, sink: AnswerSink): AnswerSink {
    const isWinner = (): boolean => this.#winner === runner
    return {
      commit: () => {
        this.#winner ??= runner
        if (!isWinner()) return
        for (const [other, control] of this.#running) if (other !== runner) control.cancel()
        sink.commit()
      },
      write: (bytes) => {
        if (isWinner()) sink.write(bytes)
      },
      finish: () => {
        if (isWinner()) sink.finish()
      },
    }
  }
}

async function isOverWithin(running: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const over = await Promise.race([running.then(() => true as const), late])
  clearTimeout(timer)
  return over
}
