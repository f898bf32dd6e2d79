import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client.ts'
import { get } from '@/api/query.ts'
import { draft, useDraft } from '@/draft/draft.ts'
import { exactTime, formatAgo } from '@/lib/format.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { Card } from '@/ui/card.tsx'
import { ConfirmDialog, Dialog } from '@/ui/dialog.tsx'
import { DiffView } from '@/ui/diff-view.tsx'
import { EmptyState, ErrorState, Skeleton } from '@/ui/states.tsx'
import { Table, Td, Th } from '@/ui/table.tsx'
import { toast } from '@/ui/toast.tsx'
import { useTexts } from '@/texts/texts.ts'
import { settingsTexts } from './texts.ts'

/** Every configuration that ran, with its difference from now and the way back. */
export function History() {
  const t = useTexts(settingsTexts)
  const client = useQueryClient()
  const { base } = useDraft()
  const history = useQuery(get('/config/history'))
  const [comparing, setComparing] = useState<string | null>(null)
  const [back, setBack] = useState<string | null>(null)
  if (history.isError)
    return <ErrorState error={history.error} onRetry={() => void history.refetch()} />
  if (history.isPending) return <Skeleton className="h-60" />
  const { items } = history.data
  if (items.length === 0) return <EmptyState title={t.noHistory}>{t.historyText}</EmptyState>
  const rollback = async (): Promise<void> => {
    await call('post', '/config/rollback', { input: { revision: back ?? '' } })
    draft.discard()
    await client.invalidateQueries()
    toast(t.rolledBack)
  }
  return (
    <Card>
      <Table aria-label={t.tab_history}>
        <thead>
          <tr>
            <Th>{t.when}</Th>
            <Th>{t.revision}</Th>
            <Th>{t.author}</Th>
            <Th>{t.note}</Th>
            <Th />
          </tr>
        </thead>
        <tbody>
          {items.map(({ revision, at, author, note }, index) => (
            <tr key={`${revision} ${at}`}>
              <Td className="whitespace-nowrap" title={exactTime(at)}>
                {formatAgo(at)}
              </Td>
              <Td>
                <code className="text-xs">{revision}</code>{' '}
                {revision === base?.revision && index === 0 && (
                  <Badge tone="good">{t.running}</Badge>
                )}
              </Td>
              <Td>{author}</Td>
              <Td className="max-w-md break-words">{note}</Td>
              <Td>
                <span className="flex justify-end gap-2">
                  <Button size="small" onClick={() => setComparing(revision)}>
                    {t.compare}
                  </Button>
                  <Button
                    size="small"
                    disabled={revision === base?.revision}
                    onClick={() => setBack(revision)}
                  >
                    {t.rollback}
                  </Button>
                </span>
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {comparing !== null && <Compare revision={comparing} onClose={() => setComparing(null)} />}
      <ConfirmDialog
        open={back !== null}
        onClose={() => setBack(null)}
        title={t.rollbackTitle(back ?? '')}
        confirm={t.rollback}
        onConfirm={rollback}
      >
        {t.rollbackText}
      </ConfirmDialog>
    </Card>
  )
}

function Compare({
  revision,
  onClose,
}: {
  readonly revision: string
  readonly onClose: () => void
}) {
  const t = useTexts(settingsTexts)
  const version = useQuery(get('/config/history/{revision}', { params: { revision } }))
  const file = useQuery(get('/config/file'))
  return (
    <Dialog open onClose={onClose} title={`${t.compare}: ${revision}`} size="large">
      <p className="mb-2 text-[13px] text-muted">{t.historyDiff}</p>
      {version.isError && <ErrorState error={version.error} />}
      {version.data !== undefined && file.data !== undefined && (
        <DiffView before={version.data.text} after={file.data.text} label={t.historyDiff} />
      )}
    </Dialog>
  )
}
