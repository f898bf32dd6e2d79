import { useEffect, useState } from 'react'
import { formatCount, formatDate, formatMs } from '@/lib/format.ts'
import { useIsDark } from '@/lib/preferences.ts'
import { every } from './scale.ts'
import { useWidth } from './use-width.ts'

export interface HeatColumn {
  readonly at: number
  readonly counts: readonly number[]
}

const LEFT = 52
const BOTTOM = 20

/**
 * How many answers took how long, over time; time to the right, duration upwards on a log scale.
 * Drawn on a canvas, because it has thousands of cells.
 */
export function Heatmap({
  bounds,
  columns,
  lines,
  height,
  label,
}: {
  /** Upper bounds in milliseconds, the last row open. */
  readonly bounds: readonly number[]
  readonly columns: readonly HeatColumn[]
  /** Percentiles to draw above: values in milliseconds per column. */
  readonly lines: readonly {
    readonly name: string
    readonly values: readonly (number | null)[]
    readonly dash: string
  }[]
  readonly height: number
  readonly label: string
}) {
  const [ref, width] = useWidth()
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null)
  const [hover, setHover] = useState<{ x: number; y: number; text: string } | null>(null)
  const dark = useIsDark()
  const plotWidth = Math.max(0, width - LEFT)
  const plotHeight = height - BOTTOM
  const rows = bounds.length
  useEffect(() => {
    if (canvas === null || plotWidth === 0) return
    const ratio = window.devicePixelRatio
    canvas.width = plotWidth * ratio
    canvas.height = plotHeight * ratio
    const context = canvas.getContext('2d')
    if (context === null) return
    context.scale(ratio, ratio)
    drawCells(context, { columns, rows, width: plotWidth, height: plotHeight, dark })
  }, [canvas, columns, rows, plotWidth, plotHeight, dark])
  const yOf = (ms: number): number => {
    const row = bounds.findIndex((bound) => ms <= bound)
    const index = row === -1 ? rows - 1 : row
    const low = index === 0 ? 0 : (bounds[index - 1] ?? 0)
    const high = bounds[index] ?? low
    const part = high > low ? Math.min(1, (ms - low) / (high - low)) : 0.5
    return plotHeight - ((index + part) / rows) * plotHeight
  }
  const onMove = (event: React.MouseEvent): void => {
    const box = event.currentTarget.getBoundingClientRect()
    const x = event.clientX - box.left
    const y = event.clientY - box.top
    const column = columns[Math.floor((x / plotWidth) * columns.length)]
    const row = rows - 1 - Math.floor((y / plotHeight) * rows)
    const count = column?.counts[row] ?? 0
    if (column === undefined || count === 0) return setHover(null)
    setHover({
      x,
      y,
      text: `${formatDate(column.at)} · ≤ ${formatMs(bounds[row] ?? null)} · ${formatCount(count)}`,
    })
  }
  return (
    <div ref={ref} role="img" aria-label={label} className="relative w-full" style={{ height }}>
      <svg width={width} height={height} className="absolute inset-0">
        {every(bounds, 6).map(({ item, index }) => (
          <text
            key={item}
            x={LEFT - 6}
            y={plotHeight - ((index + 1) / rows) * plotHeight + 4}
            textAnchor="end"
            className="fill-muted text-[10px]"
          >
            {formatMs(item)}
          </text>
        ))}
        {every(columns, Math.max(2, Math.floor(plotWidth / 110))).map(({ item, index }) => (
          <text
            key={item.at}
            x={LEFT + (index / columns.length) * plotWidth}
            y={height - 5}
            className="fill-muted text-[10px]"
          >
            {formatDate(item.at)}
          </text>
        ))}
      </svg>
      <canvas
        ref={setCanvas}
        className="absolute top-0 rounded-sm bg-sunken"
        style={{ left: LEFT, width: plotWidth, height: plotHeight }}
      />
      <svg
        width={plotWidth}
        height={plotHeight}
        className="absolute top-0"
        style={{ left: LEFT }}
        onMouseMove={onMove}
        onMouseLeave={() => setHover(null)}
      >
        {lines.map(({ name, values, dash }) =>
          runsOf(values).map((run, index) => (
            <polyline
              key={`${name} ${index}`}
              points={run
                .map(
                  ({ at, value }) => `${((at + 0.5) / columns.length) * plotWidth},${yOf(value)}`,
                )
                .join(' ')}
              fill="none"
              stroke="var(--text)"
              strokeWidth="1.5"
              strokeDasharray={dash}
            />
          )),
        )}
      </svg>
      {hover !== null && (
        <div
          className="pointer-events-none absolute z-10 rounded bg-text px-1.5 py-0.5 text-xs whitespace-nowrap text-ground"
          style={{
            left: Math.min(LEFT + hover.x + 10, width - 220),
            top: Math.max(0, hover.y - 26),
          }}
        >
          {hover.text}
        </div>
      )}
    </div>
  )
}

function drawCells(
  context: CanvasRenderingContext2D,
  {
    columns,
    rows,
    width,
    height,
    dark,
  }: { columns: readonly HeatColumn[]; rows: number; width: number; height: number; dark: boolean },
): void {
  const most = Math.max(1, ...columns.flatMap(({ counts }) => counts))
  const cellWidth = width / Math.max(1, columns.length)
  const cellHeight = height / rows
  for (const [x, { counts }] of columns.entries()) {
    for (const [row, count] of counts.entries()) {
      if (count === 0) continue
      // The square root keeps the few slow ones visible beside the many fast ones.
      const strength = 0.15 + 0.85 * Math.sqrt(count / most)
      context.fillStyle = dark ? `rgb(45 212 191 / ${strength})` : `rgb(15 118 110 / ${strength})`
      context.fillRect(
        x * cellWidth,
        height - (row + 1) * cellHeight,
        Math.max(1, cellWidth - 0.5),
        Math.max(1, cellHeight - 0.5),
      )
    }
  }
}

/** Pieces without a gap: missing is not zero. */
function runsOf(
  values: readonly (number | null)[],
): readonly (readonly { at: number; value: number }[])[] {
  const runs: { at: number; value: number }[][] = [[]]
  for (const [at, value] of values.entries()) {
    if (value === null) runs.push([])
    else runs.at(-1)?.push({ at, value })
  }
  return runs.filter((run) => run.length > 0)
}
