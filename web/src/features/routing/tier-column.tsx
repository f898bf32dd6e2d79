import { useQuery } from '@tanstack/react-query'
import { GripVertical, MoreHorizontal, Plus } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { get } from '@/api/query.ts'
import { draft, useDraft } from '@/draft/draft.ts'
import { cn } from '@/lib/cn.ts'
import { formatUsd } from '@/lib/format.ts'
import { Badge, TierBadge } from '@/ui/badge.tsx'
import { Button, IconButton } from '@/ui/button.tsx'
import { Panel } from '@/ui/card.tsx'
import { Field, Input, Select } from '@/ui/field.tsx'
import { Menu } from '@/ui/menu.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { LimitFields } from './limit-fields.tsx'
import {
  moveModel,
  type Place,
  type PoolModel,
  poolOf,
  setPool,
  TIER_NAMES,
  type TierName,
} from './pool.ts'
import { routingTexts } from './texts.ts'

/** What is dragged: the browser hides the data of a drag until it is dropped. */
let dragged: Place | null = null

/** One tier: its models in order, how the order is used, its limits. */
export function TierColumn({ tier }: { readonly tier: TierName }) {
  const t = useTexts(routingTexts)
  const { shown } = useDraft()
  const [over, setOver] = useState<number | null>(null)
  const pool = poolOf(shown, tier)
  const settings = shown.tiers?.[tier]
  const strategy = settings?.strategy ?? 'sequential'
  const drop = (index: number): void => {
    setOver(null)
    if (dragged !== null) moveModel(shown, dragged, { tier, index })
    dragged = null
  }
  return (
    <Panel
      title={<TierBadge tier={tier} long />}
      bodyClassName="flex flex-col gap-3"
      actions={
        <Select
          aria-label={`${t.strategy} ${tier.toUpperCase()}`}
          value={strategy}
          className="h-7 text-xs"
          onChange={(event) =>
            draft.set(
              ['tiers', tier, 'strategy'],
              event.target.value === 'sequential' ? undefined : event.target.value,
            )
          }
        >
          <option value="sequential">{t.strategy_sequential}</option>
          <option value="random">{t.strategy_random}</option>
          <option value="adaptive">{t.strategy_adaptive}</option>
        </Select>
      }
    >
      <ol
        className="flex min-h-12 flex-col gap-1"
        onDragOver={(event) => {
          event.preventDefault()
          if (event.target === event.currentTarget) setOver(pool.length)
        }}
        onDrop={(event) => {
          event.preventDefault()
          drop(over ?? pool.length)
        }}
        onDragLeave={(event) => {
          if (event.currentTarget === event.target) setOver(null)
        }}
      >
        {pool.map((model, index) => (
          <ModelLine
            key={model.id}
            model={model}
            place={{ tier, index }}
            isWeighted={strategy !== 'sequential'}
            isTarget={over === index}
            onOver={() => setOver(index)}
          />
        ))}
        {pool.length === 0 && <li className="p-2 text-[13px] text-muted">{t.emptyTier}</li>}
        {over === pool.length && <li aria-hidden className="h-0.5 rounded bg-accent" />}
      </ol>
      <AddModel tier={tier} />
      <details className="text-[13px]">
        <summary className="text-xs font-medium text-muted">{t.limits}</summary>
        <LimitFields path={['tiers', tier]} timeouts={settings?.timeouts} retry={settings?.retry} />
      </details>
    </Panel>
  )
}

function ModelLine({
  model,
  place,
  isWeighted,
  isTarget,
  onOver,
}: {
  readonly model: PoolModel
  readonly place: Place
  readonly isWeighted: boolean
  readonly isTarget: boolean
  readonly onOver: () => void
}) {
  const t = useTexts(routingTexts)
  const common = useTexts(commonTexts)
  const { shown } = useDraft()
  const health = useQuery({ ...get('/health'), staleTime: 10_000 })
  const models = useQuery({ ...get('/models'), staleTime: 60_000 })
  const state = health.data?.endpoints.find(({ endpoint }) => endpoint === model.id)
  const known = models.data?.items.find(({ endpoint }) => endpoint === model.id)
  const pool = poolOf(shown, place.tier)
  const to = (tier: TierName, index: number) => () => moveModel(shown, place, { tier, index })
  return (
    <li
      draggable
      onDragStart={(event) => {
        dragged = place
        event.dataTransfer.effectAllowed = 'move'
      }}
      onDragOver={(event) => {
        event.preventDefault()
        event.stopPropagation()
        onOver()
      }}
      className={cn(
        'flex items-center gap-1.5 rounded-md border border-line bg-ground px-1.5 py-1',
        isTarget && 'border-t-2 border-t-accent',
      )}
    >
      <GripVertical aria-hidden className="size-4 shrink-0 cursor-grab text-muted" />
      <span className="min-w-0 flex-1">
        <span
          className="block truncate text-[13px] font-medium"
          title={`${model.id} · ${t.reorderHint}`}
        >
          {model.id}
        </span>
        <span className="tabular block truncate text-xs text-muted">
          {known?.price
            ? `${formatUsd(known.price.input)} / ${formatUsd(known.price.output)}`
            : '–'}
          {known?.context_tokens ? ` · ${Math.round(known.context_tokens / 1_000)}K` : ''}
        </span>
      </span>
      {state !== undefined && state.state !== 'closed' && (
        <Badge tone="bad">{common[`state_${state.state}`]}</Badge>
      )}
      {state?.drained === true && <Badge tone="warn">{common.drained}</Badge>}
      {isWeighted && (
        <Input
          type="number"
          min={0.1}
          step={0.1}
          aria-label={`${t.weight} ${model.id}`}
          className="h-7 w-16 text-xs"
          value={model.weight ?? 1}
          onChange={(event) => {
            const weight = Number(event.target.value)
            if (weight > 0)
              setPool(
                place.tier,
                pool.map((one, at) => (at === place.index ? { ...one, weight } : one)),
              )
          }}
        />
      )}
      <Menu
        trigger={
          <IconButton label={t.actions(model.id)} className="size-7">
            <MoreHorizontal className="size-4" />
          </IconButton>
        }
        entries={[
          {
            label: common.moveUp,
            disabled: place.index === 0,
            onSelect: to(place.tier, place.index - 1),
          },
          {
            label: common.moveDown,
            disabled: place.index >= pool.length - 1,
            onSelect: to(place.tier, place.index + 1),
          },
          null,
          ...TIER_NAMES.filter((name) => name !== place.tier).map((name) => ({
            label: t.moveTo(name.toUpperCase()),
            onSelect: to(name, poolOf(shown, name).length),
          })),
          null,
          {
            label: common.remove,
            danger: true,
            onSelect: () =>
              setPool(
                place.tier,
                pool.filter((_, at) => at !== place.index),
              ),
          },
        ]}
      />
    </li>
  )
}

function AddModel({ tier }: { readonly tier: TierName }) {
  const t = useTexts(routingTexts)
  const common = useTexts(commonTexts)
  const { shown } = useDraft()
  const [id, setId] = useState('')
  const list = useId()
  const models = useQuery({ ...get('/models'), staleTime: 60_000 })
  const pool = poolOf(shown, tier)
  const add = (event: FormEvent): void => {
    event.preventDefault()
    const name = id.trim()
    if (name === '' || pool.some((model) => model.id === name)) return
    setPool(tier, [...pool, { id: name, weight: undefined }])
    setId('')
  }
  const provided = Object.keys(shown.providers ?? {}).map((provider) => `${provider}/`)
  const options = [...(models.data?.items.map(({ endpoint }) => endpoint) ?? []), ...provided]
  return (
    <form onSubmit={add} className="flex items-end gap-2">
      <Field label={t.addModel} className="flex-1">
        {(control) => (
          <Input
            {...control}
            list={list}
            value={id}
            placeholder={t.addModelHint}
            onChange={(event) => setId(event.target.value)}
          />
        )}
      </Field>
      <datalist id={list}>
        {[...new Set(options)].map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
      <Button type="submit" aria-label={`${common.add} ${tier.toUpperCase()}`}>
        <Plus className="size-3.5" />
        {common.add}
      </Button>
    </form>
  )
}
