import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import type { LogRow } from '@contract/api/shapes.ts'
import { cn } from '@/lib/cn.ts'
import {
  exactTime,
  formatCount,
  formatDate,
  formatMs,
  formatTime,
  formatUsd,
} from '@/lib/format.ts'
import { Badge, TierBadge } from '@/ui/badge.tsx'
import { AttemptDots } from './attempt-dots.tsx'

export const ROW_PX = 38
export const NARROW_ROW_PX = 88
const DAY_MS = 86_400_000

/** One request: a line of the table, or a small card where there is no room for one. */
export const RequestRow = memo(function RequestRow({
  row,
  grid,
  selected,
  top,
  height,
}: {
  readonly row: LogRow
  readonly grid: string
  readonly selected: boolean
  readonly top: number
  readonly height: number
}) {
  const old = Date.now() - row.at > DAY_MS
  const failed = row.error !== null || row.status >= 400
  return (
    <Link
      role="row"
      to="/requests/$id"
      params={{ id: row.id }}
      className={cn(
        'absolute inset-x-0 grid items-center gap-x-2 border-b border-line px-3 text-[13px] hover:bg-sunken',
        'grid-cols-[1fr_auto] content-center gap-y-0.5',
        grid,
        selected && 'bg-accent-soft',
      )}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <span role="cell" className="tabular text-xs text-muted" title={exactTime(row.at)}>
        {old ? formatDate(row.at) : formatTime(row.at)}
      </span>
      <span role="cell" className="flex items-center gap-1.5">
        <TierBadge tier={row.tier} />
        <span className="truncate text-xs text-muted" title={row.reason ?? ''}>
          {(row.reason ?? '').split(';')[0]}
        </span>
      </span>
      <span
        role="cell"
        className="min-w-0 truncate"
        title={`${row.asked ?? '–'} → ${row.model ?? '–'}`}
      >
        {row.model ?? <span className="text-muted">{row.asked ?? '–'}</span>}
        {row.model !== null && row.asked !== row.model && (
          <span className="ml-1 text-xs text-muted">← {row.asked}</span>
        )}
      </span>
      <span role="cell" className="order-last min-w-0 truncate text-muted min-[901px]:order-none">
        {failed ? (
          <span className="text-bad">{row.error?.message ?? row.error?.code}</span>
        ) : (
          (row.preview ?? '')
        )}
      </span>
      <span role="cell" className="flex items-center gap-1">
        <AttemptDots attempts={row.attempts} />
        {failed && <Badge tone="bad">{row.status}</Badge>}
      </span>
      <span role="cell" className="tabular hidden text-right min-[901px]:block">
        {formatMs(row.first_token_ms)}
      </span>
      <span role="cell" className="tabular order-last text-right min-[901px]:order-none">
        {formatMs(row.total_ms)}
      </span>
      <span role="cell" className="tabular hidden text-right min-[901px]:block">
        {row.usage === null ? '–' : formatCount(row.usage.total_tokens)}
      </span>
      <span role="cell" className="tabular hidden text-right min-[901px]:block">
        {formatUsd(row.cost_usd)}
      </span>
    </Link>
  )
})
