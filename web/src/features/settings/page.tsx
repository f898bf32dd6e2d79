import { lazy, Suspense } from 'react'
import { useSearchState } from '@/lib/search-state.ts'
import { PageHeader } from '@/ui/card.tsx'
import { Skeleton } from '@/ui/states.tsx'
import { Tabs } from '@/ui/tabs.tsx'
import { useTexts } from '@/texts/texts.ts'
import { settingsTexts } from './texts.ts'

const PARTS = {
  form: lazy(async () => ({ default: (await import('./config-form.tsx')).ConfigForm })),
  file: lazy(async () => ({ default: (await import('./config-file.tsx')).ConfigFile })),
  effective: lazy(async () => ({ default: (await import('./effective.tsx')).Effective })),
  history: lazy(async () => ({ default: (await import('./history.tsx')).History })),
  logging: lazy(async () => ({ default: (await import('./logging.tsx')).Logging })),
  security: lazy(async () => ({ default: (await import('./security.tsx')).Security })),
  audit: lazy(async () => ({ default: (await import('./audit.tsx')).Audit })),
  about: lazy(async () => ({ default: (await import('./about.tsx')).About })),
} as const

type Part = keyof typeof PARTS
const NAMES = Object.keys(PARTS) as readonly Part[]

export function Page() {
  const t = useTexts(settingsTexts)
  const [search, setSearch] = useSearchState()
  const selected = NAMES.find((name) => name === search['tab']) ?? 'form'
  const Shown = PARTS[selected]
  return (
    <>
      <PageHeader title={t.title} />
      <Tabs
        label={t.tabs}
        selected={selected}
        onSelect={(tab) => setSearch({ tab: tab === 'form' ? undefined : tab })}
        tabs={NAMES.map((id) => ({
          id,
          label: t[`tab_${id}`],
          content: (
            <Suspense fallback={<Skeleton className="h-80" />}>
              <Shown />
            </Suspense>
          ),
        }))}
      />
    </>
  )
}
