import { draft, useDraft } from '@/draft/draft.ts'
import { KeyLimitFields } from '@/features/keys/key-limit-fields.tsx'
import { LimitFields } from '@/features/routing/limit-fields.tsx'
import { Panel } from '@/ui/card.tsx'
import { Field, Input } from '@/ui/field.tsx'
import { NumberField, NumberFields } from '@/ui/number-field.tsx'
import { ErrorState, Skeleton } from '@/ui/states.tsx'
import { useTexts } from '@/texts/texts.ts'
import { settingsTexts } from './texts.ts'

const NUMBERS = [
  'drain_ms',
  'body_limit_bytes',
  'max_inflight',
  'keep_alive_after_ms',
  'slow_client_ms',
] as const

/** What has no page of its own. */
export function ConfigForm() {
  const t = useTexts(settingsTexts)
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
        <NumberFields
          names={NUMBERS}
          labels={t}
          values={shown.server}
          onChange={(name, value) => draft.set(['server', name], value)}
        />
      </Panel>
      <Panel title={t.limits}>
        <LimitFields path={[]} timeouts={shown.timeouts} retry={shown.retry} />
      </Panel>
      <Panel title={t.keyLimits} bodyClassName="grid gap-3 sm:grid-cols-2">
        <KeyLimitFields path={['gateway', 'limits']} limits={shown.gateway?.limits} />
      </Panel>
    </div>
  )
}
