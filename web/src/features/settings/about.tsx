import { useQuery } from '@tanstack/react-query'
import { get } from '@/api/query.ts'
import { formatMs } from '@/lib/format.ts'
import { Panel } from '@/ui/card.tsx'
import { useTexts } from '@/texts/texts.ts'
import { settingsTexts } from './texts.ts'

export function About() {
  const t = useTexts(settingsTexts)
  const health = useQuery(get('/health'))
  return (
    <Panel title="SmartRoute AI Gateway" className="max-w-2xl">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-[13px]">
        <dt className="text-muted">{t.version}</dt>
        <dd>{health.data?.version}</dd>
        <dt className="text-muted">{t.uptime}</dt>
        <dd>{health.data === undefined ? '' : formatMs(health.data.uptime_s * 1_000)}</dd>
        <dt className="text-muted">{t.api}</dt>
        <dd>
          <a className="text-accent underline" href="/api/v1/openapi.json">
            /api/v1/openapi.json
          </a>
        </dd>
        <dt className="text-muted">{t.metrics}</dt>
        <dd>
          <a className="text-accent underline" href="/metrics">
            /metrics
          </a>
        </dd>
      </dl>
      <p className="mt-3 text-[13px] text-muted">{t.privacy}</p>
      <p className="text-[13px] text-muted">{t.licence}</p>
    </Panel>
  )
}
