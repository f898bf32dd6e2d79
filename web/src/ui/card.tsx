import type { HTMLAttributes, ReactNode } from 'react'
import { cn } from '@/lib/cn.ts'

export function Card({ className, ...rest }: HTMLAttributes<HTMLElement>) {
  return <section className={cn('rounded-lg border border-line bg-surface', className)} {...rest} />
}

/** A card with a heading; `actions` stand at its right. */
export function Panel({
  title,
  hint,
  actions,
  children,
  className,
  bodyClassName,
}: {
  readonly title: ReactNode
  readonly hint?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
  readonly className?: string
  readonly bodyClassName?: string
}) {
  return (
    <Card className={cn('min-w-0', className)}>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2">
        <h2 className="text-[13px] font-semibold">{title}</h2>
        {hint !== undefined && <p className="text-xs text-muted">{hint}</p>}
        {actions !== undefined && <div className="ml-auto flex items-center gap-1">{actions}</div>}
      </header>
      <div className={cn('p-3', bodyClassName)}>{children}</div>
    </Card>
  )
}

/** The first line of every page: what it is, what can be done. */
export function PageHeader({
  title,
  hint,
  children,
}: {
  readonly title: ReactNode
  readonly hint?: ReactNode
  readonly children?: ReactNode
}) {
  return (
    <header className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="min-w-0">
        <h1 className="text-lg font-semibold tracking-tight">{title}</h1>
        {hint !== undefined && <p className="text-xs text-muted">{hint}</p>}
      </div>
      {children !== undefined && (
        <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>
      )}
    </header>
  )
}
