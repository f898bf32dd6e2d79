import { Field, type FieldProps, Input } from '@/ui/field.tsx'

/** A key or `${VARIABLE}`, exactly as it is typed: nothing may fill it in or correct it. */
export function ApiKeyField({
  value,
  onChange,
  ...field
}: Pick<FieldProps, 'label' | 'hint'> & {
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  return (
    <Field {...field}>
      {(control) => (
        <Input
          {...control}
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
