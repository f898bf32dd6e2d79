import type { LogRow } from '@contract/api/shapes.ts'
import { cn } from '@/lib/cn.ts'

const DOTS_MAX = 6

/** One mark per attempt: a full dot answered, a ring failed. */
export function AttemptDots({ attempts }: { readonly attempts: LogRow['attempts'] }) {
  const text = attempts
    .map(({ provider, model, outcome }) => `${provider}/${model}: ${outcome}`)
    .join('\n')
  return (
    <span
      role="img"
      aria-label={text === '' ? '0' : text}
      title={text}
      className="inline-flex items-center gap-0.5"
    >
      {attempts.slice(0, DOTS_MAX).map(({ outcome }, index) => (
        <span
          key={index}
          className={cn(
            'size-2 rounded-full',
            outcome === 'ok' ? 'bg-good' : 'border-2 border-bad',
          )}
        />
      ))}
      {attempts.length > DOTS_MAX && (
        <span className="text-xs text-muted">+{attempts.length - DOTS_MAX}</span>
      )}
    </span>
  )
}
