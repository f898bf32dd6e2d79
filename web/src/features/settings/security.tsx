import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { PASSWORD_CHARS_MIN } from '@contract/password.ts'
import { call } from '@/api/client.ts'
import { get } from '@/api/query.ts'
import { Panel } from '@/ui/card.tsx'
import { CodeField, PasswordField } from '@/ui/credentials.tsx'
import { Form } from '@/ui/form.tsx'
import { Skeleton } from '@/ui/states.tsx'
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
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [code, setCode] = useState('')
  const submit = async (): Promise<void> => {
    await call('post', '/auth/password', {
      input: { next, ...(hasPassword ? { current } : {}), ...(totp ? { code } : {}) },
    })
    setCurrent('')
    setNext('')
    setCode('')
    toast(t.changed)
    await client.invalidateQueries()
  }
  return (
    <Panel title={t.password}>
      {!hasPassword && (
        <p className="mb-3 rounded-md bg-warn-soft px-3 py-2 text-[13px] text-warn">
          {t.noPassword}
        </p>
      )}
      <Form submit={hasPassword ? t.change : t.setIt} onSubmit={submit}>
        {hasPassword && (
          <PasswordField which="current" label={t.current} value={current} onChange={setCurrent} />
        )}
        <PasswordField
          which="new"
          label={t.next}
          minLength={PASSWORD_CHARS_MIN}
          value={next}
          onChange={setNext}
        />
        {totp && <CodeField label={t.code} value={code} onChange={setCode} />}
      </Form>
    </Panel>
  )
}
