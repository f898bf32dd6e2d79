import type { Overview } from '@contract/api/overview.ts'
import { ChartPanel } from '@/charts/chart-panel.tsx'
import { Heatmap } from '@/charts/heatmap.tsx'
import { formatCount, formatDate, formatMs } from '@/lib/format.ts'
import { useTexts } from '@/texts/texts.ts'
import { overviewTexts } from './texts.ts'

export function LatencyHeatmap({ overview: { heatmap, stats } }: { readonly overview: Overview }) {
  const t = useTexts(overviewTexts)
  const bySlice = new Map(stats.series.map((slice) => [slice.at, slice]))
  const line = (percentile: 'p50' | 'p95') =>
    heatmap.columns.map(({ at }) => bySlice.get(at)?.latency_ms[percentile] ?? null)
  return (
    <ChartPanel
      title={t.heat}
      hint={t.heatHint}
      table={{
        columns: [t.time, t.requests, 'P50', 'P95', 'P99'],
        rows: stats.series.map(({ at, requests, latency_ms }) => [
          formatDate(at),
          formatCount(requests),
          formatMs(latency_ms.p50),
          formatMs(latency_ms.p95),
          formatMs(latency_ms.p99),
        ]),
      }}
    >
      <Heatmap
        bounds={heatmap.bounds_ms}
        columns={heatmap.columns}
        lines={[
          { name: 'p50', values: line('p50'), dash: '' },
          { name: 'p95', values: line('p95'), dash: '4 3' },
        ]}
        height={260}
        label={t.heat}
      />
    </ChartPanel>
  )
}
