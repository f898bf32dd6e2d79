import { useMutation } from '@tanstack/react-query'
import { Zap } from 'lucide-react'
import { call } from '@/api/client.ts'
import { formatMs } from '@/lib/format.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { modelTexts } from './texts.ts'

export type Account =
  | { readonly provider: string }
  | {
      readonly base_url: string
      readonly api_key: string
      readonly profile?: string
      readonly allow_private: boolean
    }

/** Asks one model for a word and says how that went. */
export function TestButton({
  account,
  model,
}: {
  readonly account: Account
  readonly model: string
}) {
  const t = useTexts(modelTexts)
  const common = useTexts(commonTexts)
  const test = useMutation({
    mutationFn: () => call('post', '/providers/test', { input: { ...account, model } }),
  })
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-2">
      {test.isError && <Badge tone="bad">{test.error.message}</Badge>}
      {test.data !== undefined &&
        (test.data.ok ? (
          <Badge tone="good">{t.testOk(formatMs(test.data.total_ms))}</Badge>
        ) : (
          <span className="max-w-72 text-left text-xs break-words text-bad">
            {test.data.outcome}: {test.data.error}
          </span>
        ))}
      <Button
        size="small"
        busy={test.isPending}
        aria-label={`${common.test} ${model}`}
        onClick={() => test.mutate()}
      >
        <Zap className="size-3" />
        {common.test}
      </Button>
    </span>
  )
}
