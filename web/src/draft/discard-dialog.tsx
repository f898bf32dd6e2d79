import { ConfirmDialog } from '@/ui/dialog.tsx'
import { useTexts } from '@/texts/texts.ts'
import { draft } from './draft.ts'
import { draftTexts } from './texts.ts'

export function DiscardDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTexts(draftTexts)
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.discardQuestion}
      confirm={t.discard}
      onConfirm={() => Promise.resolve(draft.discard())}
    >
      {t.discardText}
    </ConfirmDialog>
  )
}
