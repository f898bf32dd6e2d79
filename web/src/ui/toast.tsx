import { CheckCircle2, X, XCircle } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { IconButton } from './button.tsx'

interface Toast {
  readonly id: number
  readonly text: string
  readonly kind: 'good' | 'bad'
}

const SHOWN_MS = 5_000
const SHOWN_MAX = 4
let toasts: readonly Toast[] = []
let last = 0
const listeners = new Set<() => void>()

/** A short message at the edge of the screen, read aloud. */
export function toast(text: string, kind: Toast['kind'] = 'good'): void {
  set([...toasts, { id: ++last, text, kind }].slice(-SHOWN_MAX))
}

function set(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div
      aria-live="polite"
      className="fixed right-3 bottom-3 z-60 flex w-80 max-w-[94vw] flex-col gap-2"
    >
      {shown.map((item) => (
        <ToastItem key={item.id} item={item} />
      ))}
    </div>
  )
}

function ToastItem({ item }: { readonly item: Toast }) {
  const t = useTexts(commonTexts)
  const close = (): void => set(toasts.filter(({ id }) => id !== item.id))
  useEffect(() => {
    const timer = setTimeout(close, SHOWN_MS)
    return () => clearTimeout(timer)
  })
  return (
    <div className="flex items-start gap-2 rounded-md border border-line bg-raised px-3 py-2 text-[13px] shadow-(--shadow)">
      {item.kind === 'good' ? (
        <CheckCircle2 aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
      ) : (
        <XCircle aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      )}
      <span className="min-w-0 flex-1 break-words">{item.text}</span>
      <IconButton label={t.close} className="size-5" onClick={close}>
        <X className="size-3.5" />
      </IconButton>
    </div>
  )
}
