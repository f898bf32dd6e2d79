import { Plus } from 'lucide-react'
import { draft, useDraft } from '@/draft/draft.ts'
import { useSearchState } from '@/lib/search-state.ts'
import { Button } from '@/ui/button.tsx'
import { PageHeader } from '@/ui/card.tsx'
import { ErrorState, Skeleton } from '@/ui/states.tsx'
import { Tabs } from '@/ui/tabs.tsx'
import { useTexts } from '@/texts/texts.ts'
import { ModelMap } from './model-map.tsx'
import { ModelTable } from './model-table.tsx'
import { Params } from './params.tsx'
import { Providers } from './providers.tsx'
import { modelTexts } from './texts.ts'
import { Wizard } from './wizard.tsx'

const TABS = ['providers', 'models', 'params', 'map'] as const

export function Page() {
  const t = useTexts(modelTexts)
  const { isLoaded, error } = useDraft()
  const [search, setSearch] = useSearchState()
  // Links that come from "a model has no price" lead to the table with the prices.
  const wanted = search['tab'] === 'prices' ? 'models' : search['tab']
  const selected = TABS.find((tab) => tab === wanted) ?? 'providers'
  return (
    <>
      <PageHeader title={t.title}>
        <Button kind="primary" onClick={() => setSearch({ add: '1' })} disabled={!isLoaded}>
          <Plus className="size-3.5" />
          {t.add}
        </Button>
      </PageHeader>
      {!isLoaded && error === null && <Skeleton className="h-80" />}
      {!isLoaded && error !== null && (
        <ErrorState error={error} onRetry={() => void draft.load()} />
      )}
      {isLoaded && (
        <Tabs
          label={t.tabs}
          selected={selected}
          onSelect={(tab) => setSearch({ tab: tab === 'providers' ? undefined : tab })}
          tabs={[
            {
              id: 'providers',
              label: t.tab_providers,
              content: <Providers onAdd={() => setSearch({ add: '1' })} />,
            },
            { id: 'models', label: t.tab_models, content: <ModelTable /> },
            { id: 'params', label: t.tab_params, content: <Params /> },
            { id: 'map', label: t.tab_map, content: <ModelMap /> },
          ]}
        />
      )}
      {isLoaded && search['add'] === '1' && (
        <Wizard onClose={() => setSearch({ add: undefined })} />
      )}
    </>
  )
}
