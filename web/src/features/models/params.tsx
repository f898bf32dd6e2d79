import { Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { draft, useDraft } from '@/draft/draft.ts'
import { Button, IconButton } from '@/ui/button.tsx'
import { Panel } from '@/ui/card.tsx'
import { Input, Textarea } from '@/ui/field.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { modelTexts } from './texts.ts'

/** Parameters for all requests, and those that a model needs whatever a client says. */
export function Params() {
  const t = useTexts(modelTexts)
  const common = useTexts(commonTexts)
  const { shown } = useDraft()
  const [name, setName] = useState('')
  const models = Object.entries(shown.params?.models ?? {})
  const add = (event: FormEvent): void => {
    event.preventDefault()
    const id = name.trim()
    if (id !== '' && shown.params?.models?.[id] === undefined)
      draft.set(['params', 'models', id], { top_p: 0.95 })
    setName('')
  }
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <Panel title={t.globalParams}>
        <JsonField
          label={t.globalParams}
          value={shown.params?.global ?? {}}
          onChange={(value) =>
            draft.set(['params', 'global'], Object.keys(value).length === 0 ? undefined : value)
          }
        />
      </Panel>
      <Panel title={t.modelParams} hint={t.modelParamsHint} bodyClassName="flex flex-col gap-3">
        {models.length === 0 && <p className="text-[13px] text-muted">{t.noParams}</p>}
        {models.map(([id, value]) => (
          <div key={id}>
            <div className="mb-1 flex items-center gap-2">
              <code className="text-xs">{id}</code>
              <IconButton
                label={`${common.remove} ${id}`}
                className="ml-auto size-7"
                onClick={() => draft.set(['params', 'models', id], undefined)}
              >
                <Trash2 className="size-3.5" />
              </IconButton>
            </div>
            <JsonField
              label={id}
              value={value}
              onChange={(next) => draft.set(['params', 'models', id], next)}
            />
          </div>
        ))}
        <form onSubmit={add} className="flex gap-2">
          <Input
            aria-label={t.addParams}
            placeholder="kimi-k2.5"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit">{t.addParams}</Button>
        </form>
      </Panel>
    </div>
  )
}

/**
 * JSON that may be wrong while it is written: what was typed always stays, the draft takes it over
 * whenever it is an object.
 */
function JsonField({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: Readonly<Record<string, unknown>>
  readonly onChange: (value: Record<string, unknown>) => void
}) {
  const t = useTexts(modelTexts)
  const [text, setText] = useState(() => JSON.stringify(value, null, 2))
  const [error, setError] = useState<string | null>(null)
  const change = (next: string): void => {
    setText(next)
    try {
      const parsed: unknown = JSON.parse(next)
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
        return setError(t.notObject)
      setError(null)
      onChange(parsed as Record<string, unknown>)
    } catch (failure) {
      setError(t.notJson(failure instanceof Error ? failure.message : String(failure)))
    }
  }
  return (
    <>
      <Textarea
        aria-label={label}
        aria-invalid={error !== null}
        spellCheck={false}
        className="min-h-28 font-mono text-xs"
        value={text}
        onChange={(event) => change(event.target.value)}
      />
      {error !== null && (
        <p role="alert" className="text-xs break-words text-bad">
          {error}
        </p>
      )}
    </>
  )
}
