import type { LogDetail } from '@contract/api/shapes.ts'

export type Phase = 'read' | 'decision' | 'wait' | 'connect' | 'first_token' | 'answer' | 'failed'

export interface Bar {
  readonly phase: Phase
  readonly fromMs: number
  readonly toMs: number
}

export interface StoryRow {
  readonly kind: 'read' | 'decision' | 'attempt'
  /** Of an attempt: which of them, from 0. */
  readonly index: number
  readonly bars: readonly Bar[]
}

/**
 * Lays one request out on one time axis: reading, the decision, each attempt with its parts. The
 * log keeps durations, not instants; attempts follow each other, so their starts are sums.
 */
export function storyOf(row: LogDetail): {
  readonly rows: readonly StoryRow[]
  readonly totalMs: number
} {
  const readEnd = row.timings.read_ms
  const decisionEnd = readEnd + row.timings.route_ms
  const rows: StoryRow[] = [
    { kind: 'read', index: 0, bars: [{ phase: 'read', fromMs: 0, toMs: readEnd }] },
    {
      kind: 'decision',
      index: 0,
      bars: [{ phase: 'decision', fromMs: readEnd, toMs: decisionEnd }],
    },
  ]
  let at = decisionEnd
  for (const [index, attempt] of row.attempts.entries()) {
    const bars: Bar[] = []
    if (attempt.waited_ms > 0)
      bars.push({ phase: 'wait', fromMs: at, toMs: at + attempt.waited_ms })
    at += attempt.waited_ms
    const end = at + attempt.total_ms
    const connected = Math.min(end, at + (attempt.connect_ms ?? 0))
    if (connected > at) bars.push({ phase: 'connect', fromMs: at, toMs: connected })
    const first =
      attempt.first_token_ms === null ? null : Math.min(end, at + attempt.first_token_ms)
    const failed = attempt.outcome !== 'ok'
    if (first === null)
      bars.push({ phase: failed ? 'failed' : 'first_token', fromMs: connected, toMs: end })
    else {
      bars.push({ phase: 'first_token', fromMs: connected, toMs: Math.max(connected, first) })
      bars.push({
        phase: failed ? 'failed' : 'answer',
        fromMs: Math.max(connected, first),
        toMs: end,
      })
    }
    rows.push({ kind: 'attempt', index, bars })
    at = end
  }
  return { rows, totalMs: Math.max(row.total_ms, at, 1) }
}
