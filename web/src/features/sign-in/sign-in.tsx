import { useQueryClient } from '@tanstack/react-query'
import { Languages } from 'lucide-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { z } from 'zod'
import type { getAuthState } from '@contract/api/auth.ts'
import { ApiError, call } from '@/api/client.ts'
import { setLanguage, useLanguage } from '@/lib/preferences.ts'
import { Button, IconButton } from '@/ui/button.tsx'
import { Card } from '@/ui/card.tsx'
import { Field, Input } from '@/ui/field.tsx'
import { useErrorText } from '@/ui/states.tsx'
import { shellTexts } from '@/shell/texts.ts'
import { useTexts } from '@/texts/texts.ts'
import { signInTexts } from './texts.ts'

type AuthState = z.output<typeof getAuthState.output>

const PASSWORD_CHARS_MIN = 12

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
      <LanguageSwitch />
    </main>
  )
}

function LanguageSwitch() {
  const t = useTexts(shellTexts)
  const language = useLanguage()
  return (
    <IconButton label={t.language} onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
      <Languages className="size-4" />
    </IconButton>
  )
}

function PasswordForm({ totp }: { readonly totp: boolean }) {
  const t = useTexts(signInTexts)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [needsCode, setNeedsCode] = useState(totp)
  const submit = async (): Promise<void> => {
    try {
      await call('post', '/auth/sign-in', {
        input: { password, ...(needsCode && code !== '' ? { code: code.trim() } : {}) },
      })
    } catch (error) {
      if (error instanceof ApiError && error.code === 'totp_required') return setNeedsCode(true)
      throw error
    }
  }
  return (
    <Form title={t.title} submit={t.submit} onSubmit={submit}>
      <Field label={t.password} hint={t.forgot}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="current-password"
            autoFocus
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {needsCode && (
        <Field label={t.code}>
          {(control) => (
            <Input
              {...control}
              autoComplete="one-time-code"
              inputMode="numeric"
              required
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          )}
        </Field>
      )}
    </Form>
  )
}

function SetupForm({ open }: { readonly open: boolean }) {
  const t = useTexts(signInTexts)
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
      <Field label={t.newPassword}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="new-password"
            required
            minLength={PASSWORD_CHARS_MIN}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Field label={t.repeat} error={differs ? t.different : null}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="new-password"
            required
            value={again}
            onChange={(event) => setAgain(event.target.value)}
          />
        )}
      </Field>
    </Form>
  )
}

function Form({
  title,
  submit,
  onSubmit,
  children,
}: {
  readonly title: string
  readonly submit: string
  readonly onSubmit: () => Promise<void>
  readonly children: ReactNode
}) {
  const client = useQueryClient()
  const textOf = useErrorText()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const act = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      await onSubmit()
      await client.invalidateQueries()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void act(event)} className="flex flex-col gap-3">
      <h1 className="text-base font-semibold">{title}</h1>
      {children}
      {error !== null && (
        <p role="alert" className="text-[13px] text-bad">
          {textOf(error)}
        </p>
      )}
      <Button type="submit" kind="primary" busy={busy}>
        {submit}
      </Button>
    </form>
  )
}
