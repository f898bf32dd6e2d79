import { Field, type FieldProps, Input } from './field.tsx'

interface CredentialProps extends Pick<FieldProps, 'label' | 'hint' | 'error'> {
  readonly value: string
  readonly onChange: (value: string) => void
}

export function PasswordField({
  which,
  minLength,
  autoFocus,
  value,
  onChange,
  ...field
}: CredentialProps & {
  /** A password manager fills the current one in, and proposes a new one. */
  readonly which: 'current' | 'new'
  readonly minLength?: number
  readonly autoFocus?: boolean
}) {
  return (
    <Field {...field}>
      {(control) => (
        <Input
          {...control}
          type="password"
          autoComplete={`${which}-password`}
          autoFocus={autoFocus}
          required
          minLength={minLength}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

/** Recovery codes have letters too, so a numeric keyboard is only where the caller says so. */
export function CodeField({
  inputMode,
  value,
  onChange,
  ...field
}: CredentialProps & { readonly inputMode?: 'numeric' }) {
  return (
    <Field {...field}>
      {(control) => (
        <Input
          {...control}
          autoComplete="one-time-code"
          inputMode={inputMode}
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
