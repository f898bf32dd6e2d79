import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react'
import { Switch as BaseSwitch } from '@base-ui/react/switch'
import { cn } from '@/lib/cn.ts'

const box =
  'w-full rounded-md border border-line-strong bg-surface px-2.5 text-[13px] text-text placeholder:text-muted disabled:opacity-60 aria-invalid:border-bad'

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input className={cn(box, 'h-8', className)} {...rest} />
}

export function Textarea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea className={cn(box, 'py-1.5 min-h-20', className)} {...rest} />
}

/** The browser's own list: works with every keyboard, screen reader and phone. */
export function Select({ className, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return <select className={cn(box, 'h-8 pr-7 w-auto max-w-full', className)} {...rest} />
}

export function Switch({
  checked,
  onChange,
  label,
  disabled = false,
}: {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  /** Read aloud; put a visible text beside it. */
  readonly label: string
  readonly disabled?: boolean
}) {
  return (
    <BaseSwitch.Root
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      aria-label={label}
      className="inline-flex h-5 w-9 shrink-0 cursor-pointer items-center rounded-full border border-line-strong bg-sunken p-0.5 data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50"
    >
      <BaseSwitch.Thumb className="size-3.5 rounded-full bg-muted transition-transform data-checked:translate-x-4 data-checked:bg-accent-text" />
    </BaseSwitch.Root>
  )
}

export interface FieldProps {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | null
  readonly className?: string
  /** Given the ids that tie the control to its label, hint and error. */
  readonly children: (control: {
    readonly id: string
    readonly 'aria-describedby': string | undefined
    readonly 'aria-invalid': boolean | undefined
  }) => ReactNode
}

/** A control with its label, hint and error. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId()
  const hasError = error !== undefined && error !== null && error !== ''
  const note = hasError || hint !== undefined ? `${id}-note` : undefined
  return (
    <div className={cn('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="text-xs font-medium text-text">
        {label}
      </label>
      {children({ id, 'aria-describedby': note, 'aria-invalid': hasError || undefined })}
      {note !== undefined && (
        <div id={note} className={cn('text-xs', hasError ? 'text-bad' : 'text-muted')}>
          {hasError ? error : hint}
        </div>
      )}
    </div>
  )
}
