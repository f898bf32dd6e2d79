import { useQueryClient } from '@tanstack/react-query'
import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import type { GatewayKey } from '@contract/api/keys.ts'
import { call } from '@/api/client.ts'
import { useDraft } from '@/draft/draft.ts'
import { formatAgo, formatCount, formatDate, formatUsd } from '@/lib/format.ts'
import { Badge } from '@/ui/badge.tsx'
import { IconButton } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/dialog.tsx'
import { Menu } from '@/ui/menu.tsx'
import { Sparkline } from '@/ui/sparkline.tsx'
import { Td } from '@/ui/table.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { KeyLimits } from './key-limits.tsx'
import { keyTexts } from './texts.ts'

export function KeyRow({
  item,
  onMade,
}: {
  readonly item: GatewayKey
  readonly onMade: (key: string) => void
}) {
  const t = useTexts(keyTexts)
  const common = useTexts(commonTexts)
  const client = useQueryClient()
  const { shown } = useDraft()
  const [asking, setAsking] = useState<'rotate' | 'revoke' | 'limits' | null>(null)
  const limits = Object.entries(shown.gateway?.key_limits?.[item.name] ?? {})
  const close = (): void => setAsking(null)
  const refresh = () => client.invalidateQueries({ queryKey: ['/keys'] })
  return (
    <tr>
      <Td className="font-medium">
        {item.name}
        {item.source === 'file' && (
          <span className="ml-2" title={t.inFileHint}>
            <Badge>{t.inFile}</Badge>
          </span>
        )}
      </Td>
      <Td>
        <State item={item} />
      </Td>
      <Td className="font-mono text-xs">{item.prefix}…</Td>
      <Td className="whitespace-nowrap text-muted">
        {item.last_used_at === null ? common.never : formatAgo(item.last_used_at)}
      </Td>
      <Td>
        <span className="flex items-center gap-2">
          <span className="tabular w-12 text-right">{formatCount(item.requests_24h)}</span>
          {item.series.length > 0 && <Sparkline values={item.series} className="h-5 w-24" />}
        </span>
      </Td>
      <Td className="tabular text-right">{formatUsd(item.cost_usd_24h)}</Td>
      <Td className="text-xs text-muted">
        {limits.length === 0
          ? '–'
          : limits.map(([name, value]) => `${name}: ${String(value)}`).join(', ')}
      </Td>
      <Td className="text-right">
        <Menu
          trigger={
            <IconButton label={t.actions(item.name)} className="size-7">
              <MoreHorizontal className="size-4" />
            </IconButton>
          }
          entries={[
            { label: t.limits, onSelect: () => setAsking('limits') },
            {
              label: t.rotate,
              disabled: item.source === 'file' || item.revoked_at !== null,
              onSelect: () => setAsking('rotate'),
            },
            null,
            {
              label: t.revoke,
              danger: true,
              disabled: item.source === 'file' || item.revoked_at !== null,
              onSelect: () => setAsking('revoke'),
            },
          ]}
        />
        <ConfirmDialog
          open={asking === 'rotate'}
          onClose={close}
          title={t.rotateTitle(item.name)}
          confirm={t.rotate}
          onConfirm={async () => {
            const { key } = await call('post', '/keys/{id}/rotate', { params: { id: item.id } })
            await refresh()
            onMade(key)
          }}
        >
          {t.rotateText}
        </ConfirmDialog>
        <ConfirmDialog
          open={asking === 'revoke'}
          onClose={close}
          title={t.revokeTitle(item.name)}
          confirm={t.revoke}
          onConfirm={async () => {
            await call('post', '/keys/{id}/revoke', { params: { id: item.id } })
            await refresh()
          }}
        >
          {t.revokeText}
        </ConfirmDialog>
        {asking === 'limits' && <KeyLimits name={item.name} onClose={close} />}
      </Td>
    </tr>
  )
}

function State({ item }: { readonly item: GatewayKey }) {
  const t = useTexts(keyTexts)
  if (item.revoked_at !== null) return <Badge tone="bad">{t.revoked}</Badge>
  if (item.expires_at !== null && item.expires_at <= Date.now())
    return <Badge tone="warn">{t.expired}</Badge>
  return (
    <span className="flex items-center gap-1.5">
      <Badge tone="good">{t.active}</Badge>
      {item.expires_at !== null && (
        <span className="text-xs text-muted">{t.endsAt(formatDate(item.expires_at))}</span>
      )}
    </span>
  )
}
