import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { Field, Input } from './field.tsx'

/** A number that may be left out: then the standard holds. */
export function NumberField({
  label,
  value,
  onChange,
  step = 1,
}: {
  readonly label: string
  readonly value: number | undefined
  readonly onChange: (value: number | undefined) => void
  readonly step?: number
}) {
  const t = useTexts(commonTexts)
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          type="number"
          min={0}
          step={step}
          placeholder={t.standard}
          value={value ?? ''}
          onChange={(event) =>
            onChange(event.target.value === '' ? undefined : Number(event.target.value))
          }
        />
      )}
    </Field>
  )
}

/** One field for each of the names, for the grid of whoever asks for them. */
export function NumberFields<Name extends string>({
  names,
  labels,
  values,
  steps,
  onChange,
}: {
  readonly names: readonly Name[]
  readonly labels: Readonly<Record<Name, string>>
  readonly values: { readonly [N in Name]?: number | undefined } | undefined
  readonly steps?: { readonly [N in Name]?: number }
  readonly onChange: (name: Name, value: number | undefined) => void
}) {
  return names.map((name) => (
    <NumberField
      key={name}
      label={labels[name]}
      step={steps?.[name]}
      value={values?.[name]}
      onChange={(value) => onChange(name, value)}
    />
  ))
}
