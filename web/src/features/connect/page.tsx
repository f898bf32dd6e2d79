import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck, KeyRound } from 'lucide-react'
import { useState } from 'react'
import type { LogRow } from '@contract/api/shapes.ts'
import { useLiveRows, useLiveState } from '@/api/live.ts'
import { get } from '@/api/query.ts'
import { cn } from '@/lib/cn.ts'
import { formatAgo } from '@/lib/format.ts'
import { useSearchState } from '@/lib/search-state.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button, Spinner } from '@/ui/button.tsx'
import { Card, PageHeader, Panel } from '@/ui/card.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Field, Input, Select } from '@/ui/field.tsx'
import { Segmented } from '@/ui/tabs.tsx'
import { useTexts } from '@/texts/texts.ts'
import { CreateKey, ShownOnce } from '@/features/keys/create-key.tsx'
import { RECIPES, type Shell } from './recipes.ts'
import { connectTexts } from './texts.ts'

const COMING: readonly string[] = ['noteMessages', 'noteResponses']

/** One tool at a time: what to paste where, and whether its first request arrived. */
export function Page() {
  const t = useTexts(connectTexts)
  const [search, setSearch] = useSearchState()
  const keys = useQuery(get('/keys'))
  const models = useQuery({ ...get('/models'), staleTime: 60_000 })
  const [key, setKey] = useState('')
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const [shell, setShell] = useState<Shell>(
    navigator.userAgent.includes('Windows') ? 'windows' : 'unix',
  )
  const recipe = RECIPES.find(({ id }) => id === search['tool']) ?? RECIPES[0]
  const model = search['model'] ?? 'auto'
  const isOpen = keys.data?.items.every((one) => one.revoked_at !== null) === true
  const shownKey = key !== '' ? key : isOpen ? 'none' : 'sr-YOUR-KEY'
  const snippet = recipe.snippet({ origin: window.location.origin, key: shownKey, model, shell })
  return (
    <>
      <PageHeader title={t.title} hint={t.hint} />
      <div className="grid gap-3 lg:grid-cols-[15rem_1fr]">
        <Card className="p-2">
          <ul aria-label={t.tools} className="grid grid-cols-2 gap-0.5 lg:grid-cols-1">
            {RECIPES.map(({ id, name, note }) => (
              <li key={id}>
                <button
                  type="button"
                  aria-current={id === recipe.id}
                  onClick={() => setSearch({ tool: id })}
                  className={cn(
                    'flex w-full items-center gap-2 rounded-md px-2.5 py-1.5 text-left text-[13px] hover:bg-sunken',
                    id === recipe.id && 'bg-accent-soft font-medium text-accent',
                  )}
                >
                  <span className="truncate">{name}</span>
                  {COMING.includes(note) && <Badge className="ml-auto">{t.soon}</Badge>}
                </button>
              </li>
            ))}
          </ul>
        </Card>
        <div className="flex min-w-0 flex-col gap-3">
          <Panel title={recipe.name} bodyClassName="flex flex-col gap-3">
            <p
              className={cn(
                'text-[13px]',
                recipe.note === 'noteChat'
                  ? 'text-muted'
                  : 'rounded-md bg-warn-soft px-3 py-2 text-warn',
              )}
            >
              {t[recipe.note]}
            </p>
            <div className="grid gap-3 sm:grid-cols-[1fr_1fr_auto]">
              <Field label={t.key} hint={isOpen ? t.noKeyNeeded : undefined}>
                {(control) => (
                  <span className="flex gap-1">
                    <Input
                      {...control}
                      placeholder={t.placeholder}
                      autoComplete="off"
                      value={key}
                      onChange={(event) => setKey(event.target.value)}
                    />
                    <Button onClick={() => setMaking(true)}>
                      <KeyRound className="size-3.5" />
                      {t.makeKey}
                    </Button>
                  </span>
                )}
              </Field>
              <Field label={t.model}>
                {(control) => (
                  <Select
                    {...control}
                    className="w-full"
                    value={model}
                    onChange={(event) => setSearch({ model: event.target.value })}
                  >
                    {[
                      'auto',
                      't1',
                      't2',
                      't3',
                      ...(models.data?.items.map(({ endpoint }) => endpoint) ?? []),
                    ].map((name) => (
                      <option key={name} value={name}>
                        {name}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
              <div className="flex flex-col gap-1">
                <span className="text-xs font-medium">{t.shell}</span>
                <Segmented
                  label={t.shell}
                  value={shell}
                  onChange={setShell}
                  options={[
                    { id: 'unix', label: 'macOS · Linux' },
                    { id: 'windows', label: 'Windows' },
                  ]}
                />
              </div>
            </div>
            {recipe.where !== '' && (
              <p className="text-[13px]">
                <span className="text-muted">{t.where}: </span>
                <code>{recipe.where}</code>
              </p>
            )}
            <div className="relative">
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
              <pre
                tabIndex={0}
                className="overflow-auto rounded-md bg-sunken p-3 pr-20 font-mono text-xs leading-5"
              >
                {snippet}
              </pre>
              <span className="absolute top-2 right-2">
                <CopyButton text={snippet} label={t.copy} />
              </span>
            </div>
          </Panel>
          <FirstRequest key={recipe.id} />
        </div>
      </div>
      {making && (
        <CreateKey
          onClose={() => setMaking(false)}
          onMade={(secret) => {
            setKey(secret)
            setMade(secret)
          }}
        />
      )}
      {made !== null && <ShownOnce secret={made} onClose={() => setMade(null)} />}
    </>
  )
}

/** Watches until something arrives that is not the panel itself. */
function FirstRequest() {
  const t = useTexts(connectTexts)
  const [row, setRow] = useState<LogRow | null>(null)
  // Nobody is asked to send a request that would not be seen yet.
  const isLive = useLiveState() === 'live'
  useLiveRows((rows) => {
    const found = rows.find(({ key }) => key !== 'playground')
    if (found !== undefined) setRow(found)
  })
  return (
    <Card className="flex flex-wrap items-center gap-2 p-3 text-[13px]" role="status">
      {row === null ? (
        <>
          <Spinner />
          <span className="text-muted">{isLive ? t.waiting : t.connecting}</span>
        </>
      ) : (
        <>
          <CircleCheck aria-hidden className="size-4 text-good" />
          <span className="font-medium">
            {t.received(row.user_agent === '' ? row.client : row.user_agent)}
          </span>
          <span className="text-muted">
            {row.model} · {row.status} · {formatAgo(row.at)}
          </span>
          <Link
            to="/requests/$id"
            params={{ id: row.id }}
            className="ml-auto text-accent underline"
          >
            {t.openIt}
          </Link>
        </>
      )}
    </Card>
  )
}
