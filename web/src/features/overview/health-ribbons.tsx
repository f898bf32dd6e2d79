import { Link } from '@tanstack/react-router'
import type { Overview } from '@contract/api/overview.ts'
import { ChartPanel } from '@/charts/chart-panel.tsx'
import { Ribbon } from '@/charts/ribbon.tsx'
import { formatCount, formatPercent } from '@/lib/format.ts'
import { useTexts } from '@/texts/texts.ts'
import { overviewTexts } from './texts.ts'

/** One strip per model, the worst first. */
export function HealthRibbons({ overview: { ribbons } }: { readonly overview: Overview }) {
  const t = useTexts(overviewTexts)
  const rows = ribbons
    .map(({ endpoint, cells }) => {
      const attempts = cells.reduce((sum, cell) => sum + cell.attempts, 0)
      const failed = cells.reduce((sum, cell) => sum + cell.failed, 0)
      return { endpoint, cells, attempts, failed, rate: attempts === 0 ? 1 : 1 - failed / attempts }
    })
    .sort((left, right) => left.rate - right.rate)
  return (
    <ChartPanel
      title={t.health}
      hint={t.healthHint}
      table={{
        columns: [t.model, t.attempts, t.failed, t.rate],
        rows: rows.map(({ endpoint, attempts, failed, rate }) => [
          endpoint,
          formatCount(attempts),
          formatCount(failed),
          formatPercent(rate, 2),
        ]),
      }}
    >
      <ul className="flex max-h-[260px] flex-col gap-2 overflow-auto">
        {rows.map(({ endpoint, cells, rate }) => (
          <li
            key={endpoint}
            className="grid grid-cols-[minmax(8rem,11rem)_1fr_3.5rem] items-center gap-2 text-xs"
          >
            <Link
              to="/requests"
              search={{ model: endpoint }}
              title={endpoint}
              className="truncate hover:underline"
            >
              {endpoint}
            </Link>
            <Ribbon cells={cells} label={`${endpoint}: ${formatPercent(rate, 2)}`} />
            <span className="tabular text-right">{formatPercent(rate)}</span>
          </li>
        ))}
      </ul>
    </ChartPanel>
  )
}
