import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { encode } from 'uqr'
import { call } from '@/api/client.ts'
import { Button } from '@/ui/button.tsx'
import { Panel } from '@/ui/card.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { CodeField, PasswordField } from '@/ui/credentials.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { Form } from '@/ui/form.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { settingsTexts } from './texts.ts'

interface Begun {
  readonly secret: string
  readonly uri: string
}

/** On: a code of an authenticator as well. Both directions need the password again. */
export function SecondFactor({ on }: { readonly on: boolean }) {
  const t = useTexts(settingsTexts)
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [begun, setBegun] = useState<Begun | null>(null)
  const [recovery, setRecovery] = useState<readonly string[] | null>(null)
  const submit = async (): Promise<void> => {
    if (on) await call('post', '/auth/totp/disable', { input: { password, code } })
    else if (begun === null)
      setBegun(await call('post', '/auth/totp/begin', { input: { password } }))
    else {
      setRecovery((await call('post', '/auth/totp/confirm', { input: { code } })).recovery_codes)
      setBegun(null)
    }
    setCode('')
    if (on || begun !== null) {
      setPassword('')
      await client.invalidateQueries({ queryKey: ['/auth'] })
    }
  }
  return (
    <Panel title={t.totp}>
      <p className="mb-3 text-[13px] text-muted">{on ? t.totpOn : t.totpOff}</p>
      <Form
        submit={on ? t.totpEnd : begun === null ? t.totpBegin : t.totpConfirm}
        kind={on ? 'danger' : 'primary'}
        onSubmit={submit}
      >
        {begun === null ? (
          <PasswordField
            which="current"
            label={t.current}
            value={password}
            onChange={setPassword}
          />
        ) : (
          <Secret begun={begun} />
        )}
        {(on || begun !== null) && (
          <CodeField
            label={t.code}
            inputMode={on ? undefined : 'numeric'}
            value={code}
            onChange={setCode}
          />
        )}
      </Form>
      {recovery !== null && <Recovery codes={recovery} onClose={() => setRecovery(null)} />}
    </Panel>
  )
}

function Secret({ begun }: { readonly begun: Begun }) {
  const t = useTexts(settingsTexts)
  const { data, size } = encode(begun.uri)
  return (
    <div className="flex flex-wrap items-center gap-4">
      <svg
        role="img"
        aria-label={t.totpScan}
        viewBox={`0 0 ${size} ${size}`}
        className="size-40 rounded bg-white p-1"
      >
        {data.map((row, y) =>
          row.map((dark, x) =>
            dark ? (
              <rect key={`${x} ${y}`} x={x} y={y} width="1.02" height="1.02" fill="#000" />
            ) : null,
          ),
        )}
      </svg>
      <div className="min-w-0 flex-1 text-[13px]">
        <p>{t.totpScan}</p>
        <p className="mt-2 flex items-center gap-1">
          <span className="text-muted">{t.totpSecret}</span>
          <code data-testid="totp-secret" className="text-xs break-all">
            {begun.secret}
          </code>
          <CopyButton text={begun.secret} />
        </p>
      </div>
    </div>
  )
}

function Recovery({
  codes,
  onClose,
}: {
  readonly codes: readonly string[]
  readonly onClose: () => void
}) {
  const t = useTexts(settingsTexts)
  const common = useTexts(commonTexts)
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.recovery}
      size="small"
      footer={
        <>
          <CopyButton text={codes.join('\n')} label={common.copy} />
          <Button kind="primary" onClick={onClose}>
            {common.close}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-[13px] text-muted">{t.recoveryText}</p>
      <ul className="grid grid-cols-2 gap-1 font-mono text-xs">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
    </Dialog>
  )
}
