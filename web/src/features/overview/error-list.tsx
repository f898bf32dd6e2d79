import { Link } from '@tanstack/react-router'
import type { Overview } from '@contract/api/overview.ts'
import { formatCount } from '@/lib/format.ts'
import { Panel } from '@/ui/card.tsx'
import { useTexts } from '@/texts/texts.ts'
import { overviewTexts } from './texts.ts'

/** Failed requests by their code, each a link to them. */
export function ErrorList({ overview: { errors } }: { readonly overview: Overview }) {
  const t = useTexts(overviewTexts)
  const most = Math.max(1, ...errors.map(({ count }) => count))
  return (
    <Panel title={t.errors}>
      {errors.length === 0 && <p className="text-[13px] text-muted">{t.noErrors}</p>}
      <ul className="flex flex-col gap-1.5">
        {errors.map(({ code, count }) => (
          <li
            key={code}
            className="grid grid-cols-[minmax(9rem,14rem)_1fr_4rem] items-center gap-3 text-[13px]"
          >
            <Link
              to="/requests"
              search={{ error: code }}
              className="truncate font-mono text-xs hover:underline"
            >
              {code}
            </Link>
            <span
              aria-hidden
              className="h-2 rounded bg-bad"
              style={{ width: `${Math.max(1, (count / most) * 100)}%` }}
            />
            <span className="tabular text-right">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
