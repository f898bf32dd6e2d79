import { cva, type VariantProps } from 'class-variance-authority'
import type { HTMLAttributes } from 'react'
import { cn } from '@/lib/cn.ts'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'

const style = cva(
  'inline-flex items-center gap-1 rounded px-1.5 py-0.5 text-xs font-medium whitespace-nowrap',
  {
    variants: {
      tone: {
        neutral: 'bg-sunken text-text',
        good: 'bg-good-soft text-good',
        warn: 'bg-warn-soft text-warn',
        bad: 'bg-bad-soft text-bad',
        info: 'bg-info-soft text-info',
        accent: 'bg-accent-soft text-accent',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
)

export function Badge({
  tone,
  className,
  ...rest
}: HTMLAttributes<HTMLSpanElement> & VariantProps<typeof style>) {
  return <span className={cn(style({ tone }), className)} {...rest} />
}

const TIER_COLOURS: Readonly<Record<string, string>> = {
  t1: 'bg-t1',
  t2: 'bg-t2',
  t3: 'bg-t3',
  pinned: 'bg-pinned',
}

/** T1, T2, T3 or pinned: colour and word, never colour alone. */
export function TierBadge({
  tier,
  long = false,
}: {
  readonly tier: string | null
  readonly long?: boolean
}) {
  const t = useTexts(commonTexts)
  if (tier === null) return <span className="text-muted">–</span>
  const name = `tier_${tier}` as keyof typeof t
  const full = t[name] ?? tier
  const short = tier === 'pinned' ? t.tier_pinned : tier.toUpperCase()
  return (
    <span
      className="inline-flex items-center gap-1.5 text-xs font-semibold whitespace-nowrap"
      title={full}
    >
      <span aria-hidden className={cn('size-2 rounded-[3px]', TIER_COLOURS[tier] ?? 'bg-pinned')} />
      {long ? full : short}
    </span>
  )
}
