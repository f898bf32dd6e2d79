import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { LogSummary } from '@contract/api/logs.ts'
import { formatCount, formatDate, formatMs } from '@/lib/format.ts'
import type { SearchState } from '@/lib/search-state.ts'
import { Button } from '@/ui/button.tsx'
import { Input, Select } from '@/ui/field.tsx'
import { useTexts } from '@/texts/texts.ts'
import { filterOf, withoutFilters } from './filters.ts'
import { requestTexts } from './texts.ts'

const TYPING_MS = 300
const SLOW_MS = [1_000, 3_000, 10_000, 30_000] as const

interface FilterBarProps {
  readonly search: SearchState
  readonly setSearch: (change: SearchState) => void
  /** What there is to choose, with counts; null until it is known. */
  readonly facets: LogSummary['facets'] | null
}

export function FilterBar({ search, setSearch, facets }: FilterBarProps) {
  const t = useTexts(requestTexts)
  const active = Object.keys(filterOf(search)).length > 0
  const choice = (name: keyof LogSummary['facets'], label: string) => (
    <FacetSelect
      label={label}
      value={search[name] ?? ''}
      options={facets?.[name] ?? []}
      onChange={(value) => setSearch({ [name]: value })}
    />
  )
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <TextFilter value={search['q'] ?? ''} onChange={(q) => setSearch({ q })} />
      {choice('tier', t.tier)}
      <Select
        aria-label={t.status}
        value={search['status'] ?? ''}
        onChange={(event) => setSearch({ status: event.target.value })}
      >
        <option value="">{t.status}</option>
        <option value="ok">{t.ok}</option>
        <option value="error">{t.failed}</option>
        {(facets?.status ?? []).map(({ value, count }) => (
          <option key={value} value={value}>
            {value} ({formatCount(count)})
          </option>
        ))}
      </Select>
      {choice('model', t.model)}
      {choice('provider', t.provider)}
      {choice('key', t.key)}
      {choice('reason', t.reason)}
      {choice('error', t.error)}
      <Select
        aria-label={t.failover}
        value={search['failover'] ?? ''}
        onChange={(event) => setSearch({ failover: event.target.value })}
      >
        <option value="">{t.failover}</option>
        <option value="true">{t.failoverOnly}</option>
        <option value="false">{t.failoverNone}</option>
      </Select>
      <Select
        aria-label={t.slow}
        value={search['min_ms'] ?? ''}
        onChange={(event) => setSearch({ min_ms: event.target.value })}
      >
        <option value="">{t.slow}</option>
        {SLOW_MS.map((ms) => (
          <option key={ms} value={ms}>
            {formatMs(ms)}
          </option>
        ))}
      </Select>
      {search['from'] !== undefined && (
        <Button
          size="small"
          aria-label={t.remove(t.time)}
          onClick={() => setSearch({ from: undefined, to: undefined })}
        >
          {formatDate(Number(search['from']))}
          {search['to'] !== undefined && ` – ${formatDate(Number(search['to']))}`}
          <X aria-hidden className="size-3" />
        </Button>
      )}
      {active && (
        <Button kind="quiet" size="small" onClick={() => setSearch(withoutFilters())}>
          <X aria-hidden className="size-3" />
          {t.clear}
        </Button>
      )}
    </div>
  )
}

function FacetSelect({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly count: number }[]
  readonly onChange: (value: string) => void
}) {
  const known = options.some((option) => option.value === value)
  return (
    <Select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="max-w-44"
    >
      <option value="">{label}</option>
      {value !== '' && !known && <option value={value}>{value}</option>}
      {options
        .filter((option) => option.value !== '')
        .map((option) => (
          <option key={option.value} value={option.value}>
            {option.value} ({formatCount(option.count)})
          </option>
        ))}
    </Select>
  )
}

/** Searches when typing pauses, and never in the middle of a composed character. */
function TextFilter({
  value,
  onChange,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const t = useTexts(requestTexts)
  const [text, setText] = useState(value)
  const composing = useRef(false)
  const latest = useRef(onChange)
  latest.current = onChange
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value || composing.current) return undefined
    const timer = setTimeout(() => latest.current(text), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, value])
  return (
    <Input
      data-filter
      type="search"
      aria-label={t.search}
      placeholder={t.search}
      className="w-full sm:w-64"
      value={text}
      onCompositionStart={() => {
        composing.current = true
      }}
      onCompositionEnd={(event) => {
        composing.current = false
        setText(event.currentTarget.value)
      }}
      onChange={(event) => setText(event.target.value)}
    />
  )
}
