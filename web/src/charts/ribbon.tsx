import { formatDate, formatPercent } from '@/lib/format.ts'

export interface RibbonCell {
  readonly at: number
  readonly attempts: number
  readonly failed: number
}

/** One strip over time as on a status page: green, amber, red; grey where nothing was asked. */
export function Ribbon({
  cells,
  label,
}: {
  readonly cells: readonly RibbonCell[]
  readonly label: string
}) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${Math.max(1, cells.length) * 4} 20`}
      preserveAspectRatio="none"
      className="h-5 w-full"
    >
      {cells.map(({ at, attempts, failed }, index) => {
        const share = attempts === 0 ? null : failed / attempts
        return (
          <rect
            key={at}
            x={index * 4}
            y={share === null ? 8 : 0}
            width="3.4"
            height={share === null ? 4 : 20}
            fill={colourOf(share)}
          >
            <title>
              {`${formatDate(at)}: ${attempts - failed}/${attempts}${share === null ? '' : ` (${formatPercent(1 - share)})`}`}
            </title>
          </rect>
        )
      })}
    </svg>
  )
}

function colourOf(share: number | null): string {
  if (share === null) return 'var(--line-strong)'
  if (share < 0.02) return 'var(--good)'
  if (share < 0.2) return 'var(--warn)'
  return 'var(--bad)'
}
