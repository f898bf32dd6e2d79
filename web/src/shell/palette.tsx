import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { get } from '@/api/query.ts'
import { cn } from '@/lib/cn.ts'
import { Dialog } from '@/ui/dialog.tsx'
import { Input } from '@/ui/field.tsx'
import { useTexts } from '@/texts/texts.ts'
import { PAGES } from './pages.ts'
import { shellTexts } from './texts.ts'

interface Choice {
  readonly id: string
  readonly label: ReactNode
  readonly text: string
  readonly go: () => void
}

const SHOWN_MAX = 12

/** Finds pages, models, keys and requests by a few letters. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const t = useTexts(shellTexts)
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const choices = useChoices(text, onClose)
  const selected = Math.min(at, choices.length - 1)
  const onKeyDown = (event: React.KeyboardEvent): void => {
    // Enter and arrows belong to the input method while it composes.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') setAt(Math.min(selected + 1, choices.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(selected - 1, 0))
    else if (event.key === 'Enter') choices[selected]?.go()
    else return
    event.preventDefault()
  }
  return (
    <Dialog open onClose={onClose} title={t.palette} size="small">
      <Input
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={choices[selected] === undefined ? undefined : `palette-${selected}`}
        aria-label={t.paletteHint}
        placeholder={t.paletteHint}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul
        id="palette-list"
        role="listbox"
        aria-label={t.palette}
        className="mt-2 max-h-80 overflow-auto"
      >
        {choices.map((choice, index) => (
          <li
            key={choice.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === selected}
          >
            <button
              type="button"
              tabIndex={-1}
              onClick={choice.go}
              onMouseMove={() => setAt(index)}
              className={cn(
                'w-full truncate rounded px-2 py-1.5 text-left text-[13px]',
                index === selected && 'bg-accent-soft',
              )}
            >
              {choice.label}
            </button>
          </li>
        ))}
      </ul>
      {choices.length === 0 && <p className="p-2 text-[13px] text-muted">{t.paletteEmpty}</p>}
    </Dialog>
  )
}

function useChoices(text: string, onClose: () => void): readonly Choice[] {
  const t = useTexts(shellTexts)
  const navigate = useNavigate()
  const models = useQuery({ ...get('/models'), staleTime: 60_000 })
  const go = (act: () => Promise<void>) => (): void => {
    void act()
    onClose()
  }
  const word = text.trim()
  const all: Choice[] = [
    ...PAGES.map(({ path, name }) => ({
      id: path,
      label: t[name],
      text: `${t[name]} ${name}`,
      go: go(() => navigate({ to: path })),
    })),
    ...(models.data?.items ?? []).map(({ endpoint }) => ({
      id: `model ${endpoint}`,
      label: <code>{endpoint}</code>,
      text: endpoint,
      go: go(() => navigate({ to: '/requests', search: { model: endpoint } })),
    })),
  ]
  const found = all
    .filter((choice) => choice.text.toLowerCase().includes(word.toLowerCase()))
    .slice(0, SHOWN_MAX)
  if (word === '') return found
  const looksLikeId = /^[\w-]{12,}$/.test(word)
  return [
    ...found,
    ...(looksLikeId
      ? [
          {
            id: 'id',
            label: t.openRequest(word),
            text: word,
            go: go(() => navigate({ to: '/requests/$id', params: { id: word } })),
          },
        ]
      : []),
    {
      id: 'search',
      label: t.searchRequests(word),
      text: word,
      go: go(() => navigate({ to: '/requests', search: { q: word } })),
    },
  ]
}
