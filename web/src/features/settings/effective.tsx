import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { get } from '@/api/query.ts'
import { Badge } from '@/ui/badge.tsx'
import { Panel } from '@/ui/card.tsx'
import { Input } from '@/ui/field.tsx'
import { ErrorState, Skeleton } from '@/ui/states.tsx'
import { Table, Td, Th } from '@/ui/table.tsx'
import { useTexts } from '@/texts/texts.ts'
import { settingsTexts } from './texts.ts'

const TONES = { file: 'accent', environment: 'info', default: 'neutral' } as const

export function Effective() {
  const t = useTexts(settingsTexts)
  const effective = useQuery(get('/config/effective'))
  const [filter, setFilter] = useState('')
  if (effective.isError)
    return <ErrorState error={effective.error} onRetry={() => void effective.refetch()} />
  if (effective.isPending) return <Skeleton className="h-96" />
  const entries = effective.data.entries.filter(({ path }) => path.includes(filter.trim()))
  return (
    <Panel
      title={t.tab_effective}
      hint={t.effectiveHint}
      actions={
        <Input
          data-filter
          aria-label={t.filter}
          placeholder={t.filter}
          className="h-7 w-40 text-xs"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      }
      bodyClassName="p-0"
    >
      <Table aria-label={t.tab_effective}>
        <thead>
          <tr>
            <Th>{t.setting}</Th>
            <Th>{t.value}</Th>
            <Th>{t.origin}</Th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ path, value, origin, detail }) => (
            <tr key={path}>
              <Td className="font-mono text-xs">{path}</Td>
              <Td className="max-w-md font-mono text-xs break-all">
                {typeof value === 'string' ? value : JSON.stringify(value)}
              </Td>
              <Td className="whitespace-nowrap">
                <Badge tone={TONES[origin]}>{t[`origin_${origin}`]}</Badge>{' '}
                <code className="text-xs">{detail}</code>
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
