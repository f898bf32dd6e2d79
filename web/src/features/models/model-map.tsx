import { Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { draft, useDraft } from '@/draft/draft.ts'
import { Button, IconButton } from '@/ui/button.tsx'
import { Panel } from '@/ui/card.tsx'
import { Input, Select } from '@/ui/field.tsx'
import { Table, Td, Th } from '@/ui/table.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { modelTexts } from './texts.ts'

export function ModelMap() {
  const t = useTexts(modelTexts)
  const common = useTexts(commonTexts)
  const { shown } = useDraft()
  const providers = Object.keys(shown.providers ?? {})
  const [model, setModel] = useState('')
  const [provider, setProvider] = useState(providers[0] ?? '')
  const entries = Object.entries(shown.model_map ?? {})
  const add = (event: FormEvent): void => {
    event.preventDefault()
    if (model.trim() === '' || provider === '') return
    draft.set(['model_map', model.trim()], provider)
    setModel('')
  }
  return (
    <Panel title={t.tab_map} hint={t.mapHint} className="max-w-3xl">
      {entries.length === 0 ? (
        <p className="mb-3 text-[13px] text-muted">{t.noMap}</p>
      ) : (
        <Table aria-label={t.tab_map} className="mb-3">
          <thead>
            <tr>
              <Th>{t.mapModel}</Th>
              <Th>{t.mapProvider}</Th>
              <Th />
            </tr>
          </thead>
          <tbody>
            {entries.map(([id, target]) => (
              <tr key={id}>
                <Td>
                  <code>{id}</code>
                </Td>
                <Td>{target}</Td>
                <Td className="text-right">
                  <IconButton
                    label={`${common.remove} ${id}`}
                    className="size-7"
                    onClick={() => draft.set(['model_map', id], undefined)}
                  >
                    <Trash2 className="size-3.5" />
                  </IconButton>
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <form onSubmit={add} className="flex flex-wrap gap-2">
        <Input
          aria-label={t.mapModel}
          placeholder="gpt-4"
          className="w-48"
          value={model}
          onChange={(event) => setModel(event.target.value)}
        />
        <Select
          aria-label={t.mapProvider}
          value={provider}
          onChange={(event) => setProvider(event.target.value)}
        >
          {providers.map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </Select>
        <Button type="submit">{t.mapAdd}</Button>
      </form>
    </Panel>
  )
}
