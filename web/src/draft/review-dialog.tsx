import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ConfigCheck } from '@contract/api/config.ts'
import { ApiError, call } from '@/api/client.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { DiffView } from '@/ui/diff-view.tsx'
import { Field, Input } from '@/ui/field.tsx'
import { ErrorState, Skeleton, useErrorText } from '@/ui/states.tsx'
import { toast } from '@/ui/toast.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { ConflictView } from './conflict-view.tsx'
import { draft, useDraft } from './draft.ts'
import { ProblemList } from './problem-list.tsx'
import { draftTexts } from './texts.ts'

/** The difference, the check, a note, and only then the button that applies. */
export function ReviewDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTexts(draftTexts)
  const common = useTexts(commonTexts)
  const textOf = useErrorText()
  const { document, text, base } = useDraft()
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ApiError | null>(null)
  const check = useQuery({
    queryKey: ['config-check', base?.revision, text ?? JSON.stringify(document)],
    queryFn: ({ signal }) =>
      call('post', '/config/check', {
        input: text === null ? { document: document as never } : { text },
        signal,
      }),
    gcTime: 0,
  })
  const apply = async (): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      await draft.apply(note)
      toast(t.applied)
      onClose()
    } catch (error) {
      setFailure(error instanceof ApiError ? error : new ApiError(0, { code: 'offline' }, null))
    } finally {
      setBusy(false)
    }
  }
  if (failure?.code === 'conflict') {
    return (
      <ConflictView
        failure={failure}
        mine={check.data?.after ?? text ?? ''}
        note={note}
        onClose={onClose}
      />
    )
  }
  const same = check.data !== undefined && check.data.before === check.data.after
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.title}
      size="large"
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            kind="primary"
            busy={busy}
            disabled={check.data?.ok !== true || same}
            onClick={() => void apply()}
          >
            {t.apply}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {check.isPending && <Skeleton className="h-60" />}
        {check.isError && <ErrorState error={check.error} onRetry={() => void check.refetch()} />}
        {check.data !== undefined && <Checked check={check.data} note={note} onNote={setNote} />}
        {failure !== null && (
          <div role="alert" className="text-[13px] text-bad">
            {textOf(failure)}
            <ProblemList problems={(failure.more['problems'] as never) ?? []} />
          </div>
        )}
      </div>
    </Dialog>
  )
}

function Checked({
  check,
  note,
  onNote,
}: {
  readonly check: ConfigCheck
  readonly note: string
  readonly onNote: (note: string) => void
}) {
  const t = useTexts(draftTexts)
  const errors = check.problems.filter(({ severity }) => severity === 'error')
  const same = check.before === check.after
  return (
    <>
      <p role="status" className={check.ok ? 'text-[13px] text-good' : 'text-[13px] text-bad'}>
        {same ? t.nothing : check.ok ? t.valid : t.invalid(errors.length)}
      </p>
      <ProblemList problems={check.problems} />
      {!same && <DiffView before={check.before} after={check.after} label={t.diff} />}
      <Field label={t.note}>
        {(control) => (
          <Input
            {...control}
            value={note}
            maxLength={500}
            placeholder={t.notePlaceholder}
            onChange={(event) => onNote(event.target.value)}
          />
        )}
      </Field>
    </>
  )
}
