import { useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/client.ts'
import { get } from '@/api/query.ts'
import { formatAgo } from '@/lib/format.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { Panel } from '@/ui/card.tsx'
import { ErrorState, Skeleton, useErrorText } from '@/ui/states.tsx'
import { toast } from '@/ui/toast.tsx'
import { useTexts } from '@/texts/texts.ts'
import { settingsTexts } from './texts.ts'

export function Sessions() {
  const t = useTexts(settingsTexts)
  const client = useQueryClient()
  const textOf = useErrorText()
  const sessions = useQuery(get('/auth/sessions'))
  const end = async (input: { id?: string; others?: boolean }): Promise<void> => {
    try {
      await call('post', '/auth/sessions/revoke', { input })
      await client.invalidateQueries({ queryKey: ['/auth/sessions'] })
    } catch (error) {
      toast(textOf(error), 'bad')
    }
  }
  const items = sessions.data?.items ?? []
  return (
    <Panel
      title={t.sessions}
      actions={
        items.length > 1 ? (
          <Button size="small" onClick={() => void end({ others: true })}>
            {t.endOthers}
          </Button>
        ) : undefined
      }
    >
      {sessions.isPending && <Skeleton className="h-20" />}
      {sessions.isError && (
        <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
      )}
      <ul>
        {items.map((session) => (
          <li
            key={session.id}
            className="flex items-center gap-2 border-b border-line py-2 text-[13px] last:border-0"
          >
            <span className="min-w-0 flex-1">
              <span className="block truncate" title={session.user_agent}>
                {session.user_agent}
              </span>
              <span className="text-xs text-muted">
                {session.address} · {t.seen(formatAgo(session.seen_at))}
              </span>
            </span>
            {session.current ? (
              <Badge tone="accent">{t.thisOne}</Badge>
            ) : (
              <Button size="small" onClick={() => void end({ id: session.id })}>
                {t.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
