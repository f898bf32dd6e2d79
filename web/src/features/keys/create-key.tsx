import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '@/api/client.ts'
import { Button } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { Field, Input, Select } from '@/ui/field.tsx'
import { useErrorText } from '@/ui/states.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { keyTexts } from './texts.ts'

const DAY_MS = 86_400_000
const LIVES = ['never', '1', '30', '365'] as const

export function CreateKey({
  onClose,
  onMade,
}: {
  readonly onClose: () => void
  readonly onMade: (key: string) => void
}) {
  const t = useTexts(keyTexts)
  const common = useTexts(commonTexts)
  const textOf = useErrorText()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [life, setLife] = useState<(typeof LIVES)[number]>('never')
  const create = useMutation({
    mutationFn: () =>
      call('post', '/keys', {
        input: { name, expires_at: life === 'never' ? null : Date.now() + Number(life) * DAY_MS },
      }),
    onSuccess: async ({ key }) => {
      onMade(key)
      onClose()
      await client.invalidateQueries({ queryKey: ['/keys'] })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    create.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t.create} size="small">
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Field
          label={t.name}
          hint={t.nameHint}
          error={create.isError ? textOf(create.error) : null}
        >
          {(control) => (
            <Input
              {...control}
              autoFocus
              required
              maxLength={64}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t.expires}>
          {(control) => (
            <Select
              {...control}
              className="w-full"
              value={life}
              onChange={(event) => setLife(event.target.value as (typeof LIVES)[number])}
            >
              {LIVES.map((value) => (
                <option key={value} value={value}>
                  {t[`expires_${value}`]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" kind="primary" busy={create.isPending}>
            {t.createIt}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** A key that has just been made: it is in nobody's hands but the reader's. */
export function ShownOnce({
  secret,
  onClose,
}: {
  readonly secret: string
  readonly onClose: () => void
}) {
  const t = useTexts(keyTexts)
  const common = useTexts(commonTexts)
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.createdTitle}
      size="small"
      footer={
        <Button kind="primary" onClick={onClose}>
          {common.close}
        </Button>
      }
    >
      <p className="mb-3 text-[13px] text-muted">{t.createdText}</p>
      <p className="flex items-center gap-2 rounded-md bg-sunken p-2">
        <code data-testid="new-key" className="min-w-0 flex-1 text-xs break-all">
          {secret}
        </code>
        <CopyButton text={secret} />
      </p>
    </Dialog>
  )
}
