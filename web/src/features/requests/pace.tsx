import type { LogDetail } from '@contract/api/shapes.ts'
import { formatBytes, formatMs } from '@/lib/format.ts'
import { Panel } from '@/ui/card.tsx'
import { useTexts } from '@/texts/texts.ts'
import { detailTexts } from './texts.ts'

const WIDTH = 1_000
const HEIGHT = 48

/** When the stream passed how much on: its gaps are what a user saw as a stall. */
export function Pace({
  pace,
  totalMs,
}: {
  readonly pace: NonNullable<LogDetail['pace']>
  readonly totalMs: number
}) {
  const t = useTexts(detailTexts)
  const most = Math.max(...pace.map(([, bytes]) => bytes), 1)
  const x = (ms: number): number => (ms / Math.max(1, totalMs)) * WIDTH
  return (
    <Panel title={t.pace} hint={t.paceHint}>
      <svg
        role="img"
        aria-label={`${t.pace}: ${pace.length}`}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-12 w-full rounded bg-sunken"
      >
        {pace.map(([ms, bytes], index) => {
          const size = Math.max(3, (bytes / most) * HEIGHT)
          return (
            <rect
              key={index}
              x={x(ms)}
              y={HEIGHT - size}
              width="3"
              height={size}
              fill="var(--accent)"
            >
              <title>{`${formatMs(ms)}: ${formatBytes(bytes)}`}</title>
            </rect>
          )
        })}
      </svg>
    </Panel>
  )
}
