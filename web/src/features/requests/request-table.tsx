import { useNavigate } from '@tanstack/react-router'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { LogRow } from '@contract/api/shapes.ts'
import { cn } from '@/lib/cn.ts'
import { isTyping } from '@/shell/shortcuts.ts'
import { Card } from '@/ui/card.tsx'
import { useTexts } from '@/texts/texts.ts'
import { NARROW_ROW_PX, RequestRow, ROW_PX } from './request-row.tsx'
import { requestTexts } from './texts.ts'

/** Below this a row is a card of three lines. */
const NARROW = '(max-width: 900px)'
const GRID =
  'min-[901px]:grid-cols-[5.5rem_7rem_minmax(12rem,2fr)_minmax(8rem,2fr)_4.5rem_4.5rem_4.5rem_5.5rem_5rem]'

/** All rows there are, of which only those in sight are drawn. */
export function RequestTable({
  rows,
  hasMore,
  isLoadingMore,
  onMore,
  onPause,
}: {
  readonly rows: readonly LogRow[]
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  readonly onMore: () => void
  /** Somebody is reading: new rows should wait. */
  readonly onPause: (paused: boolean) => void
}) {
  const t = useTexts(requestTexts)
  const navigate = useNavigate()
  const narrow = useMedia(NARROW)
  const [selected, setSelected] = useState(-1)
  const list = useRef<HTMLDivElement>(null)
  const [offset, setOffset] = useState(0)
  useLayoutEffect(() => setOffset(list.current?.offsetTop ?? 0), [])
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (narrow ? NARROW_ROW_PX : ROW_PX),
    overscan: 12,
    scrollMargin: offset,
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  useEffect(() => virtual.measure(), [narrow, virtual])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && !isLoadingMore && last >= rows.length - 30) onMore()
  }, [hasMore, isLoadingMore, last, rows.length, onMore])
  useRowKeys({
    count: rows.length,
    selected,
    onSelect: (index) => {
      setSelected(index)
      virtual.scrollToIndex(index)
    },
    onOpen: (index) => {
      const row = rows[index]
      if (row !== undefined) void navigate({ to: '/requests/$id', params: { id: row.id } })
    },
  })
  const columns = [
    t.time,
    t.tier,
    t.asked,
    t.preview,
    t.failover,
    t.firstToken,
    t.total,
    t.tokens,
    t.cost,
  ]
  return (
    <>
      <Card
        role="table"
        aria-label={t.title}
        aria-rowcount={hasMore ? -1 : rows.length}
        onMouseEnter={() => onPause(true)}
        onMouseLeave={() => onPause(false)}
      >
        <div role="rowgroup">
          <div
            role="row"
            className={cn(
              'hidden gap-2 border-b border-line bg-surface px-3 py-1.5 text-xs font-medium text-muted min-[901px]:grid',
              GRID,
            )}
          >
            {columns.map((column, index) => (
              <span key={column} role="columnheader" className={index > 4 ? 'text-right' : ''}>
                {column}
              </span>
            ))}
          </div>
        </div>
        <div
          ref={list}
          role="rowgroup"
          className="relative"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const row = rows[item.index]
            return row === undefined ? null : (
              <RequestRow
                key={item.key}
                row={row}
                grid={GRID}
                selected={item.index === selected}
                top={item.start - virtual.options.scrollMargin}
                height={item.size}
              />
            )
          })}
        </div>
      </Card>
      <p role="status" className="px-3 py-2 text-center text-xs text-muted">
        {hasMore ? t.loadingMore : t.allLoaded}
      </p>
    </>
  )
}

/** `j` and `k` go through the rows, Enter opens the chosen one. */
function useRowKeys({
  count,
  selected,
  onSelect,
  onOpen,
}: {
  readonly count: number
  readonly selected: number
  readonly onSelect: (index: number) => void
  readonly onOpen: (index: number) => void
}): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event) || document.querySelector('[role=dialog]') !== null) return
      if (event.key === 'j') onSelect(Math.min(selected + 1, count - 1))
      else if (event.key === 'k') onSelect(Math.max(selected - 1, 0))
      else if (event.key === 'Enter' && selected >= 0 && document.activeElement === document.body)
        onOpen(selected)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [count, selected, onSelect, onOpen])
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const media = matchMedia(query)
    const onChange = (): void => setMatches(media.matches)
    media.addEventListener('change', onChange)
    return () => media.removeEventListener('change', onChange)
  }, [query])
  return matches
}
