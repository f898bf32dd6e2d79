import type { ConfigDocument } from '@contract/config.ts'
import { draft } from '@/draft/draft.ts'
import { ListField } from '@/ui/list-field.tsx'
import { NumberField, NumberFields } from '@/ui/number-field.tsx'
import { useTexts } from '@/texts/texts.ts'
import { routingTexts } from './texts.ts'

type Timeouts = NonNullable<ConfigDocument['timeouts']>
type Retry = NonNullable<ConfigDocument['retry']>

const TIMES = ['first_token_ms', 'idle_ms', 'connect_ms', 'total_ms', 'hedge_after_ms'] as const

/** Time limits and retries of a tier, or with an empty path of all tiers. Empty: the standard. */
export function LimitFields({
  path,
  timeouts,
  retry,
}: {
  readonly path: readonly string[]
  readonly timeouts: Timeouts | undefined
  readonly retry: Retry | undefined
}) {
  const t = useTexts(routingTexts)
  return (
    <div className="mt-2 grid gap-2 sm:grid-cols-2">
      <NumberFields
        names={TIMES}
        labels={t}
        values={timeouts}
        onChange={(name, value) => draft.set([...path, 'timeouts', name], value)}
      />
      <NumberField
        label={t.max_attempts}
        value={retry?.max_attempts}
        onChange={(value) => draft.set([...path, 'retry', 'max_attempts'], value)}
      />
      <ListField
        label={t.status_codes}
        value={retry?.status_codes?.join(', ') ?? ''}
        onChange={(text) => {
          const codes = text
            .split(/[\s,，]+/)
            .filter(Boolean)
            .map(Number)
            .filter((code) => code >= 400 && code < 600)
          draft.set([...path, 'retry', 'status_codes'], codes.length === 0 ? undefined : codes)
        }}
      />
      <ListField
        label={t.error_keywords}
        value={retry?.error_keywords?.join(', ') ?? ''}
        onChange={(text) => {
          const words = text
            .split(/[,，]/)
            .map((word) => word.trim())
            .filter(Boolean)
          draft.set([...path, 'retry', 'error_keywords'], words.length === 0 ? undefined : words)
        }}
      />
    </div>
  )
}
