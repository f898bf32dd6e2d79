import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ArrowLeft, ChevronDown, ChevronUp } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import type { LogDetail } from '@contract/api/shapes.ts'
import { ApiError } from '@/api/client.ts'
import { get, queryClient } from '@/api/query.ts'
import { exactTime, formatCount, formatDate, formatMs, formatUsd } from '@/lib/format.ts'
import { useSearchState } from '@/lib/search-state.ts'
import { isTyping } from '@/shell/shortcuts.ts'
import { Badge, TierBadge } from '@/ui/badge.tsx'
import { IconButton } from '@/ui/button.tsx'
import { Card } from '@/ui/card.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { EmptyState, ErrorState, Skeleton } from '@/ui/states.tsx'
import { Tabs } from '@/ui/tabs.tsx'
import { useTexts } from '@/texts/texts.ts'
import { Changes } from './changes.tsx'
import { Conversation } from './conversation.tsx'
import { DetailActions } from './detail-actions.tsx'
import { Headers } from './headers.tsx'
import { Raw } from './raw.tsx'
import { Story } from './story.tsx'
import { detailTexts, requestTexts } from './texts.ts'

const TABS = ['story', 'conversation', 'raw', 'changes', 'headers'] as const

/** Everything about one request. Its address can be sent to somebody. */
export function Page() {
  const { id } = useParams({ from: '/requests/$id' })
  const t = useTexts(requestTexts)
  const detail = useQuery({
    ...get('/logs/{id}', { params: { id } }),
    staleTime: 60_000,
    retry: 1,
    retryDelay: 1_000,
  })
  return (
    <>
      <Neighbours id={id} />
      {detail.isPending && <Skeleton className="h-96" />}
      {detail.isError &&
        (detail.error instanceof ApiError && detail.error.status === 404 ? (
          <EmptyState title={t.notFoundTitle}>{t.notFoundText}</EmptyState>
        ) : (
          <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />
        ))}
      {detail.data !== undefined && <Detail row={detail.data} />}
    </>
  )
}

function Detail({ row }: { readonly row: LogDetail }) {
  const t = useTexts(detailTexts)
  const [search, setSearch] = useSearchState()
  const selected = TABS.find((tab) => tab === search['tab']) ?? 'story'
  return (
    <>
      <Head row={row} />
      <Tabs
        label={t.tabs}
        selected={selected}
        onSelect={(tab) => setSearch({ tab: tab === 'story' ? undefined : tab })}
        tabs={[
          { id: 'story', label: t.story, content: <Story row={row} /> },
          { id: 'conversation', label: t.conversation, content: <Conversation row={row} /> },
          { id: 'raw', label: t.raw, content: <Raw row={row} /> },
          { id: 'changes', label: t.changes, content: <Changes row={row} /> },
          { id: 'headers', label: t.headers, content: <Headers row={row} /> },
        ]}
      />
    </>
  )
}

function Head({ row }: { readonly row: LogDetail }) {
  const t = useTexts(detailTexts)
  const failed = row.error !== null || row.status >= 400
  return (
    <Card className="mb-3 p-3">
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <TierBadge tier={row.tier} long />
        <Badge tone={failed ? 'bad' : 'good'}>
          {row.status}
          {row.error !== null && ` ${row.error.code}`}
        </Badge>
        <span className="flex min-w-0 items-center gap-1 text-xs text-muted">
          <code className="truncate">{row.id}</code>
          <CopyButton text={row.id} />
        </span>
        <span className="ml-auto flex flex-wrap gap-2">
          <DetailActions row={row} />
        </span>
      </div>
      {row.error?.message !== undefined && row.error.message !== null && (
        <p className="mb-3 rounded-md bg-bad-soft px-2.5 py-1.5 text-[13px] break-words text-bad">
          {row.error.message}
        </p>
      )}
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 text-[13px] sm:grid-cols-3 lg:grid-cols-6">
        <Fact name={t.asked}>{row.asked ?? '–'}</Fact>
        <Fact name={t.served}>{row.model ?? '–'}</Fact>
        <Fact name={t.duration}>{formatMs(row.total_ms)}</Fact>
        <Fact name={t.firstToken}>{formatMs(row.first_token_ms)}</Fact>
        <Fact name={t.tokens}>
          {row.usage === null
            ? '–'
            : `${formatCount(row.usage.prompt_tokens)} + ${formatCount(row.usage.completion_tokens)}`}
        </Fact>
        <Fact name={t.cost}>
          {formatUsd(row.cost_usd)}
          {row.saved_usd !== null && row.saved_usd > 0 && (
            <span className="ml-1 text-xs text-good">{t.saved(formatUsd(row.saved_usd))}</span>
          )}
        </Fact>
        <Fact name={t.key}>{row.key ?? '–'}</Fact>
        <Fact name={t.client}>{`${row.client} ${row.user_agent}`}</Fact>
        <Fact name={t.revision}>{row.revision}</Fact>
        <div>
          <dt className="text-xs text-muted">{formatDate(row.at)}</dt>
          <dd className="truncate text-xs text-muted" title={exactTime(row.at)}>
            {row.time}
          </dd>
        </div>
      </dl>
    </Card>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{name}</dt>
      <dd
        className="tabular truncate font-medium"
        title={typeof children === 'string' ? children : undefined}
      >
        {children}
      </dd>
    </div>
  )
}

/** The list that this request was opened from, as far as it was loaded. */
function neighboursOf(id: string): { readonly newer?: string; readonly older?: string } {
  const lists = queryClient.getQueriesData<{ pages: { items: { id: string }[] }[] }>({
    queryKey: ['/logs'],
  })
  for (const [, data] of lists) {
    const ids = data?.pages?.flatMap(({ items }) => items.map((item) => item.id)) ?? []
    const at = ids.indexOf(id)
    if (at === -1) continue
    const [newer, older] = [ids[at - 1], ids[at + 1]]
    return { ...(newer === undefined ? {} : { newer }), ...(older === undefined ? {} : { older }) }
  }
  return {}
}

function Neighbours({ id }: { readonly id: string }) {
  const t = useTexts(requestTexts)
  const navigate = useNavigate()
  const { newer, older } = neighboursOf(id)
  const [{ tab }] = useSearchState()
  const tabOnly = useMemo((): Record<string, string> => (tab === undefined ? {} : { tab }), [tab])
  useEffect(() => {
    const go = (to: string | undefined): void => {
      if (to !== undefined)
        void navigate({ to: '/requests/$id', params: { id: to }, search: tabOnly })
    }
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event) || document.querySelector('[role=dialog]') !== null) return
      if (event.key === 'k') go(newer)
      else if (event.key === 'j') go(older)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate, newer, older, tabOnly])
  const open = (to: string | undefined) => () => {
    if (to !== undefined)
      void navigate({ to: '/requests/$id', params: { id: to }, search: tabOnly })
  }
  return (
    <div className="mb-2 flex items-center gap-1">
      <Link
        to="/requests"
        className="mr-auto flex items-center gap-1 text-[13px] text-muted hover:text-text"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t.back}
      </Link>
      <h1 className="sr-only">{id}</h1>
      <IconButton label={t.previous} disabled={newer === undefined} onClick={open(newer)}>
        <ChevronUp className="size-4" />
      </IconButton>
      <IconButton label={t.next} disabled={older === undefined} onClick={open(older)}>
        <ChevronDown className="size-4" />
      </IconButton>
    </div>
  )
}
