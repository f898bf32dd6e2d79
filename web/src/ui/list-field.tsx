import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { Field, Input } from './field.tsx'

/** A list is written as one text and taken over when the field is left: half a word is no entry. */
export function ListField({
  label,
  value,
  onChange,
  placeholder,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly placeholder?: string
}) {
  const t = useTexts(commonTexts)
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          key={value}
          defaultValue={value}
          placeholder={placeholder ?? t.standard}
          onBlur={(event) => {
            if (event.target.value !== value) onChange(event.target.value)
          }}
        />
      )}
    </Field>
  )
}
