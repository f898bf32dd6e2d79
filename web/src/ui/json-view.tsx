import { useState } from 'react'

const OPEN_DEPTH = 2
const ITEMS_SHOWN = 100
const TEXT_SHOWN = 600

/** A JSON value as a tree that can be folded; long texts and lists show their beginning first. */
export function JsonView({ value, label }: { readonly value: unknown; readonly label: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
    <div
      role="group"
      aria-label={label}
      tabIndex={0}
      className="max-h-[60dvh] overflow-auto font-mono text-xs leading-5"
    >
      <Node value={value} depth={0} />
    </div>
  )
}

function Node({
  name,
  value,
  depth,
}: {
  readonly name?: string
  readonly value: unknown
  readonly depth: number
}) {
  const [open, setOpen] = useState(depth < OPEN_DEPTH)
  const [all, setAll] = useState(false)
  const key = name === undefined ? null : <span className="text-info">{`${name}: `}</span>
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="break-words whitespace-pre-wrap">
        {key}
        <Scalar value={value} />
      </div>
    )
  }
  const isList = Array.isArray(value)
  const entries = Object.entries(value)
  const shown = all ? entries : entries.slice(0, ITEMS_SHOWN)
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="text-left"
      >
        <span aria-hidden className="inline-block w-3 text-muted">
          {open ? '▾' : '▸'}
        </span>
        {key}
        <span className="text-muted">{isList ? `[${entries.length}]` : `{${entries.length}}`}</span>
      </button>
      {open && (
        <div className="ml-1.5 border-l border-line pl-3">
          {shown.map(([field, item]) => (
            <Node key={field} name={field} value={item} depth={depth + 1} />
          ))}
          {shown.length < entries.length && (
            <button type="button" className="text-accent underline" onClick={() => setAll(true)}>
              + {entries.length - shown.length}
            </button>
          )}
        </div>
      )}
    </div>
  )
}

function Scalar({ value }: { readonly value: unknown }) {
  const [all, setAll] = useState(false)
  if (typeof value !== 'string') return <span className="text-t3">{String(value)}</span>
  const cut = !all && value.length > TEXT_SHOWN
  return (
    <>
      <span className="text-good">{JSON.stringify(cut ? value.slice(0, TEXT_SHOWN) : value)}</span>
      {cut && (
        <button type="button" className="text-accent underline" onClick={() => setAll(true)}>
          … + {value.length - TEXT_SHOWN}
        </button>
      )}
    </>
  )
}
