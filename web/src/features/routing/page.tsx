import { useDraft } from '@/draft/draft.ts'
import { PageHeader } from '@/ui/card.tsx'
import { ErrorState, Skeleton } from '@/ui/states.tsx'
import { draft } from '@/draft/draft.ts'
import { useTexts } from '@/texts/texts.ts'
import { BacktestCard } from './backtest-card.tsx'
import { ClassifierCard } from './classifier-card.tsx'
import { RulesCard } from './rules-card.tsx'
import { Tester } from './tester.tsx'
import { routingTexts } from './texts.ts'
import { TierColumn } from './tier-column.tsx'

/** Tiers, rules and classifier as a draft, with what the draft would do beside it. */
export function Page() {
  const t = useTexts(routingTexts)
  const { isLoaded, error, shown } = useDraft()
  return (
    <>
      <PageHeader title={t.title} hint={t.hint} />
      {!isLoaded && error === null && <Skeleton className="h-96" />}
      {!isLoaded && error !== null && (
        <ErrorState error={error} onRetry={() => void draft.load()} />
      )}
      {isLoaded && (
        <div className="flex flex-col gap-3">
          {shown.routing?.enabled === false && (
            <p className="rounded-md bg-warn-soft px-3 py-2 text-[13px] text-warn">{t.off}</p>
          )}
          <div className="grid gap-3 lg:grid-cols-3">
            <TierColumn tier="t1" />
            <TierColumn tier="t2" />
            <TierColumn tier="t3" />
          </div>
          <div className="grid gap-3 xl:grid-cols-2">
            <RulesCard />
            <ClassifierCard />
          </div>
          <div className="grid gap-3 xl:grid-cols-2">
            <Tester />
            <BacktestCard />
          </div>
        </div>
      )}
    </>
  )
}
