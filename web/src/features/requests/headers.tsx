import type { LogDetail } from '@contract/api/shapes.ts'
import { Panel } from '@/ui/card.tsx'
import { useTexts } from '@/texts/texts.ts'
import { detailTexts } from './texts.ts'

export function Headers({ row }: { readonly row: LogDetail }) {
  const t = useTexts(detailTexts)
  return (
    <div className="grid gap-3 xl:grid-cols-2">
      <List title={t.requestHeaders} headers={row.request_headers} />
      <List title={t.responseHeaders} headers={row.response_headers} />
    </div>
  )
}

function List({
  title,
  headers,
}: {
  readonly title: string
  readonly headers: Readonly<Record<string, string>> | null
}) {
  const t = useTexts(detailTexts)
  return (
    <Panel title={title}>
      {headers === null ? (
        <p className="text-[13px] text-muted">{t.noHeaders}</p>
      ) : (
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-xs">
          {Object.entries(headers).map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="font-mono text-muted">{name}</dt>
              <dd className="font-mono break-all">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  )
}
