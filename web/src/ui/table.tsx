import type { HTMLAttributes, TdHTMLAttributes, ThHTMLAttributes } from 'react'
import { cn } from '@/lib/cn.ts'

/** A plain table that scrolls sideways in its own box. */
export function Table({ className, ...rest }: HTMLAttributes<HTMLTableElement>) {
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="relative w-full overflow-x-auto" tabIndex={0}>
      <table className={cn('w-full border-collapse text-[13px]', className)} {...rest} />
    </div>
  )
}

export function Th({ className, ...rest }: ThHTMLAttributes<HTMLTableCellElement>) {
  return (
    <th
      scope="col"
      className={cn(
        'border-b border-line px-2 py-1.5 text-left text-xs font-medium whitespace-nowrap text-muted',
        className,
      )}
      {...rest}
    />
  )
}

export function Td({ className, ...rest }: TdHTMLAttributes<HTMLTableCellElement>) {
  return <td className={cn('border-b border-line px-2 py-1.5 align-middle', className)} {...rest} />
}
