import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Backtest } from '@contract/api/routing.ts'
import { call } from '@/api/client.ts'
import { Flow } from '@/charts/flow.tsx'
import { useDraft } from '@/draft/draft.ts'
import { cn } from '@/lib/cn.ts'
import { formatCount, formatUsd } from '@/lib/format.ts'
import { TierBadge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { Panel } from '@/ui/card.tsx'
import { Select } from '@/ui/field.tsx'
import { EmptyState, ErrorState } from '@/ui/states.tsx'
import { useTexts } from '@/texts/texts.ts'
import { routingTexts } from './texts.ts'

const COUNTS = [200, 500, 1_000, 5_000] as const

/** What the draft would have done with the newest requests: tiers and cost before and after. */
export function BacktestCard() {
  const t = useTexts(routingTexts)
  const { shown } = useDraft()
  const [count, setCount] = useState(500)
  const run = useMutation({
    mutationFn: () => call('post', '/backtest', { input: { draft: shown as never, limit: count } }),
  })
  return (
    <Panel
      title={t.backtest}
      hint={t.backtestHint}
      actions={
        <>
          <Select
            aria-label={t.backtestCount}
            className="h-7 text-xs"
            value={count}
            onChange={(event) => setCount(Number(event.target.value))}
          >
            {COUNTS.map((value) => (
              <option key={value} value={value}>
                {formatCount(value)}
              </option>
            ))}
          </Select>
          <Button size="small" kind="primary" busy={run.isPending} onClick={() => run.mutate()}>
            {run.isPending ? t.backtestBusy : t.backtestRun}
          </Button>
        </>
      }
    >
      {run.isError && <ErrorState error={run.error} />}
      {run.data !== undefined && run.data.requests === 0 && (
        <EmptyState
          title={
            run.data.undecided > 0 ? t.undecided(formatCount(run.data.undecided)) : t.backtestEmpty
          }
        />
      )}
      {run.data !== undefined && run.data.requests > 0 && <Result result={run.data} />}
    </Panel>
  )
}

function Result({ result }: { readonly result: Backtest }) {
  const t = useTexts(routingTexts)
  const { flow, cost, moved } = result
  const changed = flow
    .filter(({ from, to }) => from !== to)
    .reduce((sum, { requests }) => sum + requests, 0)
  const delta = cost.after_usd - cost.before_usd
  const names = [...new Set(flow.flatMap(({ from, to }) => [from, to]))]
  const colour = (tier: string): string => `var(--${/^t[123]$/.test(tier) ? tier : 'pinned'})`
  return (
    <div className="flex flex-col gap-3" role="status">
      <p className="text-[13px]">
        {t.backtestDone(formatCount(result.requests), formatCount(changed))}
        {result.skipped > 0 && (
          <span className="text-muted"> · {t.skipped(formatCount(result.skipped))}</span>
        )}
        {result.held > 0 && (
          <span className="text-muted"> · {t.held(formatCount(result.held))}</span>
        )}
        {result.undecided > 0 && (
          <span className="text-muted"> · {t.undecided(formatCount(result.undecided))}</span>
        )}
      </p>
      <Flow
        label={t.flowTitle}
        height={180}
        nodes={names.flatMap((tier) => [
          { id: `a ${tier}`, label: `${tier.toUpperCase()} ${t.before}`, colour: colour(tier) },
          { id: `b ${tier}`, label: `${tier.toUpperCase()} ${t.after}`, colour: colour(tier) },
        ])}
        links={flow.map(({ from, to, requests }) => ({
          from: `a ${from}`,
          to: `b ${to}`,
          value: requests,
        }))}
      />
      <dl className="grid grid-cols-3 gap-2 text-[13px]">
        <div>
          <dt className="text-xs text-muted">{t.costBefore}</dt>
          <dd className="tabular font-semibold">{formatUsd(cost.before_usd)}</dd>
        </div>
        <div>
          <dt className="text-xs text-muted">{t.costAfter}</dt>
          <dd className="tabular font-semibold">{formatUsd(cost.after_usd)}</dd>
        </div>
        <div>
          <dt className="text-xs text-muted">{t.costDelta}</dt>
          <dd className={cn('tabular font-semibold', delta > 0 ? 'text-bad' : 'text-good')}>
            {delta > 0 ? '+' : ''}
            {formatUsd(delta)}
          </dd>
        </div>
      </dl>
      {moved.length > 0 && (
        <details>
          <summary className="text-xs font-medium text-muted">{t.moved}</summary>
          <ul className="mt-1 max-h-60 overflow-auto text-[13px]">
            {moved.map(({ id, from, to, ask }) => (
              <li key={id} className="flex items-baseline gap-2 border-b border-line py-1">
                <TierBadge tier={from} />→<TierBadge tier={to} />
                <Link
                  to="/requests/$id"
                  params={{ id }}
                  className="min-w-0 truncate hover:underline"
                >
                  {ask === '' ? id : ask}
                </Link>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
