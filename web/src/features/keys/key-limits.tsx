import { draft, useDraft } from '@/draft/draft.ts'
import { ListField, NumberField } from '@/features/routing/limit-fields.tsx'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { keyTexts } from './texts.ts'

const NUMBERS = [
  'requests_per_minute',
  'tokens_per_minute',
  'max_concurrency',
  'usd_per_day',
  'max_output_tokens',
] as const

/** What one key may use. Part of the configuration, so part of the draft. */
export function KeyLimits({
  name,
  onClose,
}: {
  readonly name: string
  readonly onClose: () => void
}) {
  const t = useTexts(keyTexts)
  const common = useTexts(commonTexts)
  const { shown } = useDraft()
  const limits = shown.gateway?.key_limits?.[name] ?? {}
  const set = (field: string, value: unknown): void =>
    draft.set(['gateway', 'key_limits', name, field], value)
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.limitsTitle(name)}
      size="small"
      footer={
        <Button kind="primary" onClick={onClose}>
          {common.close}
        </Button>
      }
    >
      <p className="mb-3 text-left text-[13px] text-muted">{t.limitsText}</p>
      <div className="grid gap-3 text-left sm:grid-cols-2">
        {NUMBERS.map((field) => (
          <NumberField
            key={field}
            label={t[field]}
            step={field === 'usd_per_day' ? 0.5 : 1}
            value={limits[field]}
            onChange={(value) => set(field, value)}
          />
        ))}
        <ListField
          label={t.models}
          placeholder="auto, t1"
          value={limits.models?.join(', ') ?? ''}
          onChange={(text) => {
            const models = text
              .split(/[,，]/)
              .map((word) => word.trim())
              .filter(Boolean)
            set('models', models.length === 0 ? undefined : models)
          }}
        />
      </div>
    </Dialog>
  )
}
