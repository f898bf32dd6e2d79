import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client.ts'
import { get } from '@/api/query.ts'
import { draft, useDraft } from '@/draft/draft.ts'
import { formatBytes } from '@/lib/format.ts'
import { Button } from '@/ui/button.tsx'
import { Panel } from '@/ui/card.tsx'
import { ConfirmDialog } from '@/ui/dialog.tsx'
import { Field, Input, Select } from '@/ui/field.tsx'
import { NumberField } from '@/ui/number-field.tsx'
import { ErrorState, Skeleton } from '@/ui/states.tsx'
import { Table, Td, Th } from '@/ui/table.tsx'
import { toast } from '@/ui/toast.tsx'
import { useTexts } from '@/texts/texts.ts'
import { settingsTexts } from './texts.ts'

const BODIES = ['full', 'redacted', 'none'] as const

export function Logging() {
  const t = useTexts(settingsTexts)
  const { shown } = useDraft()
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <Panel title={t.tab_logging} bodyClassName="flex flex-col gap-3">
        <Field label={t.bodies}>
          {(control) => (
            <Select
              {...control}
              className="w-full"
              value={shown.logs?.bodies ?? 'full'}
              onChange={(event) => draft.set(['logs', 'bodies'], event.target.value)}
            >
              {BODIES.map((value) => (
                <option key={value} value={value}>
                  {t[`bodies_${value}`]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <NumberField
          label={t.retention}
          value={shown.logs?.retention_days}
          onChange={(value) => draft.set(['logs', 'retention_days'], value)}
        />
        <NumberField
          label={t.bodyLimit}
          value={shown.logs?.body_limit_bytes}
          onChange={(value) => draft.set(['logs', 'body_limit_bytes'], value)}
        />
      </Panel>
      <Disk />
    </div>
  )
}

function Disk() {
  const t = useTexts(settingsTexts)
  const client = useQueryClient()
  const storage = useQuery(get('/storage'))
  const [before, setBefore] = useState(() => new Date().toISOString().slice(0, 10))
  const [asking, setAsking] = useState(false)
  if (storage.isError)
    return <ErrorState error={storage.error} onRetry={() => void storage.refetch()} />
  if (storage.isPending) return <Skeleton className="h-60" />
  const { days, total_bytes, free_bytes, path } = storage.data
  const most = Math.max(1, ...days.map(({ bytes }) => bytes))
  const prune = async (): Promise<void> => {
    const gone = await call('post', '/storage/prune', { input: { before } })
    toast(t.pruned(gone.days, formatBytes(gone.bytes)))
    await client.invalidateQueries({ queryKey: ['/storage'] })
  }
  return (
    <Panel
      title={`${t.disk}: ${formatBytes(total_bytes)}`}
      hint={free_bytes === null ? undefined : t.free(formatBytes(free_bytes))}
    >
      <p className="mb-2 truncate text-xs text-muted">
        {t.path} <code title={path}>{path}</code>
      </p>
      <Table aria-label={t.disk}>
        <thead>
          <tr>
            <Th>{t.day}</Th>
            <Th>{t.size}</Th>
            <Th className="w-1/2" />
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, bytes }) => (
            <tr key={day}>
              <Td className="tabular">{day}</Td>
              <Td className="tabular">{formatBytes(bytes)}</Td>
              <Td>
                <span
                  aria-hidden
                  className="block h-2 rounded bg-accent"
                  style={{ width: `${(bytes / most) * 100}%` }}
                />
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      <div className="mt-3 flex items-end gap-2">
        <Field label={t.pruneBefore}>
          {(control) => (
            <Input
              {...control}
              type="date"
              value={before}
              onChange={(event) => setBefore(event.target.value)}
            />
          )}
        </Field>
        <Button disabled={before === ''} onClick={() => setAsking(true)}>
          {t.prune}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t.pruneTitle(before)}
        confirm={t.prune}
        onConfirm={prune}
      >
        {t.pruneText}
      </ConfirmDialog>
    </Panel>
  )
}
