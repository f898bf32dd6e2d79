import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { GatewayKey } from '@contract/api/keys.ts'
import { get } from '@/api/query.ts'
import { Button } from '@/ui/button.tsx'
import { Card, PageHeader } from '@/ui/card.tsx'
import { Switch } from '@/ui/field.tsx'
import { EmptyState, ErrorState, Skeleton } from '@/ui/states.tsx'
import { Table, Th } from '@/ui/table.tsx'
import { useTexts } from '@/texts/texts.ts'
import { CreateKey, ShownOnce } from './create-key.tsx'
import { KeyRow } from './key-row.tsx'
import { keyTexts } from './texts.ts'

export function Page() {
  const t = useTexts(keyTexts)
  const keys = useQuery(get('/keys'))
  const [creating, setCreating] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const [showEnded, setShowEnded] = useState(false)
  const all = keys.data?.items ?? []
  const active = all.filter((key) => !hasEnded(key))
  const shown = showEnded ? all : active
  return (
    <>
      <PageHeader title={t.title} hint={t.hint}>
        {all.length > active.length && (
          <span className="flex items-center gap-2 text-[13px]">
            <Switch checked={showEnded} label={t.showEnded} onChange={setShowEnded} />
            {t.showEnded}
          </span>
        )}
        <Button kind="primary" onClick={() => setCreating(true)}>
          <Plus className="size-3.5" />
          {t.create}
        </Button>
      </PageHeader>
      {keys.isPending && <Skeleton className="h-60" />}
      {keys.isError && <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isSuccess && active.length === 0 && (
        <EmptyState
          title={t.openTitle}
          action={
            <Button kind="primary" onClick={() => setCreating(true)}>
              {t.create}
            </Button>
          }
        >
          {t.openText}
        </EmptyState>
      )}
      {shown.length > 0 && (
        <Card>
          <Table aria-label={t.title}>
            <thead>
              <tr>
                <Th>{t.name}</Th>
                <Th>{t.state}</Th>
                <Th>{t.prefix}</Th>
                <Th>{t.lastUsed}</Th>
                <Th>{t.requests}</Th>
                <Th className="text-right">{t.cost}</Th>
                <Th>{t.limits}</Th>
                <Th />
              </tr>
            </thead>
            <tbody>
              {shown.map((key) => (
                <KeyRow key={key.id} item={key} onMade={setMade} />
              ))}
            </tbody>
          </Table>
        </Card>
      )}
      {creating && <CreateKey onClose={() => setCreating(false)} onMade={setMade} />}
      {made !== null && <ShownOnce secret={made} onClose={() => setMade(null)} />}
    </>
  )
}

export function hasEnded({ revoked_at, expires_at }: GatewayKey): boolean {
  return revoked_at !== null || (expires_at !== null && expires_at <= Date.now())
}
