import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck } from 'lucide-react'
import type { Overview } from '@contract/api/overview.ts'
import { Panel } from '@/ui/card.tsx'
import { useTexts } from '@/texts/texts.ts'
import { overviewTexts } from './texts.ts'

type Item = Overview['attention'][number]

/** Where each kind of trouble is mended. */
const PLACES: Readonly<
  Record<Item['kind'], { readonly to: string; readonly search?: Record<string, string> }>
> = {
  demo: { to: '/models', search: { add: '1' } },
  no_password: { to: '/settings', search: { tab: 'security' } },
  config_problem: { to: '/settings', search: { tab: 'file' } },
  endpoint_resting: { to: '/models' },
  provider_auth: { to: '/models' },
  log_fault: { to: '/settings', search: { tab: 'logging' } },
  log_dropped: { to: '/settings', search: { tab: 'logging' } },
  unpriced: { to: '/models', search: { tab: 'prices' } },
  budget: { to: '/keys' },
  empty_tier: { to: '/routing' },
  disk_low: { to: '/settings', search: { tab: 'logging' } },
}

/** What somebody has to do, with a link to where. */
export function Attention({ items }: { readonly items: Overview['attention'] }) {
  const t = useTexts(overviewTexts)
  if (items.length === 0) {
    return (
      <p className="flex items-center gap-2 px-1 text-[13px] text-muted">
        <CircleCheck aria-hidden className="size-4 text-good" />
        {t.nothingNeedsYou}
      </p>
    )
  }
  return (
    <Panel title={t.needsYou} bodyClassName="p-0">
      <ul>
        {items.map((item, index) => (
          <li
            key={index}
            className="flex flex-wrap items-center gap-x-2 gap-y-0.5 border-b border-line px-3 py-2 text-[13px] last:border-0"
          >
            <CircleAlert aria-hidden className="size-4 shrink-0 text-warn" />
            <span className="font-medium">{t[`why_${item.kind}`]}</span>
            {item.subject !== '' && <code className="text-xs break-all">{item.subject}</code>}
            <span className="min-w-0 text-muted">{item.detail}</span>
            <Link
              to={PLACES[item.kind].to as '/'}
              search={PLACES[item.kind].search ?? {}}
              className="ml-auto font-medium text-accent underline"
              aria-label={`${t.look}: ${t[`why_${item.kind}`]} ${item.subject}`}
            >
              {t.look}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
