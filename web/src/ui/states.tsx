import { AlertTriangle, Inbox } from 'lucide-react'
import type { ReactNode } from 'react'
import { ApiError } from '@/api/client.ts'
import { cn } from '@/lib/cn.ts'
import { commonTexts, errorTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'

/** What a page will show, why it does not yet, and the one thing to do about it. */
export function EmptyState({
  title,
  children,
  action,
  className,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
  readonly className?: string
}) {
  return (
    <div className={cn('flex flex-col items-center gap-2 px-4 py-10 text-center', className)}>
      <Inbox aria-hidden className="size-7 text-muted" strokeWidth={1.5} />
      <p className="font-medium">{title}</p>
      {children !== undefined && (
        <div className="max-w-prose text-[13px] text-muted">{children}</div>
      )}
      {action}
    </div>
  )
}

/** The words for an error of the admin API in the language shown; the server's own where unknown. */
export function useErrorText(): (error: unknown) => string {
  const t = useTexts(errorTexts)
  return (error) => {
    if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error)
    const known = (t as Readonly<Record<string, string>>)[error.code]
    if (known === undefined) return error.message
    return error.code === 'invalid_input' ? `${known} ${error.message}` : known
  }
}

export function ErrorState({
  error,
  onRetry,
  className,
}: {
  readonly error: unknown
  readonly onRetry?: () => void
  readonly className?: string
}) {
  const t = useTexts(commonTexts)
  const textOf = useErrorText()
  const api = error instanceof ApiError ? error : null
  return (
    <div
      role="alert"
      className={cn('flex flex-col items-center gap-2 px-4 py-8 text-center', className)}
    >
      <AlertTriangle aria-hidden className="size-6 text-bad" />
      <p className="font-medium">{textOf(error)}</p>
      {api !== null && api.status > 0 && (
        <p className="flex items-center gap-2 text-xs text-muted">
          <code>
            {api.status} {api.code}
          </code>
          {api.requestId !== null && (
            <>
              {t.requestId} <code>{api.requestId}</code>
              <CopyButton text={api.requestId} />
            </>
          )}
        </p>
      )}
      {onRetry !== undefined && <Button onClick={onRetry}>{t.retry}</Button>}
    </div>
  )
}

/** Holds the place of what is being loaded: give it the final size. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={cn('animate-pulse rounded-md bg-sunken', className)} />
}
