import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

export interface Tab<Id extends string> {
  readonly id: Id
  readonly label: ReactNode
  readonly content: ReactNode
}

/** Tabs of one page. The selected one belongs into the URL. */
export function Tabs<Id extends string>({
  tabs,
  selected,
  onSelect,
  label,
}: {
  readonly tabs: readonly Tab<Id>[]
  readonly selected: Id
  readonly onSelect: (id: Id) => void
  readonly label: string
}) {
  return (
    <Base.Root value={selected} onValueChange={(value) => onSelect(value as Id)}>
      <Base.List
        aria-label={label}
        className="mb-3 flex gap-1 overflow-x-auto border-b border-line"
      >
        {tabs.map(({ id, label }) => (
          <Base.Tab
            key={id}
            value={id}
            className="-mb-px border-b-2 border-transparent px-3 py-2 text-[13px] font-medium whitespace-nowrap text-muted hover:text-text data-active:border-accent data-active:text-text"
          >
            {label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map(({ id, content }) => (
        <Base.Panel key={id} value={id} className="outline-none">
          {id === selected && content}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}

/** One of a few: like tabs, but a setting. */
export function Segmented<Id extends string>({
  options,
  value,
  onChange,
  label,
}: {
  readonly options: readonly { readonly id: Id; readonly label: ReactNode }[]
  readonly value: Id
  readonly onChange: (id: Id) => void
  readonly label: string
}) {
  return (
    <div
      role="group"
      aria-label={label}
      className="inline-flex rounded-md border border-line-strong bg-sunken p-0.5"
    >
      {options.map((option) => (
        <button
          key={option.id}
          type="button"
          aria-pressed={option.id === value}
          onClick={() => onChange(option.id)}
          className="rounded px-2 py-1 text-xs font-medium text-muted hover:text-text aria-pressed:bg-surface aria-pressed:text-text aria-pressed:shadow-sm"
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}
