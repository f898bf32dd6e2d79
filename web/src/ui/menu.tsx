import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'
import { cn } from '@/lib/cn.ts'

export interface MenuEntry {
  readonly label: ReactNode
  readonly onSelect: () => void
  readonly disabled?: boolean
  readonly danger?: boolean
  readonly icon?: ReactNode
}

/** A button that opens a list of actions. `null` entries are lines between groups. */
export function Menu({
  trigger,
  entries,
}: {
  /** A `Button` or `IconButton`. */
  readonly trigger: ReactElement
  readonly entries: readonly (MenuEntry | null)[]
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className="z-50 outline-none">
          <Base.Popup className="min-w-40 rounded-md border border-line bg-raised py-1 shadow-(--shadow) outline-none">
            {entries.map((entry, index) =>
              entry === null ? (
                <Base.Separator key={index} className="my-1 border-t border-line" />
              ) : (
                <Base.Item
                  key={index}
                  disabled={entry.disabled ?? false}
                  onClick={entry.onSelect}
                  className={cn(
                    'flex cursor-pointer items-center gap-2 px-3 py-1.5 text-[13px] outline-none data-disabled:opacity-50 data-highlighted:bg-sunken',
                    entry.danger === true && 'text-bad',
                  )}
                >
                  {entry.icon}
                  {entry.label}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
