import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import type { Range } from '@contract/api/overview.ts'
import { useLiveRows } from '@/api/live.ts'
import { get } from '@/api/query.ts'
import { useSearchState } from '@/lib/search-state.ts'
import { PageHeader } from '@/ui/card.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { EmptyState, ErrorState, Skeleton } from '@/ui/states.tsx'
import { Segmented } from '@/ui/tabs.tsx'
import { useTexts } from '@/texts/texts.ts'
import { Attention } from './attention.tsx'
import { ErrorList } from './error-list.tsx'
import { HealthRibbons } from './health-ribbons.tsx'
import { LatencyHeatmap } from './latency-heatmap.tsx'
import { overviewTexts } from './texts.ts'
import { Tiles } from './tiles.tsx'
import { TierTraffic } from './tier-traffic.tsx'
import { TrafficFlow } from './traffic-flow.tsx'

const RANGES = ['15m', '1h', '24h', '7d', '30d', 'all'] as const
/** Requests arrive all the time; the numbers are asked for anew at most this often. */
const REFRESH_MS = 2_500

export function Page() {
  const t = useTexts(overviewTexts)
  const [search, setSearch] = useSearchState()
  const range: Range = RANGES.find((name) => name === search['range']) ?? '24h'
  const overview = useQuery({
    ...get('/overview', { input: { range } }),
    placeholderData: keepPreviousData,
  })
  useRefreshOnTraffic()
  return (
    <>
      <PageHeader title={t.title}>
        <Segmented
          label={t.range}
          value={range}
          onChange={(next) => setSearch({ range: next === '24h' ? undefined : next })}
          options={RANGES.map((id) => ({ id, label: t[`range_${id}`] }))}
        />
      </PageHeader>
      {overview.isPending && <Loading />}
      {overview.isError && (
        <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
      )}
      {overview.data !== undefined && (
        <div
          className={
            overview.isPlaceholderData ? 'flex flex-col gap-3 opacity-60' : 'flex flex-col gap-3'
          }
        >
          <Tiles overview={overview.data} />
          <Attention items={overview.data.attention} />
          {overview.data.stats.requests === 0 ? (
            <FirstRequest />
          ) : (
            <>
              <div className="grid gap-3 xl:grid-cols-[3fr_2fr]">
                <TrafficFlow overview={overview.data} />
                <TierTraffic overview={overview.data} />
              </div>
              <div className="grid gap-3 xl:grid-cols-2">
                <LatencyHeatmap overview={overview.data} />
                <HealthRibbons overview={overview.data} />
              </div>
              <ErrorList overview={overview.data} />
            </>
          )}
        </div>
      )}
    </>
  )
}

function useRefreshOnTraffic(): void {
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useLiveRows(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null
      void client.invalidateQueries({ queryKey: ['/overview'] })
    }, REFRESH_MS)
  })
}

function FirstRequest() {
  const t = useTexts(overviewTexts)
  const curl = `curl ${window.location.origin}/v1/chat/completions -H "Content-Type: application/json" -d '{"model":"auto","messages":[{"role":"user","content":"Hello"}]}'`
  return (
    <EmptyState
      title={t.emptyTitle}
      action={
        <Link to="/playground" className="text-[13px] font-medium text-accent underline">
          {t.openPlayground}
        </Link>
      }
    >
      {t.emptyText}
      <span className="mt-2 flex items-center gap-2 rounded-md bg-sunken p-2 text-left">
        <code className="min-w-0 flex-1 text-xs break-all text-text">{curl}</code>
        <CopyButton text={curl} />
      </span>
    </EmptyState>
  )
}

function Loading() {
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        {[0, 1, 2, 3, 4, 5].map((tile) => (
          <Skeleton key={tile} className="h-28" />
        ))}
      </div>
      <Skeleton className="h-80" />
      <Skeleton className="h-72" />
    </div>
  )
}
