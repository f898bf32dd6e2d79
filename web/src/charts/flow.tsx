import { sankey, sankeyJustify, sankeyLinkHorizontal } from 'd3-sankey'
import { useMemo, useState } from 'react'
import { cn } from '@/lib/cn.ts'
import { formatCount } from '@/lib/format.ts'
import { useWidth } from './use-width.ts'

export interface FlowLink {
  readonly from: string
  readonly to: string
  readonly value: number
  /** Part of the value that failed: drawn in red. */
  readonly failed?: number
}

export interface FlowNode {
  readonly id: string
  readonly label: string
  /** A CSS colour. */
  readonly colour: string
  readonly onSelect?: () => void
}

interface Node extends FlowNode {
  x0?: number
  x1?: number
  y0?: number
  y1?: number
  value?: number
}

const NODE_WIDTH = 10
const LABEL_WIDTH = 150
/** Narrower, the labels of neighbouring columns would lie on each other: it scrolls instead. */
const WIDTH_MIN = 560

/** How much goes from where to where (a Sankey diagram). Nodes are links where they can be opened. */
export function Flow({
  nodes,
  links,
  height,
  label,
}: {
  readonly nodes: readonly FlowNode[]
  readonly links: readonly FlowLink[]
  readonly height: number
  readonly label: string
}) {
  const [ref, width] = useWidth()
  const [hovered, setHovered] = useState<string | null>(null)
  const graph = useMemo(
    () => layout(nodes, links, { width, height }),
    [nodes, links, width, height],
  )
  const path = sankeyLinkHorizontal<Node, { value: number; failed: number }>()
  return (
    <div ref={ref} className="w-full overflow-x-auto">
      {graph !== null && (
        <svg
          role="img"
          aria-label={label}
          width={Math.max(width, WIDTH_MIN)}
          height={height}
          className="block"
        >
          {graph.links.map((link, index) => {
            const source = link.source as Node
            const target = link.target as Node
            const share = link.failed / Math.max(1, link.value)
            const dim = hovered !== null && hovered !== source.id && hovered !== target.id
            return (
              <path
                key={index}
                d={path(link) ?? undefined}
                fill="none"
                stroke={share > 0.5 ? 'var(--bad)' : source.colour}
                strokeWidth={Math.max(1, link.width ?? 1)}
                opacity={dim ? 0.08 : 0.32}
              >
                <title>{`${source.label} → ${target.label}: ${formatCount(link.value)}${link.failed > 0 ? ` (✕ ${formatCount(link.failed)})` : ''}`}</title>
              </path>
            )
          })}
          {graph.nodes.map((node) => (
            <g
              key={node.id}
              onMouseEnter={() => setHovered(node.id)}
              onMouseLeave={() => setHovered(null)}
              onClick={node.onSelect}
              className={cn(node.onSelect !== undefined && 'cursor-pointer')}
            >
              <rect
                x={node.x0}
                y={node.y0}
                width={NODE_WIDTH}
                height={Math.max(2, (node.y1 ?? 0) - (node.y0 ?? 0))}
                rx={2}
                fill={node.colour}
              />
              <text
                x={isRight(node, width) ? (node.x0 ?? 0) - 6 : (node.x1 ?? 0) + 6}
                y={((node.y0 ?? 0) + (node.y1 ?? 0)) / 2}
                dy="0.35em"
                textAnchor={isRight(node, width) ? 'end' : 'start'}
                className="fill-text text-[11px]"
              >
                {shorten(node.label)}
                <tspan className="fill-muted"> {formatCount(node.value ?? 0)}</tspan>
              </text>
            </g>
          ))}
        </svg>
      )}
    </div>
  )
}

function layout(
  nodes: readonly FlowNode[],
  links: readonly FlowLink[],
  { width, height }: { width: number; height: number },
) {
  if (width === 0 || links.length === 0) return null
  const used = new Set(links.flatMap(({ from, to }) => [from, to]))
  const make = sankey<Node, { value: number; failed: number }>()
    .nodeId((node) => node.id)
    .nodeAlign(sankeyJustify)
    .nodeWidth(NODE_WIDTH)
    .nodePadding(14)
    .extent([
      [1, 6],
      [Math.max(width, WIDTH_MIN) - 1, height - 6],
    ])
  return make({
    nodes: nodes.filter(({ id }) => used.has(id)).map((node) => ({ ...node })),
    links: links.map(({ from, to, value, failed = 0 }) => ({
      source: from,
      target: to,
      value,
      failed,
    })),
  })
}

function isRight(node: Node, width: number): boolean {
  return (node.x0 ?? 0) > Math.max(width, WIDTH_MIN) - LABEL_WIDTH
}

function shorten(text: string): string {
  return text.length <= 26 ? text : `${text.slice(0, 25)}…`
}
