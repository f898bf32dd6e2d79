import { useInfiniteQuery } from '@tanstack/react-query'
import { call } from '@/api/client.ts'
import { exactTime, formatDate } from '@/lib/format.ts'
import { Button } from '@/ui/button.tsx'
import { Card } from '@/ui/card.tsx'
import { EmptyState, ErrorState, Skeleton } from '@/ui/states.tsx'
import { Table, Td, Th } from '@/ui/table.tsx'
import { useTexts } from '@/texts/texts.ts'
import { settingsTexts } from './texts.ts'

export function Audit() {
  const t = useTexts(settingsTexts)
  const audit = useInfiniteQuery({
    queryKey: ['/audit'],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/audit', { input: pageParam === '' ? {} : { cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
  if (audit.isError) return <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />
  if (audit.isPending) return <Skeleton className="h-80" />
  const items = audit.data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <EmptyState title={t.noAudit} />
  return (
    <Card>
      <Table aria-label={t.tab_audit}>
        <thead>
          <tr>
            <Th>{t.when}</Th>
            <Th>{t.who}</Th>
            <Th>{t.action}</Th>
            <Th>{t.target}</Th>
            <Th>{t.note}</Th>
            <Th>{t.from}</Th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <Td className="tabular whitespace-nowrap" title={exactTime(item.at)}>
                {formatDate(item.at)}
              </Td>
              <Td>{item.actor}</Td>
              <Td>
                <code className="text-xs">{item.action}</code>
              </Td>
              <Td className="max-w-60 text-xs break-all">{item.target}</Td>
              <Td className="max-w-80 text-xs break-words">{item.detail}</Td>
              <Td className="font-mono text-xs">{item.address}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {audit.hasNextPage && (
        <div className="p-2 text-center">
          <Button busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            {t.more}
          </Button>
        </div>
      )}
    </Card>
  )
}
