import { useRef, useState } from 'react'
import { formatCount, formatDate } from '@/lib/format.ts'
import { every, niceTicks } from './scale.ts'
import { useWidth } from './use-width.ts'

export interface BarSeries {
  readonly name: string
  /** A CSS colour. */
  readonly colour: string
  readonly values: readonly number[]
}

const LEFT = 40
const BOTTOM = 18

/** Stacked columns over time. With `onZoom` a part can be chosen by dragging. */
export function Bars({
  times,
  series,
  height,
  label,
  format = formatCount,
  onZoom,
}: {
  readonly times: readonly number[]
  readonly series: readonly BarSeries[]
  readonly height: number
  readonly label: string
  readonly format?: (value: number) => string
  readonly onZoom?: (from: number, to: number) => void
}) {
  const [ref, width] = useWidth()
  const [range, setRange] = useState<[number, number] | null>(null)
  const dragging = useRef<number | null>(null)
  const totals = times.map((_, index) =>
    series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  )
  const ticks = niceTicks(Math.max(...totals, 0))
  const most = ticks.at(-1) ?? 1
  const plotWidth = Math.max(0, width - LEFT)
  const plotHeight = height - BOTTOM
  const step = plotWidth / Math.max(1, times.length)
  const indexAt = (event: React.PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect()
    return Math.max(
      0,
      Math.min(times.length - 1, Math.floor((event.clientX - box.left - LEFT) / step)),
    )
  }
  const onUp = (): void => {
    dragging.current = null
    if (range === null || onZoom === undefined) return
    const [from, to] = [Math.min(...range), Math.max(...range)]
    const width = (times[1] ?? 0) - (times[0] ?? 0)
    setRange(null)
    if (to > from) onZoom(times[from] ?? 0, (times[to] ?? 0) + width)
  }
  return (
    <div ref={ref} className="w-full">
      <svg
        role="img"
        aria-label={label}
        width={width}
        height={height}
        className={
          onZoom === undefined ? 'block' : 'block cursor-crosshair touch-pan-y select-none'
        }
        onPointerDown={(event) => {
          if (onZoom === undefined) return
          dragging.current = indexAt(event)
          event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={(event) => {
          if (dragging.current !== null) setRange([dragging.current, indexAt(event)])
        }}
        onPointerUp={onUp}
        onPointerCancel={() => setRange(null)}
      >
        {ticks.map((tick) => {
          const y = plotHeight - (tick / most) * (plotHeight - 6)
          return (
            <g key={tick}>
              <line x1={LEFT} x2={width} y1={y} y2={y} stroke="var(--line)" />
              <text x={LEFT - 5} y={y + 3} textAnchor="end" className="fill-muted text-[10px]">
                {format(tick)}
              </text>
            </g>
          )
        })}
        {times.map((at, index) => {
          let y = plotHeight
          return (
            <g key={at}>
              {series.map(({ name, colour, values }) => {
                const value = values[index] ?? 0
                const size = (value / most) * (plotHeight - 6)
                y -= size
                return value === 0 ? null : (
                  <rect
                    key={name}
                    x={LEFT + index * step + 0.5}
                    y={y}
                    width={Math.max(1, step - 1)}
                    height={size}
                    fill={colour}
                  />
                )
              })}
              <rect
                x={LEFT + index * step}
                y={0}
                width={step}
                height={plotHeight}
                fill="transparent"
              >
                <title>{`${formatDate(at)}\n${series.map(({ name, values }) => `${name}: ${format(values[index] ?? 0)}`).join('\n')}`}</title>
              </rect>
            </g>
          )
        })}
        {range !== null && (
          <rect
            x={LEFT + Math.min(...range) * step}
            y={0}
            width={(Math.abs(range[1] - range[0]) + 1) * step}
            height={plotHeight}
            fill="var(--info)"
            opacity="0.18"
          />
        )}
        {every(times, Math.max(2, Math.floor(plotWidth / 110))).map(({ item, index }) => (
          <text
            key={item}
            x={LEFT + index * step}
            y={height - 4}
            className="fill-muted text-[10px]"
          >
            {formatDate(item)}
          </text>
        ))}
      </svg>
    </div>
  )
}
