import type { LogDetail } from '@contract/api/shapes.ts'
import { Panel } from '@/ui/card.tsx'
import { EmptyState } from '@/ui/states.tsx'
import { Table, Td, Th } from '@/ui/table.tsx'
import { useTexts } from '@/texts/texts.ts'
import { detailTexts } from './texts.ts'

/** Attempt by attempt: which fields the gateway set or removed, and because of what. */
export function Changes({ row }: { readonly row: LogDetail }) {
  const t = useTexts(detailTexts)
  const changed = row.attempts.some(({ changes }) => Object.keys(changes).length > 0)
  if (!changed) return <EmptyState title={t.noChanges} />
  const request = (
    typeof row.request === 'object' && row.request !== null ? row.request : {}
  ) as Readonly<Record<string, unknown>>
  return (
    <div className="flex flex-col gap-3">
      {row.attempts.map((attempt, index) => (
        <Panel
          key={index}
          title={t.attempt(index + 1)}
          hint={`${attempt.provider}/${attempt.model}`}
          bodyClassName="p-0"
        >
          <Table aria-label={t.attempt(index + 1)}>
            <thead>
              <tr>
                <Th>{t.field}</Th>
                <Th>{t.before}</Th>
                <Th>{t.after}</Th>
                <Th>{t.rule}</Th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(attempt.changes).map(([field, after]) => (
                <tr key={field}>
                  <Td>
                    <code>{field}</code>
                  </Td>
                  <Td className="bg-bad-soft">
                    <Value value={request[field]} missing={t.absent} />
                  </Td>
                  <Td className="bg-good-soft">
                    <Value value={after === null ? undefined : after} missing={t.removed} />
                  </Td>
                  <Td className="text-muted">{ruleOf(field, t)}</Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Panel>
      ))}
    </div>
  )
}

function Value({ value, missing }: { readonly value: unknown; readonly missing: string }) {
  if (value === undefined) return <span className="text-xs text-muted italic">{missing}</span>
  const text = JSON.stringify(value)
  return <code className="break-all">{text.length > 200 ? `${text.slice(0, 200)}…` : text}</code>
}

function ruleOf(
  field: string,
  t: {
    readonly rule_model: string
    readonly rule_stream_options: string
    readonly rule_limit: string
    readonly rule_params: string
  },
): string {
  if (field === 'model') return t.rule_model
  if (field === 'stream_options') return t.rule_stream_options
  if (field === 'max_tokens' || field === 'max_completion_tokens')
    return `${t.rule_params}, ${t.rule_limit}`
  return t.rule_params
}
