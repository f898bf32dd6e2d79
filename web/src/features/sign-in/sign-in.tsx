import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import type { getAuthState } from '@contract/api/auth.ts'
import { PASSWORD_CHARS_MIN } from '@contract/password.ts'
import { ApiError, call } from '@/api/client.ts'
import { Card } from '@/ui/card.tsx'
import { CodeField, PasswordField } from '@/ui/credentials.tsx'
import { Field, Input } from '@/ui/field.tsx'
import { Form } from '@/ui/form.tsx'
import { LanguageButton } from '@/shell/language-button.tsx'
import { useTexts } from '@/texts/texts.ts'
import { signInTexts } from './texts.ts'

type AuthState = z.output<typeof getAuthState.output>

/** The first page of everybody: the setup token on the first visit, the password afterwards. */
export function SignIn({ state }: { readonly state: AuthState }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 p-4">
      <div className="flex items-center gap-2 text-lg font-semibold tracking-tight">
        <img src="/icon.svg" alt="" className="size-7" />
        SmartRoute
      </div>
      <Card className="w-full max-w-sm p-5">
        {state.has_password ? (
          <PasswordForm totp={state.totp} />
        ) : (
          <SetupForm open={state.setup_open} />
        )}
      </Card>
      <LanguageButton />
    </main>
  )
}

function PasswordForm({ totp }: { readonly totp: boolean }) {
  const t = useTexts(signInTexts)
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [needsCode, setNeedsCode] = useState(totp)
  const submit = async (): Promise<void> => {
    try {
      await call('post', '/auth/sign-in', {
        input: { password, ...(needsCode && code !== '' ? { code: code.trim() } : {}) },
      })
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'totp_required')) throw error
      setNeedsCode(true)
    }
    await client.invalidateQueries()
  }
  return (
    <Form title={t.title} submit={t.submit} onSubmit={submit}>
      <PasswordField
        which="current"
        label={t.password}
        hint={t.forgot}
        autoFocus
        value={password}
        onChange={setPassword}
      />
      {needsCode && <CodeField label={t.code} value={code} onChange={setCode} />}
    </Form>
  )
}

function SetupForm({ open }: { readonly open: boolean }) {
  const t = useTexts(signInTexts)
  const client = useQueryClient()
  // The address that the gateway prints carries the token behind the hash: it is sent nowhere.
  const [token, setToken] = useState(() => /setup=([\w-]+)/.exec(window.location.hash)?.[1] ?? '')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  if (!open) return <p className="text-[13px]">{t.expired}</p>
  const differs = again !== '' && again !== password
  const submit = async (): Promise<void> => {
    if (differs) throw new Error(t.different)
    await call('post', '/setup', { input: { token: token.trim(), password } })
    window.history.replaceState(null, '', window.location.pathname)
    await client.invalidateQueries()
  }
  return (
    <Form title={t.setupTitle} submit={t.setupSubmit} onSubmit={submit}>
      <Field label={t.token} hint={t.setupText}>
        {(control) => (
          <Input
            {...control}
            required
            autoComplete="off"
            spellCheck={false}
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        )}
      </Field>
      <PasswordField
        which="new"
        label={t.newPassword}
        minLength={PASSWORD_CHARS_MIN}
        value={password}
        onChange={setPassword}
      />
      <PasswordField
        which="new"
        label={t.repeat}
        error={differs ? t.different : null}
        value={again}
        onChange={setAgain}
      />
    </Form>
  )
}
