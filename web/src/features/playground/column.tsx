import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { get } from '@/api/query.ts'
import { formatMs, formatUsd } from '@/lib/format.ts'
import { Badge, TierBadge } from '@/ui/badge.tsx'
import { IconButton, Spinner } from '@/ui/button.tsx'
import { Card } from '@/ui/card.tsx'
import { Select } from '@/ui/field.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { Story } from '@/features/requests/story.tsx'
import type { Answer } from './chat-stream.ts'
import { playgroundTexts } from './texts.ts'

export interface Turn {
  readonly prompt: string
  readonly content: string | readonly unknown[]
  readonly answer: Answer
}

export function Column({
  number,
  model,
  turns,
  busy,
  onModel,
  onRemove,
}: {
  readonly number: number
  readonly model: string
  readonly turns: readonly Turn[]
  readonly busy: boolean
  readonly onModel: (model: string) => void
  readonly onRemove: (() => void) | null
}) {
  const t = useTexts(playgroundTexts)
  const common = useTexts(commonTexts)
  const models = useQuery({ ...get('/models'), staleTime: 60_000 })
  const names = models.data?.items.map(({ endpoint }) => endpoint) ?? []
  const options = [
    ...new Set([...names, ...(['auto', 't1', 't2', 't3'].includes(model) ? [] : [model])]),
  ]
  return (
    <Card className="flex min-w-0 flex-col" aria-label={t.column(number)}>
      <header className="flex items-center gap-2 border-b border-line p-2">
        <Select
          aria-label={`${t.model} ${number}`}
          className="min-w-0 flex-1"
          value={model}
          onChange={(event) => onModel(event.target.value)}
        >
          <option value="auto">{t.auto}</option>
          <option value="t1">{common.tier_t1}</option>
          <option value="t2">{common.tier_t2}</option>
          <option value="t3">{common.tier_t3}</option>
          {options.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
        {onRemove !== null && (
          <IconButton label={t.removeColumn(number)} disabled={busy} onClick={onRemove}>
            <X className="size-4" />
          </IconButton>
        )}
      </header>
      <div className="flex flex-1 flex-col gap-3 p-3" aria-live="polite">
        {turns.length === 0 && (
          <p className="m-auto max-w-80 text-center text-[13px] text-muted">{t.empty}</p>
        )}
        {turns.map((turn, index) => (
          <TurnView key={index} turn={turn} isLast={index === turns.length - 1} busy={busy} />
        ))}
      </div>
    </Card>
  )
}

function TurnView({
  turn,
  isLast,
  busy,
}: {
  readonly turn: Turn
  readonly isLast: boolean
  readonly busy: boolean
}) {
  const t = useTexts(playgroundTexts)
  const { answer } = turn
  const isRunning = isLast && busy && answer.totalMs === null
  return (
    <div className="flex flex-col gap-2">
      <p className="self-end rounded-lg bg-info-soft px-3 py-2 text-[13px] break-words whitespace-pre-wrap">
        {turn.prompt}
      </p>
      <div className="flex flex-wrap items-center gap-2 text-xs text-muted">
        {answer.tier !== null && <TierBadge tier={answer.tier} />}
        {answer.model !== null && <code>{answer.model}</code>}
        {answer.reason !== null && <span className="break-words">{answer.reason}</span>}
        {isRunning && answer.text === '' && (
          <span className="flex items-center gap-1.5">
            <Spinner /> {t.waiting}
          </span>
        )}
      </div>
      {answer.reasoning !== '' && (
        <details className="rounded bg-sunken p-2 text-xs text-muted">
          <summary>…</summary>
          <p className="whitespace-pre-wrap">{answer.reasoning}</p>
        </details>
      )}
      {answer.text !== '' && (
        <p className="text-[13px] break-words whitespace-pre-wrap">{answer.text}</p>
      )}
      {answer.error !== null && (
        <p
          role="alert"
          className="rounded-md bg-bad-soft px-2.5 py-1.5 text-[13px] break-words text-bad"
        >
          {answer.error}
        </p>
      )}
      {answer.totalMs !== null && <Facts answer={answer} />}
    </div>
  )
}

/** Timings at once, cost and the story as soon as the log has them. */
function Facts({ answer }: { readonly answer: Answer }) {
  const t = useTexts(playgroundTexts)
  const detail = useQuery({
    ...get('/logs/{id}', { params: { id: answer.requestId ?? '' } }),
    enabled: answer.requestId !== null,
    retry: 4,
    retryDelay: 500,
    staleTime: Infinity,
  })
  return (
    <>
      <p className="tabular flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
        <span>
          {t.firstToken} {formatMs(answer.firstTokenMs)}
        </span>
        <span>
          {t.total} {formatMs(answer.totalMs)}
        </span>
        {answer.attempts !== null && answer.attempts > 1 && (
          <Badge tone="warn">{t.attempts(answer.attempts)}</Badge>
        )}
        {detail.data !== undefined && (
          <>
            <span>
              {detail.data.usage === null
                ? ''
                : `${detail.data.usage.prompt_tokens} + ${detail.data.usage.completion_tokens}`}
            </span>
            <span>{formatUsd(detail.data.cost_usd)}</span>
          </>
        )}
        {answer.requestId !== null && (
          <Link
            to="/requests/$id"
            params={{ id: answer.requestId }}
            className="text-accent underline"
          >
            {t.story}
          </Link>
        )}
      </p>
      {detail.data !== undefined && detail.data.attempts.length > 1 && <Story row={detail.data} />}
    </>
  )
}
