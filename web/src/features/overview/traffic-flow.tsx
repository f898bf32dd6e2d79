import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Overview } from '@contract/api/overview.ts'
import { ChartPanel } from '@/charts/chart-panel.tsx'
import { Flow, type FlowLink, type FlowNode } from '@/charts/flow.tsx'
import { formatCount, formatUsd } from '@/lib/format.ts'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { overviewTexts } from './texts.ts'

const MODELS_SHOWN = 8
const KEYS_SHOWN = 8

/** Keys at the left, tiers in the middle, models at the right; each opens its requests. */
export function TrafficFlow({ overview }: { readonly overview: Overview }) {
  const t = useTexts(overviewTexts)
  const common = useTexts(commonTexts)
  const navigate = useNavigate()
  const { flow } = overview
  const { nodes, links } = useMemo(() => {
    const open = (search: Record<string, string>) => () =>
      void navigate({ to: '/requests', search })
    const keys = largest(flow, (row) => row.key, KEYS_SHOWN)
    const models = largest(flow, (row) => row.model, MODELS_SHOWN)
    const keyOf = (name: string): string => (keys.has(name) ? name : '…')
    const modelOf = (name: string): string => (models.has(name) ? name : '…')
    const nodes = new Map<string, FlowNode>()
    const links = new Map<string, { from: string; to: string; value: number; failed: number }>()
    const add = (from: string, to: string, row: Overview['flow'][number]): void => {
      const link = links.get(`${from}|${to}`) ?? { from, to, value: 0, failed: 0 }
      link.value += row.requests
      link.failed += row.failed
      links.set(`${from}|${to}`, link)
    }
    for (const row of flow) {
      const [key, model] = [keyOf(row.key), modelOf(row.model)]
      nodes.set(`k ${key}`, {
        id: `k ${key}`,
        label: key === '' ? t.noKey : key,
        colour: 'var(--muted)',
        ...(key === '' || key === '…' ? {} : { onSelect: open({ key }) }),
      })
      const tier = row.tier === '' ? '–' : row.tier
      nodes.set(`t ${tier}`, {
        id: `t ${tier}`,
        label: (common as Record<string, string>)[`tier_${tier}`] ?? tier,
        colour: `var(--${tier === '–' ? 'pinned' : tier})`,
        onSelect: open({ tier }),
      })
      nodes.set(`m ${model}`, {
        id: `m ${model}`,
        label: model === '' ? t.noModel : model,
        colour: model === '' ? 'var(--bad)' : 'var(--accent)',
        ...(model === '' ? { onSelect: open({ status: 'error' }) } : { onSelect: open({ model }) }),
      })
      add(`k ${key}`, `t ${tier}`, row)
      add(`t ${tier}`, `m ${model}`, row)
    }
    return { nodes: [...nodes.values()], links: [...links.values()] as readonly FlowLink[] }
  }, [flow, t, common, navigate])
  return (
    <ChartPanel
      title={t.flow}
      hint={t.flowHint}
      table={{
        columns: [t.key, t.tier, t.model, t.requests, t.failed, t.cost],
        rows: flow.map((row) => [
          row.key === '' ? t.noKey : row.key,
          row.tier,
          row.model === '' ? t.noModel : row.model,
          formatCount(row.requests),
          formatCount(row.failed),
          formatUsd(row.cost_usd),
        ]),
      }}
    >
      <Flow nodes={nodes} links={links} height={320} label={`${t.flow}: ${t.flowHint}`} />
    </ChartPanel>
  )
}

/** The names with the most requests. */
function largest(
  flow: Overview['flow'],
  nameOf: (row: Overview['flow'][number]) => string,
  count: number,
): ReadonlySet<string> {
  const sums = new Map<string, number>()
  for (const row of flow) sums.set(nameOf(row), (sums.get(nameOf(row)) ?? 0) + row.requests)
  return new Set(
    [...sums]
      .sort(([, left], [, right]) => right - left)
      .slice(0, count)
      .map(([name]) => name),
  )
}
