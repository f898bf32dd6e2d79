import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { cn } from '@/lib/cn.ts'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { Button, IconButton } from './button.tsx'

export interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: ReactNode
  readonly children: ReactNode
  readonly footer?: ReactNode
  readonly size?: 'small' | 'medium' | 'large'
  /** From the right edge over the full height rather than in the middle. */
  readonly side?: boolean
}

const WIDTHS = { small: 'sm:max-w-md', medium: 'sm:max-w-2xl', large: 'sm:max-w-5xl' } as const

/** A dialog over the page: focus stays in it, Escape closes it. Full screen on a phone. */
export function Dialog({
  open,
  onClose,
  title,
  children,
  footer,
  size = 'medium',
  side = false,
}: DialogProps) {
  const t = useTexts(commonTexts)
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Base.Popup
          className={cn(
            'fixed z-50 flex flex-col border border-line bg-raised shadow-(--shadow) outline-none',
            side
              ? 'inset-y-0 right-0 w-full sm:w-[36rem] sm:max-w-[90vw]'
              : 'inset-0 sm:inset-auto sm:top-1/2 sm:left-1/2 sm:max-h-[90dvh] sm:w-[94vw] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-lg',
            !side && WIDTHS[size],
          )}
        >
          <header className="flex items-center gap-2 border-b border-line px-4 py-2.5">
            <Base.Title className="min-w-0 truncate text-[15px] font-semibold">{title}</Base.Title>
            <IconButton label={t.close} className="ml-auto" onClick={onClose}>
              <X className="size-4" />
            </IconButton>
          </header>
          <div className="min-h-0 flex-1 overflow-auto p-4">{children}</div>
          {footer !== undefined && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-2.5">
              {footer}
            </footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** Asks before something that cannot be undone; `onConfirm` may fail, its error is shown. */
export function ConfirmDialog({
  open,
  onClose,
  title,
  children,
  confirm,
  onConfirm,
}: {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
  readonly confirm: string
  readonly onConfirm: () => Promise<unknown>
}) {
  const t = useTexts(commonTexts)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const act = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      await onConfirm()
      onClose()
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      size="small"
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button kind="danger" busy={busy} onClick={() => void act()}>
            {confirm}
          </Button>
        </>
      }
    >
      <div className="text-[13px]">{children}</div>
      {error !== null && (
        <p role="alert" className="mt-2 text-[13px] text-bad">
          {error}
        </p>
      )}
    </Dialog>
  )
}
