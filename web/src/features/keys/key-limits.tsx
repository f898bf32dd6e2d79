import { draft, useDraft } from '@/draft/draft.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { ListField } from '@/ui/list-field.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { KeyLimitFields } from './key-limit-fields.tsx'
import { keyTexts } from './texts.ts'

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
  const path = ['gateway', 'key_limits', name]
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
        <KeyLimitFields path={path} limits={limits} />
        <ListField
          label={t.models}
          placeholder="auto, t1"
          value={limits.models?.join(', ') ?? ''}
          onChange={(text) => {
            const models = text
              .split(/[,，]/)
              .map((word) => word.trim())
              .filter(Boolean)
            draft.set([...path, 'models'], models.length === 0 ? undefined : models)
          }}
        />
      </div>
    </Dialog>
  )
}
