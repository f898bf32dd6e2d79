import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Download, Radio } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { LogRow } from '@contract/api/shapes.ts'
import { call, urlOf } from '@/api/client.ts'
import { useLiveRows } from '@/api/live.ts'
import { get } from '@/api/query.ts'
import { Bars } from '@/charts/bars.tsx'
import { formatCount } from '@/lib/format.ts'
import { useSearchState } from '@/lib/search-state.ts'
import { Button } from '@/ui/button.tsx'
import { Card, PageHeader } from '@/ui/card.tsx'
import { Menu } from '@/ui/menu.tsx'
import { EmptyState, ErrorState, Skeleton } from '@/ui/states.tsx'
import { useTexts } from '@/texts/texts.ts'
import { FilterBar } from './filter-bar.tsx'
import { filterOf, withoutFilters } from './filters.ts'
import { matches } from './live-filter.ts'
import { RequestTable } from './request-table.tsx'
import { requestTexts } from './texts.ts'

const PAGE_ROWS = 100
const LIVE_ROWS_MAX = 500
const SEARCH_AGAIN_MS = 2_000

export function Page() {
  const t = useTexts(requestTexts)
  const [search, setSearch] = useSearchState()
  const filter = useMemo(() => filterOf(search), [search])
  const live = search['live'] !== '0' && search['to'] === undefined
  const list = useInfiniteQuery({
    queryKey: ['/logs', filter],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/logs', {
        input: { ...filter, limit: PAGE_ROWS, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // What was said is only in the log, so a live search asks again; not once somebody reads on.
    refetchInterval: ({ state }) =>
      live && filter.q !== undefined && (state.data?.pages.length ?? 0) < 2 && SEARCH_AGAIN_MS,
  })
  const summary = useQuery({
    ...get('/logs/summary', { input: { ...filter, points: 80 } }),
    placeholderData: keepPreviousData,
  })
  const { fresh, waiting, show, setPaused } = useFresh(filter, live)
  const stored = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data])
  const rows = useMemo(() => merged(fresh, stored), [fresh, stored])
  const filtered = Object.keys(filter).length > 0
  return (
    <>
      <PageHeader
        title={t.title}
        hint={
          summary.data === undefined
            ? undefined
            : `${t.found(formatCount(summary.data.total))}${summary.data.capped ? `, ${t.capped}` : ''}`
        }
      >
        {waiting > 0 && (
          <Button size="small" kind="primary" onClick={show}>
            {t.newRows(waiting)}
          </Button>
        )}
        <Button
          aria-pressed={live}
          className="aria-pressed:border-accent aria-pressed:text-accent"
          onClick={() => setSearch({ live: live ? '0' : undefined })}
        >
          <Radio className="size-3.5" />
          {t.live}
        </Button>
        <ExportMenu filter={filter} />
      </PageHeader>
      <FilterBar search={search} setSearch={setSearch} facets={summary.data?.facets ?? null} />
      <Card className="mb-3 p-2">
        {summary.data === undefined ? (
          <Skeleton className="h-24" />
        ) : (
          <Bars
            times={summary.data.histogram.map(({ at }) => at)}
            series={[
              {
                name: t.ok,
                colour: 'var(--accent)',
                values: summary.data.histogram.map(({ ok }) => ok),
              },
              {
                name: t.recovered,
                colour: 'var(--warn)',
                values: summary.data.histogram.map(({ failover }) => failover),
              },
              {
                name: t.failed,
                colour: 'var(--bad)',
                values: summary.data.histogram.map(({ failed }) => failed),
              },
            ]}
            height={96}
            label={t.histogram}
            onZoom={(from, to) =>
              setSearch({ from: String(from), to: String(to) }, { replace: false })
            }
          />
        )}
      </Card>
      {list.isPending && <Skeleton className="h-96" />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState
          title={filtered ? t.nothingTitle : t.emptyTitle}
          action={
            filtered ? (
              <Button onClick={() => setSearch(withoutFilters())}>{t.clear}</Button>
            ) : undefined
          }
        >
          {filtered ? undefined : t.emptyText}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <RequestTable
          rows={rows}
          hasMore={list.hasNextPage}
          isLoadingMore={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
          onPause={setPaused}
        />
      )}
    </>
  )
}

/** Rows that arrived since the page was opened; while somebody reads they wait behind a button. */
function useFresh(filter: ReturnType<typeof filterOf>, live: boolean) {
  const [fresh, setFresh] = useState<readonly LogRow[]>([])
  const [waiting, setWaiting] = useState<readonly LogRow[]>([])
  const [paused, setPaused] = useState(false)
  const [key, setKey] = useState('')
  const wanted = JSON.stringify(filter)
  if (key !== wanted) {
    // Another filter: most of what was fresh is in the log by now; the newest may not be yet.
    setKey(wanted)
    setFresh((before) => [...waiting, ...before].filter((row) => matches(row, filter)))
    setWaiting([])
  }
  const add = (rows: readonly LogRow[]) => (before: readonly LogRow[]) =>
    [...rows.toReversed(), ...before].slice(0, LIVE_ROWS_MAX)
  useLiveRows((rows) => {
    const found = rows.filter((row) => matches(row, filter))
    if (found.length === 0) return
    if (paused) setWaiting(add(found))
    else setFresh(add(found))
  }, live)
  const show = (): void => {
    setFresh((before) => [...waiting, ...before].slice(0, LIVE_ROWS_MAX))
    setWaiting([])
  }
  return { fresh, waiting: waiting.length, show, setPaused }
}

/** Newest first, each request once: the log may hold by now what arrived live. */
function merged(fresh: readonly LogRow[], stored: readonly LogRow[]): readonly LogRow[] {
  if (fresh.length === 0) return stored
  const known = new Set(stored.map(({ id }) => id))
  return [...fresh.filter(({ id }) => !known.has(id)), ...stored]
}

function ExportMenu({ filter }: { readonly filter: ReturnType<typeof filterOf> }) {
  const t = useTexts(requestTexts)
  const download = (more: Record<string, string>) => (): void => {
    const link = document.createElement('a')
    link.href = urlOf('/logs/export', {}, { ...filter, ...more })
    link.download = ''
    link.click()
  }
  return (
    <Menu
      trigger={
        <Button>
          <Download className="size-3.5" />
          {t.export}
        </Button>
      }
      entries={[
        { label: t.exportCsv, onSelect: download({ format: 'csv' }) },
        { label: t.exportJsonl, onSelect: download({ format: 'jsonl' }) },
        { label: t.exportBodies, onSelect: download({ format: 'jsonl', bodies: 'true' }) },
      ]}
    />
  )
}
