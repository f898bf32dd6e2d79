import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { useErrorText } from './states.tsx'

/** Fields that are sent together: busy until the answer is there, and then what went wrong. */
export function Form({
  title,
  submit,
  kind = 'primary',
  onSubmit,
  children,
}: {
  /** Where the form is the whole page: then its button has the whole width too. */
  readonly title?: string
  readonly submit: string
  readonly kind?: 'primary' | 'danger'
  /** What it rejects with is shown. */
  readonly onSubmit: () => Promise<void>
  readonly children: ReactNode
}) {
  const textOf = useErrorText()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const act = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      await onSubmit()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void act(event)} className="flex flex-col gap-3">
      {title !== undefined && <h1 className="text-base font-semibold">{title}</h1>}
      {children}
      {error !== null && (
        <p role="alert" className="text-[13px] text-bad">
          {textOf(error)}
        </p>
      )}
      <Button
        type="submit"
        kind={kind}
        busy={busy}
        className={title === undefined ? 'self-start' : undefined}
      >
        {submit}
      </Button>
    </form>
  )
}
