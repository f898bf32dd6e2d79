import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '@/api/client.ts'
import { get } from '@/api/query.ts'
import { Button } from '@/ui/button.tsx'
import { Panel } from '@/ui/card.tsx'
import { Field, Input } from '@/ui/field.tsx'
import { Skeleton, useErrorText } from '@/ui/states.tsx'
import { toast } from '@/ui/toast.tsx'
import { useTexts } from '@/texts/texts.ts'
import { SecondFactor } from './second-factor.tsx'
import { Sessions } from './sessions.tsx'
import { settingsTexts } from './texts.ts'

export function Security() {
  const state = useQuery(get('/auth'))
  if (state.data === undefined) return <Skeleton className="h-60" />
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <PasswordForm hasPassword={state.data.has_password} totp={state.data.totp} />
      {state.data.has_password && <SecondFactor on={state.data.totp} />}
      <Sessions />
    </div>
  )
}

function PasswordForm({
  hasPassword,
  totp,
}: {
  readonly hasPassword: boolean
  readonly totp: boolean
}) {
  const t = useTexts(settingsTexts)
  const client = useQueryClient()
  const textOf = useErrorText()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [code, setCode] = useState('')
  const [error, setError] = useState<unknown>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setError(null)
    try {
      await call('post', '/auth/password', {
        input: { next, ...(hasPassword ? { current } : {}), ...(totp ? { code } : {}) },
      })
      setCurrent('')
      setNext('')
      setCode('')
      toast(t.changed)
      await client.invalidateQueries()
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <Panel title={t.password}>
      {!hasPassword && (
        <p className="mb-3 rounded-md bg-warn-soft px-3 py-2 text-[13px] text-warn">
          {t.noPassword}
        </p>
      )}
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
        {hasPassword && (
          <Field label={t.current}>
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="current-password"
                required
                value={current}
                onChange={(event) => setCurrent(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field label={t.next} error={error === null ? null : textOf(error)}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="new-password"
              required
              minLength={12}
              value={next}
              onChange={(event) => setNext(event.target.value)}
            />
          )}
        </Field>
        {totp && (
          <Field label={t.code}>
            {(control) => (
              <Input
                {...control}
                autoComplete="one-time-code"
                required
                value={code}
                onChange={(event) => setCode(event.target.value)}
              />
            )}
          </Field>
        )}
        <Button type="submit" kind="primary" className="self-start">
          {hasPassword ? t.change : t.setIt}
        </Button>
      </form>
    </Panel>
  )
}
