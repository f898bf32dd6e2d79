import { draft, useDraft } from '@/draft/draft.ts'
import { LimitFields, NumberField } from '@/features/routing/limit-fields.tsx'
import { Panel } from '@/ui/card.tsx'
import { Field, Input } from '@/ui/field.tsx'
import { ErrorState, Skeleton } from '@/ui/states.tsx'
import { useTexts } from '@/texts/texts.ts'
import { keyTexts } from '@/features/keys/texts.ts'
import { settingsTexts } from './texts.ts'

const NUMBERS = [
  'drain_ms',
  'body_limit_bytes',
  'max_inflight',
  'keep_alive_after_ms',
  'slow_client_ms',
] as const
const KEY_LIMITS = [
  'requests_per_minute',
  'tokens_per_minute',
  'max_concurrency',
  'usd_per_day',
  'max_output_tokens',
] as const

/** What has no page of its own. */
export function ConfigForm() {
  const t = useTexts(settingsTexts)
  const keys = useTexts(keyTexts)
  const { shown, isLoaded, error } = useDraft()
  if (!isLoaded && error !== null)
    return <ErrorState error={error} onRetry={() => void draft.load()} />
  if (!isLoaded) return <Skeleton className="h-80" />
  return (
    <div className="grid gap-3 xl:grid-cols-2">
      <Panel title={t.server} bodyClassName="grid gap-3 sm:grid-cols-2">
        <Field label={t.host} hint={t.restart}>
          {(control) => (
            <Input
              {...control}
              placeholder="127.0.0.1"
              value={shown.server?.host ?? ''}
              onChange={(event) =>
                draft.set(
                  ['server', 'host'],
                  event.target.value === '' ? undefined : event.target.value,
                )
              }
            />
          )}
        </Field>
        <NumberField
          label={`${t.port} (${t.restart})`}
          value={shown.server?.port}
          onChange={(value) => draft.set(['server', 'port'], value)}
        />
        {NUMBERS.map((name) => (
          <NumberField
            key={name}
            label={t[name]}
            value={shown.server?.[name]}
            onChange={(value) => draft.set(['server', name], value)}
          />
        ))}
      </Panel>
      <Panel title={t.limits}>
        <LimitFields path={[]} timeouts={shown.timeouts} retry={shown.retry} />
      </Panel>
      <Panel title={t.keyLimits} bodyClassName="grid gap-3 sm:grid-cols-2">
        {KEY_LIMITS.map((name) => (
          <NumberField
            key={name}
            label={keys[name]}
            step={name === 'usd_per_day' ? 0.5 : 1}
            value={shown.gateway?.limits?.[name]}
            onChange={(value) => draft.set(['gateway', 'limits', name], value)}
          />
        ))}
      </Panel>
    </div>
  )
}
