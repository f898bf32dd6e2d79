import { useState } from 'react'
import { type ApiError, call } from '@/api/client.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { DiffView } from '@/ui/diff-view.tsx'
import { useErrorText } from '@/ui/states.tsx'
import { toast } from '@/ui/toast.tsx'
import { useTexts } from '@/texts/texts.ts'
import { draft } from './draft.ts'
import { draftTexts } from './texts.ts'

/** The file changed while somebody edited: both versions in one text, to be merged by hand. */
export function ConflictView({
  failure,
  mine,
  note,
  onClose,
}: {
  readonly failure: ApiError
  readonly mine: string
  readonly note: string
  readonly onClose: () => void
}) {
  const t = useTexts(draftTexts)
  const textOf = useErrorText()
  const current = failure.more['current'] as { revision: string; text: string } | undefined
  const [merged, setMerged] = useState(mine)
  const [error, setError] = useState<unknown>(null)
  const apply = async (): Promise<void> => {
    try {
      const latest = await call('get', '/config')
      // Merged with the text that is shown here, which may be one that does not run.
      draft.rebase({ ...latest, revision: current?.revision ?? latest.revision })
      draft.setText(merged, null)
      await draft.apply(note)
      toast(t.applied)
      onClose()
    } catch (failed) {
      setError(failed)
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.conflictTitle}
      size="large"
      footer={
        <>
          <Button
            onClick={() => {
              draft.discard()
              onClose()
            }}
          >
            {t.takeTheirs}
          </Button>
          <Button kind="primary" onClick={() => void apply()}>
            {t.applyMerged}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-[13px] text-muted">{t.conflictText}</p>
      <DiffView
        before={current?.text ?? ''}
        after={mine}
        label={t.conflictTitle}
        onChange={setMerged}
      />
      {error !== null && (
        <p role="alert" className="mt-2 text-[13px] text-bad">
          {textOf(error)}
        </p>
      )}
    </Dialog>
  )
}
