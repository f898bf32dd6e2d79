import { useQuery } from '@tanstack/react-query'
import { MoreHorizontal, Plus } from 'lucide-react'
import { useState } from 'react'
import { get } from '@/api/query.ts'
import { draft, useDraft } from '@/draft/draft.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button, IconButton } from '@/ui/button.tsx'
import { Panel } from '@/ui/card.tsx'
import { ConfirmDialog, Dialog } from '@/ui/dialog.tsx'
import { Menu } from '@/ui/menu.tsx'
import { EmptyState } from '@/ui/states.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { ApiKeyField } from './api-key-field.tsx'
import { removeProvider } from './provider-edits.ts'
import { modelTexts } from './texts.ts'
import { TestButton } from './test-button.tsx'

export function Providers({ onAdd }: { readonly onAdd: () => void }) {
  const t = useTexts(modelTexts)
  const { shown } = useDraft()
  const providers = Object.entries(shown.providers ?? {})
  if (providers.length === 0) {
    return (
      <EmptyState
        title={t.noProviders}
        action={
          <Button kind="primary" onClick={onAdd}>
            <Plus className="size-3.5" />
            {t.add}
          </Button>
        }
      >
        {t.noProvidersText}
      </EmptyState>
    )
  }
  return (
    <div className="grid gap-3 lg:grid-cols-2 2xl:grid-cols-3">
      {providers.map(([id]) => (
        <ProviderCard key={id} id={id} />
      ))}
    </div>
  )
}

function ProviderCard({ id }: { readonly id: string }) {
  const t = useTexts(modelTexts)
  const common = useTexts(commonTexts)
  const { shown, base } = useDraft()
  const [asking, setAsking] = useState<'remove' | 'key' | null>(null)
  const health = useQuery({ ...get('/health'), refetchInterval: false })
  const models = useQuery(get('/models'))
  const provider = shown.providers?.[id]
  if (provider === undefined) return null
  const own = models.data?.items.filter((model) => model.provider === id) ?? []
  const resting =
    health.data?.endpoints.filter((one) => one.provider === id && one.state !== 'closed') ?? []
  const refused =
    health.data?.resting.filter(
      ({ name, cause }) => name.startsWith(id) && (cause === 'auth' || cause === 'quota'),
    ) ?? []
  const runs = (base?.document as typeof shown | undefined)?.providers?.[id] !== undefined
  const first = own[0]
  return (
    <Panel
      title={
        <span className="flex items-center gap-2">
          {id}
          {shown.default_provider === id && <Badge tone="accent">{t.isDefault}</Badge>}
          {refused.length > 0 && <Badge tone="bad">{refused[0]?.cause}</Badge>}
          {resting.length > 0 && (
            <Badge tone="warn">
              {common.state_open}: {resting.length}
            </Badge>
          )}
        </span>
      }
      actions={
        <Menu
          trigger={
            <IconButton label={t.providerActions(id)} className="size-7">
              <MoreHorizontal className="size-4" />
            </IconButton>
          }
          entries={[
            { label: t.changeKey, onSelect: () => setAsking('key') },
            {
              label: t.makeDefault,
              disabled: shown.default_provider === id,
              onSelect: () => draft.set(['default_provider'], id),
            },
            null,
            { label: t.removeLabel, danger: true, onSelect: () => setAsking('remove') },
          ]}
        />
      }
    >
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-[13px]">
        <dt className="text-muted">{t.address}</dt>
        <dd className="truncate font-mono text-xs leading-5" title={provider.base_url}>
          {provider.base_url}
        </dd>
        <dt className="text-muted">{t.key}</dt>
        <dd className="truncate font-mono text-xs leading-5">
          {provider.api_key ?? provider.api_keys?.join(', ') ?? t.keyNone}
        </dd>
      </dl>
      <div className="mt-3 flex flex-wrap items-center gap-2 text-xs text-muted">
        {t.modelsUsed(own.length)}
        {runs && first !== undefined && (
          <span className="ml-auto">
            <TestButton account={{ provider: id }} model={first.model} />
          </span>
        )}
      </div>
      <ConfirmDialog
        open={asking === 'remove'}
        onClose={() => setAsking(null)}
        title={t.removeProvider(id)}
        confirm={t.removeLabel}
        onConfirm={() => Promise.resolve(removeProvider(shown, id))}
      >
        {t.removeProviderText}
      </ConfirmDialog>
      {asking === 'key' && <KeyDialog id={id} onClose={() => setAsking(null)} />}
    </Panel>
  )
}

function KeyDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const t = useTexts(modelTexts)
  const common = useTexts(commonTexts)
  const [key, setKey] = useState('')
  const save = (): void => {
    draft.set(['providers', id, 'api_key'], key.trim() === '' ? undefined : key.trim())
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${t.changeKey}: ${id}`}
      size="small"
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button kind="primary" onClick={save}>
            {common.save}
          </Button>
        </>
      }
    >
      <ApiKeyField label={t.newKey} value={key} onChange={setKey} />
    </Dialog>
  )
}
