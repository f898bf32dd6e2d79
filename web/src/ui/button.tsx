import { cva, type VariantProps } from 'class-variance-authority'
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { cn } from '@/lib/cn.ts'

const buttonStyle = cva(
  'inline-flex items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none disabled:opacity-50 disabled:cursor-not-allowed transition-colors',
  {
    variants: {
      kind: {
        primary: 'bg-accent text-accent-text hover:opacity-90',
        default: 'bg-surface border border-line-strong text-text hover:bg-sunken',
        quiet: 'text-muted hover:text-text hover:bg-sunken',
        danger: 'bg-bad text-white dark:text-black hover:opacity-90',
      },
      size: { small: 'h-7 px-2 text-xs', medium: 'h-8 px-3 text-[13px]', icon: 'size-8' },
    },
    defaultVariants: { kind: 'default', size: 'medium' },
  },
)

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> &
  VariantProps<typeof buttonStyle> & { readonly busy?: boolean }

export function Button({ kind, size, busy, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={cn(buttonStyle({ kind, size }), className)}
      disabled={disabled === true || busy === true}
      aria-busy={busy}
      {...rest}
    >
      {busy === true && <Spinner />}
      {children}
    </button>
  )
}

/** A button that is only a picture; its name is read aloud and shown on hover. */
export function IconButton({
  label,
  children,
  className,
  ...rest
}: Omit<ButtonProps, 'aria-label'> & { readonly label: string; readonly children: ReactNode }) {
  return (
    <Button
      kind="quiet"
      size="icon"
      aria-label={label}
      title={label}
      className={className}
      {...rest}
    >
      {children}
    </Button>
  )
}

export function Spinner() {
  return (
    <span
      aria-hidden
      className="size-3.5 animate-spin rounded-full border-2 border-current border-r-transparent"
    />
  )
}
