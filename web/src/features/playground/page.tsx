import { ImagePlus, Plus, Send, Square, X } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { useSearchState } from '@/lib/search-state.ts'
import { Button, IconButton } from '@/ui/button.tsx'
import { Card, PageHeader } from '@/ui/card.tsx'
import { Field, Input, Switch, Textarea } from '@/ui/field.tsx'
import { toast } from '@/ui/toast.tsx'
import { useTexts } from '@/texts/texts.ts'
import { type Answer, chat, type ChatMessage, NO_ANSWER } from './chat-stream.ts'
import { Column, type Turn } from './column.tsx'
import { takeOver } from './take-over.ts'
import { playgroundTexts } from './texts.ts'

const COLUMNS_MAX = 4
const PICTURE_BYTES_MAX = 4_000_000

/** One conversation with up to four models side by side, through the gateway itself. */
export function Page() {
  const t = useTexts(playgroundTexts)
  const [search, setSearch] = useSearchState()
  const models = (search['m'] ?? 'auto').split('|').slice(0, COLUMNS_MAX)
  const setModels = (next: readonly string[]): void => setSearch({ m: next.join('|') })
  const [start] = useState(takeOver)
  const [system, setSystem] = useState(start.system)
  const [prompt, setPrompt] = useState(start.prompt)
  const [picture, setPicture] = useState<string | null>(null)
  const [temperature, setTemperature] = useState('')
  const [maxTokens, setMaxTokens] = useState('')
  const [stream, setStream] = useState(true)
  const [json, setJson] = useState(false)
  const [turns, setTurns] = useState<readonly (readonly Turn[])[]>([])
  const running = useRef<AbortController | null>(null)
  const [busy, setBusy] = useState(false)

  const put = (column: number, answer: Answer): void =>
    setTurns((before) =>
      before.map((list, at) =>
        at === column ? [...list.slice(0, -1), { ...(list.at(-1) as Turn), answer }] : list,
      ),
    )
  const send = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault()
    if (prompt.trim() === '' || busy) return
    const content =
      picture === null
        ? prompt
        : [
            { type: 'text', text: prompt },
            { type: 'image_url', image_url: { url: picture } },
          ]
    const asked = models.map((_, column) => [
      ...(turns[column] ?? []),
      { prompt, content, answer: NO_ANSWER },
    ])
    setTurns(asked)
    setPrompt('')
    setPicture(null)
    setBusy(true)
    const controller = new AbortController()
    running.current = controller
    await Promise.all(
      models.map((model, column) => {
        const request = {
          model,
          messages: messagesOf(system, asked[column] ?? []),
          stream,
          ...(temperature === '' ? {} : { temperature: Number(temperature) }),
          ...(maxTokens === '' ? {} : { max_tokens: Number(maxTokens) }),
          ...(json ? { response_format: { type: 'json_object' } } : {}),
        }
        return chat(request, controller.signal, (answer) => put(column, answer))
      }),
    )
    setBusy(false)
  }
  const attach = (file: File | undefined): void => {
    if (file === undefined) return
    if (file.size > PICTURE_BYTES_MAX) return toast(t.tooLarge, 'bad')
    const reader = new FileReader()
    reader.addEventListener('load', () => {
      if (typeof reader.result === 'string') setPicture(reader.result)
    })
    reader.readAsDataURL(file)
  }
  return (
    <div className="flex min-h-[calc(100dvh-6rem)] flex-col">
      <PageHeader title={t.title} hint={t.hint}>
        <Button onClick={() => setTurns([])} disabled={busy || turns.length === 0}>
          {t.clear}
        </Button>
        <Button
          disabled={models.length >= COLUMNS_MAX}
          onClick={() => setModels([...models, ['t1', 't2', 't3'][models.length - 1] ?? 'auto'])}
        >
          <Plus className="size-3.5" />
          {t.addColumn}
        </Button>
      </PageHeader>
      <details className="mb-3 rounded-lg border border-line bg-surface p-3">
        <summary className="text-xs font-medium">{t.settings}</summary>
        <div className="mt-3 grid gap-3 sm:grid-cols-4">
          <Field label={t.system} className="sm:col-span-4">
            {(control) => (
              <Textarea
                {...control}
                className="min-h-14"
                value={system}
                onChange={(event) => setSystem(event.target.value)}
              />
            )}
          </Field>
          <Field label={t.temperature}>
            {(control) => (
              <Input
                {...control}
                type="number"
                min={0}
                max={2}
                step={0.1}
                value={temperature}
                onChange={(event) => setTemperature(event.target.value)}
              />
            )}
          </Field>
          <Field label={t.maxTokens}>
            {(control) => (
              <Input
                {...control}
                type="number"
                min={1}
                value={maxTokens}
                onChange={(event) => setMaxTokens(event.target.value)}
              />
            )}
          </Field>
          <span className="flex items-center gap-2 text-[13px]">
            <Switch checked={stream} label={t.stream} onChange={setStream} />
            {t.stream}
          </span>
          <span className="flex items-center gap-2 text-[13px]">
            <Switch checked={json} label={t.json} onChange={setJson} />
            {t.json}
          </span>
        </div>
      </details>
      <div className={GRIDS[models.length - 1]}>
        {models.map((model, column) => (
          <Column
            key={column}
            number={column + 1}
            model={model}
            turns={turns[column] ?? []}
            busy={busy}
            onModel={(next) => setModels(models.map((one, at) => (at === column ? next : one)))}
            onRemove={
              models.length === 1
                ? null
                : () => {
                    setModels(models.filter((_, at) => at !== column))
                    setTurns(turns.filter((_, at) => at !== column))
                  }
            }
          />
        ))}
      </div>
      <Card className="sticky bottom-2 mt-3 p-2 shadow-(--shadow)">
        <form onSubmit={(event) => void send(event)} className="flex items-end gap-2">
          <Textarea
            aria-label={t.prompt}
            placeholder={t.prompt}
            className="min-h-16"
            value={prompt}
            onChange={(event) => setPrompt(event.target.value)}
            onKeyDown={(event) => {
              if (
                event.key === 'Enter' &&
                (event.metaKey || event.ctrlKey) &&
                !event.nativeEvent.isComposing
              )
                void send()
            }}
          />
          <PictureButton picture={picture} onFile={attach} onRemove={() => setPicture(null)} />
          {busy ? (
            <Button onClick={() => running.current?.abort()}>
              <Square className="size-3.5" />
              {t.stop}
            </Button>
          ) : (
            <Button type="submit" kind="primary" disabled={prompt.trim() === ''}>
              <Send className="size-3.5" />
              {t.send}
            </Button>
          )}
        </form>
      </Card>
    </div>
  )
}

const GRIDS = [
  'grid flex-1 gap-3',
  'grid flex-1 gap-3 lg:grid-cols-2',
  'grid flex-1 gap-3 lg:grid-cols-3',
  'grid flex-1 gap-3 lg:grid-cols-2 2xl:grid-cols-4',
]

function PictureButton({
  picture,
  onFile,
  onRemove,
}: {
  readonly picture: string | null
  readonly onFile: (file: File | undefined) => void
  readonly onRemove: () => void
}) {
  const t = useTexts(playgroundTexts)
  const input = useRef<HTMLInputElement>(null)
  if (picture !== null) {
    return (
      <span className="relative">
        <img src={picture} alt={t.attach} className="size-12 rounded object-cover" />
        <IconButton
          label={t.removePicture}
          className="absolute -top-2 -right-2 size-5 bg-surface"
          onClick={onRemove}
        >
          <X className="size-3" />
        </IconButton>
      </span>
    )
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => onFile(event.target.files?.[0])}
      />
      <IconButton label={t.attach} onClick={() => input.current?.click()}>
        <ImagePlus className="size-4" />
      </IconButton>
    </>
  )
}

/** The conversation of one column: what failed or was stopped has no answer to go on from. */
function messagesOf(system: string, turns: readonly Turn[]): readonly ChatMessage[] {
  return [
    ...(system.trim() === '' ? [] : [{ role: 'system', content: system } as const]),
    ...turns.flatMap(({ content, answer }) => [
      { role: 'user', content } as const,
      ...(answer.text === '' ? [] : [{ role: 'assistant', content: answer.text } as const]),
    ]),
  ]
}
