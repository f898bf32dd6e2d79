import { draft } from '@/draft/draft.ts'
import { NumberFields } from '@/ui/number-field.tsx'
import { useTexts } from '@/texts/texts.ts'
import { keyTexts } from './texts.ts'

const NUMBERS = [
  'requests_per_minute',
  'tokens_per_minute',
  'max_concurrency',
  'usd_per_day',
  'max_output_tokens',
] as const

/** What one key may use, or with the path of the general limits every key. */
export function KeyLimitFields({
  path,
  limits,
}: {
  readonly path: readonly string[]
  readonly limits: { readonly [Name in (typeof NUMBERS)[number]]?: number | undefined } | undefined
}) {
  const t = useTexts(keyTexts)
  return (
    <NumberFields
      names={NUMBERS}
      labels={t}
      values={limits}
      steps={{ usd_per_day: 0.5 }}
      onChange={(name, value) => draft.set([...path, name], value)}
    />
  )
}
