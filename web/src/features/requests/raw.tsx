import type { LogDetail } from '@contract/api/shapes.ts'
import { Panel } from '@/ui/card.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { JsonView } from '@/ui/json-view.tsx'
import { useTexts } from '@/texts/texts.ts'
import { detailTexts } from './texts.ts'

/** The bodies as they travelled. */
export function Raw({ row }: { readonly row: LogDetail }) {
  const t = useTexts(detailTexts)
  return (
    <div className="grid gap-3 xl:grid-cols-2">
      <Body title={t.rawRequest} json={row.request} text={row.request_raw} />
      <Body title={t.rawResponse} json={row.response} text={row.response_raw} />
      <Body title={t.rawSent} json={row.sent} text={undefined} />
    </div>
  )
}

function Body({
  title,
  json,
  text,
}: {
  readonly title: string
  readonly json: unknown
  readonly text: string | undefined
}) {
  const t = useTexts(detailTexts)
  const shown = text ?? (json === null ? null : JSON.stringify(json, null, 2))
  return (
    <Panel title={title} actions={shown === null ? undefined : <CopyButton text={shown} />}>
      {shown === null ? (
        <p className="text-[13px] text-muted">{t.noBody}</p>
      ) : text === undefined ? (
        <JsonView value={json} label={title} />
      ) : (
        <pre className="max-h-[60dvh] overflow-auto text-xs break-all whitespace-pre-wrap">
          {text}
        </pre>
      )}
    </Panel>
  )
}
