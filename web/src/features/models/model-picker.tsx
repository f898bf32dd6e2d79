import { type FormEvent, useState } from 'react'
import type { ProviderModels } from '@contract/api/providers.ts'
import { formatUsd } from '@/lib/format.ts'
import { Button } from '@/ui/button.tsx'
import { Input, Select } from '@/ui/field.tsx'
import { Table, Td, Th } from '@/ui/table.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { TIER_NAMES, type TierName } from '@/features/routing/pool.ts'
import { type Account, TestButton } from './test-button.tsx'
import { modelTexts } from './texts.ts'

const ROWS_SHOWN = 60

/** The models of an account; a tick takes one into the tier that is suggested or chosen. */
export function ModelPicker({
  account,
  items,
  tiers,
  onChange,
}: {
  readonly account: Account
  readonly items: ProviderModels['items']
  readonly tiers: ReadonlyMap<string, TierName | null>
  readonly onChange: (tiers: ReadonlyMap<string, TierName | null>) => void
}) {
  const t = useTexts(modelTexts)
  const common = useTexts(commonTexts)
  const [filter, setFilter] = useState('')
  const [typed, setTyped] = useState('')
  const typedItems = [...tiers.keys()]
    .filter((id) => !items.some((item) => item.id === id))
    .map((id) => ({ id, context_tokens: null, price: null, tier: null }))
  const all = [...typedItems, ...items]
  const found = all.filter(({ id }) => id.toLowerCase().includes(filter.toLowerCase()))
  // What is chosen stays in sight, whatever is filtered.
  const shown = [...found]
    .sort((left, right) => Number(tiers.has(right.id)) - Number(tiers.has(left.id)))
    .slice(0, ROWS_SHOWN)
  const set = (id: string, tier: TierName | null | undefined): void => {
    const next = new Map(tiers)
    if (tier === undefined) next.delete(id)
    else next.set(id, tier)
    onChange(next)
  }
  const add = (event: FormEvent): void => {
    event.preventDefault()
    if (typed.trim() !== '') set(typed.trim(), 't2')
    setTyped('')
  }
  return (
    <section className="mt-4" aria-label={t.pick}>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h3 className="text-[13px] font-semibold">{t.pick}</h3>
        <p className="text-xs text-muted">{t.pickHint}</p>
        <Input
          aria-label={t.filter}
          placeholder={t.filter}
          className="ml-auto w-40"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <form onSubmit={add} className="flex gap-1">
          <Input
            aria-label={t.typeModel}
            placeholder={t.typeModel}
            className="w-40"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button type="submit">{common.add}</Button>
        </form>
      </div>
      <Table aria-label={t.pick}>
        <thead>
          <tr>
            <Th>{t.use}</Th>
            <Th>{t.model}</Th>
            <Th>{t.price}</Th>
            <Th>{t.context}</Th>
            <Th>{t.tier}</Th>
            <Th className="text-right">{common.test}</Th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ id, price, context_tokens, tier }) => (
            <tr key={id}>
              <Td>
                <input
                  type="checkbox"
                  aria-label={`${t.use} ${id}`}
                  className="size-4 accent-(--accent)"
                  checked={tiers.has(id)}
                  onChange={(event) => set(id, event.target.checked ? (tier ?? 't2') : undefined)}
                />
              </Td>
              <Td className="font-mono text-xs break-all">{id}</Td>
              <Td className="tabular whitespace-nowrap">
                {price === null ? '–' : `${formatUsd(price.input)} / ${formatUsd(price.output)}`}
              </Td>
              <Td className="tabular">
                {context_tokens === null ? '–' : `${Math.round(context_tokens / 1_000)}K`}
              </Td>
              <Td>
                <Select
                  aria-label={`${t.tier} ${id}`}
                  className="h-7 text-xs"
                  value={tiers.get(id) ?? (tiers.has(id) ? '' : (tier ?? ''))}
                  onChange={(event) =>
                    set(id, event.target.value === '' ? null : (event.target.value as TierName))
                  }
                >
                  <option value="">{t.noTier}</option>
                  {TIER_NAMES.map((name) => (
                    <option key={name} value={name}>
                      {name.toUpperCase()}
                    </option>
                  ))}
                </Select>
              </Td>
              <Td className="text-right">
                {tiers.has(id) && <TestButton account={account} model={id} />}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {all.length > shown.length && (
        <p className="mt-1 text-xs text-muted">{t.shown(shown.length, all.length)}</p>
      )}
    </section>
  )
}
