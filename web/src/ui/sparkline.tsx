import { cn } from '@/lib/cn.ts'

/** A line without axes; `null` breaks it. Says nothing that is not said in words beside it. */
export function Sparkline({
  values,
  className,
  fill = true,
}: {
  readonly values: readonly (number | null)[]
  readonly className?: string
  readonly fill?: boolean
}) {
  const known = values.filter((value) => value !== null)
  const most = Math.max(...known, 0) || 1
  const x = (index: number): number => (index / Math.max(1, values.length - 1)) * 100
  const y = (value: number): number => 29 - (value / most) * 27
  const runs: string[][] = [[]]
  for (const [index, value] of values.entries()) {
    if (value === null) runs.push([])
    else runs.at(-1)?.push(`${x(index).toFixed(2)},${y(value).toFixed(2)}`)
  }
  return (
    <svg
      aria-hidden
      viewBox="0 0 100 30"
      preserveAspectRatio="none"
      className={cn('h-8 w-full text-accent', className)}
    >
      {runs
        .filter((run) => run.length > 0)
        .map((run, index) => (
          <g key={index}>
            {fill && run.length > 1 && (
              <polygon
                points={`${run[0]?.split(',')[0]},30 ${run.join(' ')} ${run.at(-1)?.split(',')[0]},30`}
                fill="currentColor"
                opacity="0.12"
              />
            )}
            <polyline
              points={run.length === 1 ? `${run[0]} ${run[0]}` : run.join(' ')}
              fill="none"
              stroke="currentColor"
              strokeWidth="1.5"
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
          </g>
        ))}
    </svg>
  )
}
