import { FileDiff } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Button } from '@/ui/button.tsx'
import { useTexts } from '@/texts/texts.ts'
import { useDraft } from './draft.ts'
import { draftTexts } from './texts.ts'

const ReviewDialog = lazy(async () => ({
  default: (await import('./review-dialog.tsx')).ReviewDialog,
}))
const DiscardDialog = lazy(async () => ({
  default: (await import('./discard-dialog.tsx')).DiscardDialog,
}))

/** Stands under every page while there are changes: nothing is ever applied unseen. */
export function DraftBar() {
  const t = useTexts(draftTexts)
  const { isChanged } = useDraft()
  const [open, setOpen] = useState(false)
  const [asking, setAsking] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key === 's') {
        event.preventDefault()
        if (isChanged) setOpen(true)
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [isChanged])
  if (!isChanged && !open) return null
  return (
    <>
      <div
        role="region"
        aria-label={t.unsaved}
        className="sticky bottom-0 z-30 flex flex-wrap items-center gap-2 border-t border-line bg-warn-soft px-4 py-2 text-[13px]"
      >
        <FileDiff aria-hidden className="size-4 text-warn" />
        <span className="font-medium text-warn">{t.unsaved}</span>
        <span className="ml-auto flex gap-2">
          <Button onClick={() => setAsking(true)}>{t.discard}</Button>
          <Button kind="primary" onClick={() => setOpen(true)}>
            {t.review}
          </Button>
        </span>
      </div>
      <Suspense fallback={null}>
        {open && <ReviewDialog onClose={() => setOpen(false)} />}
        {asking && <DiscardDialog onClose={() => setAsking(false)} />}
      </Suspense>
    </>
  )
}
