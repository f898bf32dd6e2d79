import { useState } from 'react'
import type { LogDetail } from '@contract/api/shapes.ts'
import { cn } from '@/lib/cn.ts'
import { formatBytes } from '@/lib/format.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { EmptyState } from '@/ui/states.tsx'
import { useTexts } from '@/texts/texts.ts'
import { answerOf, messagesOf, type Message } from './messages.ts'
import { detailTexts } from './texts.ts'

const SHOWN_CHARS = 4_000

/** The messages as people read them. Everything in them is text: nothing is ever run or loaded. */
export function Conversation({ row }: { readonly row: LogDetail }) {
  const t = useTexts(detailTexts)
  const messages = messagesOf(row.request)
  const answer = answerOf(row.response)
  if (messages.length === 0 && answer === null) return <EmptyState title={t.noBody} />
  return (
    <ol className="flex max-w-4xl flex-col gap-3">
      {messages.map((message, index) => (
        <MessageView key={index} message={message} />
      ))}
      {answer !== null && (
        <MessageView message={answer} model={row.model} finish={row.finish_reason} />
      )}
    </ol>
  )
}

function MessageView({
  message,
  model = null,
  finish = null,
}: {
  readonly message: Message
  readonly model?: string | null
  readonly finish?: string | null
}) {
  const t = useTexts(detailTexts)
  const role = (t as Readonly<Record<string, unknown>>)[`role_${message.role}`]
  return (
    <li
      className={cn(
        'rounded-lg border border-line p-3',
        message.role === 'user' ? 'bg-info-soft' : 'bg-surface',
        message.role === 'assistant' && 'border-l-4 border-l-accent',
      )}
    >
      <div className="mb-1 flex items-center gap-2 text-xs text-muted">
        <span className="font-semibold text-text">
          {typeof role === 'string' ? role : message.role}
        </span>
        {model}
        {finish !== null && <Badge>{t.finish(finish)}</Badge>}
        <span className="ml-auto">
          <CopyButton text={message.text} />
        </span>
      </div>
      {message.reasoning !== '' && (
        <details className="mb-2 rounded bg-sunken p-2">
          <summary className="text-xs font-medium text-muted">{t.reasoning}</summary>
          <LongText text={message.reasoning} className="mt-1 text-muted" />
        </details>
      )}
      <LongText text={message.text} />
      {message.images > 0 && (
        <p className="mt-1 text-xs text-muted">
          {Array.from({ length: message.images }, () => t.image).join(' ')}
        </p>
      )}
      {message.calls.map((call, index) => (
        <div key={index} className="mt-2 rounded bg-sunken p-2">
          <p className="text-xs font-medium">{t.toolCall(call.name)}</p>
          <pre className="mt-1 overflow-auto text-xs break-all whitespace-pre-wrap">
            {call.arguments}
          </pre>
        </div>
      ))}
    </li>
  )
}

/** A text with its own line breaks; of a very long one the beginning until it is asked for. */
function LongText({ text, className }: { readonly text: string; readonly className?: string }) {
  const t = useTexts(detailTexts)
  const [all, setAll] = useState(false)
  const cut = !all && text.length > SHOWN_CHARS
  return (
    <>
      <div className={cn('text-[13px] break-words whitespace-pre-wrap', className)}>
        {cut ? `${text.slice(0, SHOWN_CHARS)}…` : text}
      </div>
      {cut && (
        <Button size="small" className="mt-2" onClick={() => setAll(true)}>
          {t.showAll(formatBytes(text.length))}
        </Button>
      )}
    </>
  )
}
