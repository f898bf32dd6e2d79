import { draft, useDraft } from '@/draft/draft.ts'
import { Panel } from '@/ui/card.tsx'
import { Field, Input, Select, Switch } from '@/ui/field.tsx'
import { NumberField } from '@/ui/number-field.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { TIER_NAMES } from './pool.ts'
import { routingTexts } from './texts.ts'

const KINDS = ['local', 'cascade', 'llm', 'none'] as const
const PREFERENCES = ['economy', 'balanced', 'quality'] as const
const UNKNOWN = ['route', 'pass', 'reject'] as const

/** Who decides, and what happens where nobody does. */
export function ClassifierCard() {
  const t = useTexts(routingTexts)
  const common = useTexts(commonTexts)
  const { shown } = useDraft()
  const routing = shown.routing ?? {}
  const kind = routing.classifier ?? (routing.llm === undefined ? 'local' : 'llm')
  const set = (path: readonly string[], value: unknown): void =>
    draft.set(['routing', ...path], value)
  const usesLlm = kind === 'llm' || kind === 'cascade'
  return (
    <Panel title={t.classifier} bodyClassName="grid gap-3 sm:grid-cols-2">
      <Field label={t.kind} className="sm:col-span-2">
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={kind}
            onChange={(event) => set(['classifier'], event.target.value)}
          >
            {KINDS.map((name) => (
              <option key={name} value={name}>
                {t[`kind_${name}`]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {(kind === 'local' || kind === 'cascade') && (
        <Field label={t.preference}>
          {(control) => (
            <Select
              {...control}
              className="w-full"
              value={routing.local?.preference ?? 'balanced'}
              onChange={(event) => set(['local', 'preference'], event.target.value)}
            >
              {PREFERENCES.map((name) => (
                <option key={name} value={name}>
                  {t[`preference_${name}`]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      {kind === 'cascade' && (
        <NumberField
          label={t.askBelow}
          step={0.05}
          value={routing.local?.ask_below}
          onChange={(value) => set(['local', 'ask_below'], value)}
        />
      )}
      {usesLlm && (
        <>
          <Field label={t.llmModel}>
            {(control) => (
              <Input
                {...control}
                value={routing.llm?.model ?? ''}
                placeholder="provider/model"
                onChange={(event) =>
                  set(['llm', 'model'], event.target.value === '' ? undefined : event.target.value)
                }
              />
            )}
          </Field>
          <NumberField
            label={t.llmTimeout}
            value={routing.llm?.timeout_ms}
            onChange={(value) => set(['llm', 'timeout_ms'], value)}
          />
          <NumberField
            label={t.llmHistory}
            value={routing.llm?.history}
            onChange={(value) => set(['llm', 'history'], value)}
          />
        </>
      )}
      <Field label={t.fallback}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={routing.fallback_tier ?? 't2'}
            onChange={(event) => set(['fallback_tier'], event.target.value)}
          >
            {TIER_NAMES.map((tier) => (
              <option key={tier} value={tier}>
                {common[`tier_${tier}`]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t.unknownModel}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={routing.unknown_model ?? 'route'}
            onChange={(event) => set(['unknown_model'], event.target.value)}
          >
            {UNKNOWN.map((name) => (
              <option key={name} value={name}>
                {t[`unknown_${name}`]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <span className="flex items-center gap-2 text-[13px]">
        <Switch
          checked={routing.enabled !== false}
          label={t.enabled}
          onChange={(on) => set(['enabled'], on ? undefined : false)}
        />
        {t.enabled}
      </span>
      <span className="flex items-center gap-2 text-[13px]">
        <Switch
          checked={routing.learning?.enabled === true}
          label={t.learning}
          onChange={(on) => set(['learning', 'enabled'], on ? true : undefined)}
        />
        {t.learning}
      </span>
    </Panel>
  )
}
