import type { Overview } from '@contract/api/overview.ts'
import { ChartPanel } from '@/charts/chart-panel.tsx'
import { formatCount, formatMs, formatPercent, formatUsd } from '@/lib/format.ts'
import { TierBadge } from '@/ui/badge.tsx'
import { useTexts } from '@/texts/texts.ts'
import { overviewTexts } from './texts.ts'

const ORDER = ['t1', 't2', 't3', 'pinned']

/** How the traffic divides over the tiers, and what each costs. */
export function TierTraffic({ overview: { stats } }: { readonly overview: Overview }) {
  const t = useTexts(overviewTexts)
  const tiers = ORDER.flatMap((tier) => {
    const slice = stats.by_tier[tier]
    return slice === undefined ? [] : [{ tier, slice }]
  })
  const total = tiers.reduce((sum, { slice }) => sum + slice.requests, 0)
  return (
    <ChartPanel
      title={t.traffic}
      table={{
        columns: [t.tier, t.requests, t.share, t.failed, t.latency, t.cost],
        rows: tiers.map(({ tier, slice }) => [
          tier,
          formatCount(slice.requests),
          formatPercent(slice.requests / Math.max(1, total)),
          formatCount(slice.errors),
          formatMs(slice.latency_ms.p50),
          formatUsd(slice.cost_usd),
        ]),
      }}
    >
      <div className="flex h-full flex-col gap-4">
        <div aria-hidden className="flex h-4 overflow-hidden rounded">
          {tiers.map(({ tier, slice }) => (
            <div
              key={tier}
              style={{
                width: `${(slice.requests / Math.max(1, total)) * 100}%`,
                background: `var(--${tier})`,
              }}
            />
          ))}
        </div>
        <ul className="flex flex-col gap-3">
          {tiers.map(({ tier, slice }) => (
            <li
              key={tier}
              className="grid grid-cols-[6.5rem_1fr_auto] items-baseline gap-x-3 text-[13px]"
            >
              <TierBadge tier={tier} long />
              <span className="tabular">
                <span className="font-semibold">
                  {formatPercent(slice.requests / Math.max(1, total))}
                </span>{' '}
                <span className="text-muted">{formatCount(slice.requests)}</span>
              </span>
              <span className="tabular text-right">{formatUsd(slice.cost_usd)}</span>
              <span className="tabular col-span-2 col-start-2 text-xs text-muted">
                {t.latency} {formatMs(slice.latency_ms.p50)} · {t.firstToken}{' '}
                {formatMs(slice.first_token_ms.p50)} · {t.failed} {formatPercent(slice.error_rate)}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </ChartPanel>
  )
}
