import type { Overview } from '@contract/api/overview.ts'
import { useCounters } from '@/api/live.ts'
import { cn } from '@/lib/cn.ts'
import { formatCount, formatMs, formatPercent, formatRate, formatUsd } from '@/lib/format.ts'
import { Card } from '@/ui/card.tsx'
import { Sparkline } from '@/ui/sparkline.tsx'
import { useTexts } from '@/texts/texts.ts'
import { overviewTexts } from './texts.ts'

/** The six numbers, each with its course and what it was in the range before. */
export function Tiles({ overview: { stats, previous, success } }: { readonly overview: Overview }) {
  const t = useTexts(overviewTexts)
  const counters = useCounters()
  const { series } = stats
  const total = stats.cost_usd + Math.max(0, stats.saved_usd)
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
      <Tile
        name={t.requests}
        value={formatCount(stats.requests)}
        note={t.now(formatRate(counters?.qps ?? stats.qps))}
        course={series.map(({ requests }) => requests)}
        change={change(stats.requests, previous?.requests)}
      />
      <Tile
        name={t.success}
        value={formatPercent(success.after, 2)}
        note={t.successHint(formatPercent(success.before, 1))}
        course={series.map(({ requests, errors }) =>
          requests === 0 ? null : 1 - errors / requests,
        )}
        change={previous === null ? null : change(1 - stats.error_rate, 1 - previous.error_rate)}
        better="up"
      />
      <Tile
        name={t.latency}
        value={formatMs(stats.latency_ms.p50)}
        note={t.percentiles(formatMs(stats.latency_ms.p95), formatMs(stats.latency_ms.p99))}
        course={series.map(({ latency_ms }) => latency_ms.p50)}
        change={change(stats.latency_ms.p50, previous?.latency_ms.p50)}
        better="down"
      />
      <Tile
        name={t.firstToken}
        value={formatMs(stats.first_token_ms.p50)}
        note={t.percentiles(formatMs(stats.first_token_ms.p95), formatMs(stats.first_token_ms.p99))}
        course={series.map(({ first_token_ms }) => first_token_ms.p50)}
        change={change(stats.first_token_ms.p50, previous?.first_token_ms.p50)}
        better="down"
      />
      <Tile
        name={t.tokens}
        value={formatCount(stats.tokens.total)}
        note={t.tokensHint(formatCount(stats.tokens.prompt), formatCount(stats.tokens.completion))}
        course={series.map(({ tokens }) => tokens.total)}
        change={change(stats.tokens.total, previous?.tokens.total)}
      />
      <Tile
        name={t.spend}
        value={formatUsd(stats.cost_usd)}
        note={t.saved(
          formatUsd(stats.saved_usd),
          formatPercent(total === 0 ? null : stats.saved_usd / total, 0),
        )}
        course={series.map(({ cost_usd }) => cost_usd)}
        change={change(stats.cost_usd, previous?.cost_usd)}
        better="down"
      />
    </div>
  )
}

/** By how much it is more than before; null where there is nothing to compare with. */
function change(now: number | null, before: number | null | undefined): number | null {
  if (now === null || before === null || before === undefined || before === 0) return null
  const share = now / before - 1
  // The range before was mostly before the gateway ran: that is no trend.
  return share > 10 ? null : share
}

function Tile({
  name,
  value,
  note,
  course,
  change,
  better,
}: {
  readonly name: string
  readonly value: string
  readonly note: string
  readonly course: readonly (number | null)[]
  readonly change: number | null
  /** Which direction is good news; neither where it is just more. */
  readonly better?: 'up' | 'down'
}) {
  const t = useTexts(overviewTexts)
  const good = change === null || better === undefined ? null : change > 0 === (better === 'up')
  const shown = change === null || Math.abs(change) < 0.0005 ? null : change
  return (
    <Card className="flex flex-col gap-0.5 p-3">
      <div className="flex items-baseline justify-between gap-2">
        <h2 className="truncate text-xs text-muted">{name}</h2>
        {shown !== null && (
          <span
            title={t.against}
            className={cn(
              'tabular text-xs whitespace-nowrap',
              good === null ? 'text-muted' : good ? 'text-good' : 'text-bad',
            )}
          >
            {shown > 0 ? '▲' : '▼'} {formatPercent(Math.abs(shown), Math.abs(shown) < 0.1 ? 1 : 0)}
          </span>
        )}
      </div>
      <div className="tabular text-xl font-semibold tracking-tight">{value}</div>
      <p className="min-h-8 text-xs text-muted">{note}</p>
      <Sparkline values={course} className="mt-auto" />
    </Card>
  )
}
