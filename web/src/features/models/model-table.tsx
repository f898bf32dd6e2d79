import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import type { ModelRow } from '@contract/api/providers.ts'
import type { EndpointHealth } from '@contract/api/shapes.ts'
import { call } from '@/api/client.ts'
import { get } from '@/api/query.ts'
import { draft } from '@/draft/draft.ts'
import { formatCount, formatMs, formatPercent, formatUsd } from '@/lib/format.ts'
import { Badge, TierBadge } from '@/ui/badge.tsx'
import { Button, IconButton } from '@/ui/button.tsx'
import { Card } from '@/ui/card.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { Menu } from '@/ui/menu.tsx'
import { NumberField } from '@/ui/number-field.tsx'
import { EmptyState, ErrorState, Skeleton } from '@/ui/states.tsx'
import { Table, Td, Th } from '@/ui/table.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { modelTexts } from './texts.ts'

/** Every model that is named or was used: price, window, health, a week of use. */
export function ModelTable() {
  const t = useTexts(modelTexts)
  const models = useQuery(get('/models'))
  const health = useQuery(get('/health'))
  const [pricing, setPricing] = useState<ModelRow | null>(null)
  if (models.isPending) return <Skeleton className="h-80" />
  if (models.isError)
    return <ErrorState error={models.error} onRetry={() => void models.refetch()} />
  const rows = [...models.data.items].sort((left, right) => right.requests_7d - left.requests_7d)
  const unpriced = rows.filter(({ price }) => price === null).length
  if (rows.length === 0) return <EmptyState title={t.noModels} />
  return (
    <>
      {unpriced > 0 && (
        <p className="mb-3 rounded-md bg-warn-soft px-3 py-2 text-[13px] text-warn">
          {t.unpricedHint(unpriced)}
        </p>
      )}
      <Card>
        <Table aria-label={t.tab_models}>
          <thead>
            <tr>
              <Th>{t.model}</Th>
              <Th>{t.tier}</Th>
              <Th>{t.health}</Th>
              <Th>{t.price}</Th>
              <Th className="text-right">{t.context}</Th>
              <Th className="text-right">{t.firstToken}</Th>
              <Th className="text-right">{t.requests7}</Th>
              <Th className="text-right">{t.errors7}</Th>
              <Th className="text-right">{t.cost7}</Th>
              <Th />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row
                key={row.endpoint}
                row={row}
                health={health.data?.endpoints.find(({ endpoint }) => endpoint === row.endpoint)}
                onPrice={() => setPricing(row)}
              />
            ))}
          </tbody>
        </Table>
      </Card>
      {pricing !== null && <PriceDialog row={pricing} onClose={() => setPricing(null)} />}
    </>
  )
}

function Row({
  row,
  health,
  onPrice,
}: {
  readonly row: ModelRow
  readonly health: EndpointHealth | undefined
  readonly onPrice: () => void
}) {
  const t = useTexts(modelTexts)
  const client = useQueryClient()
  const steer = useMutation({
    mutationFn: (action: 'open' | 'close' | 'drain') =>
      call('post', '/health/endpoints', { input: { endpoint: row.endpoint, action } }),
    onSuccess: (data) => client.setQueryData(get('/health').queryKey, data),
  })
  return (
    <tr>
      <Td>
        <Link
          to="/requests"
          search={{ model: row.endpoint }}
          className="font-medium hover:underline"
        >
          {row.endpoint}
        </Link>
      </Td>
      <Td>
        <span className="flex gap-2">
          {row.tiers.map((tier) => (
            <TierBadge key={tier} tier={tier} />
          ))}
        </span>
      </Td>
      <Td>
        <HealthBadge health={health} />
      </Td>
      <Td className="tabular whitespace-nowrap">
        {row.price === null ? (
          <Button size="small" onClick={onPrice}>
            {t.setPrice}
          </Button>
        ) : (
          <>
            {formatUsd(row.price.input)} / {formatUsd(row.price.output)}{' '}
            <span className="text-xs text-muted">
              {row.price.source === 'config' ? t.fromConfig : t.fromCatalogue}
            </span>
          </>
        )}
      </Td>
      <Td className="tabular text-right">
        {row.context_tokens === null ? '–' : `${Math.round(row.context_tokens / 1_000)}K`}
      </Td>
      <Td className="tabular text-right whitespace-nowrap">{formatMs(row.first_token_ms)}</Td>
      <Td className="tabular text-right">{formatCount(row.requests_7d)}</Td>
      <Td className="tabular text-right">
        {row.requests_7d === 0 ? '–' : formatPercent(row.errors_7d / row.requests_7d)}
      </Td>
      <Td className="tabular text-right">
        {row.price === null ? '–' : formatUsd(row.cost_usd_7d)}
      </Td>
      <Td>
        <Menu
          trigger={
            <IconButton label={t.providerActions(row.endpoint)} className="size-7">
              <MoreHorizontal className="size-4" />
            </IconButton>
          }
          entries={[
            { label: t.setPrice, onSelect: onPrice },
            null,
            { label: t.open, disabled: health === undefined, onSelect: () => steer.mutate('open') },
            {
              label: t.drain,
              disabled: health === undefined || health.drained,
              onSelect: () => steer.mutate('drain'),
            },
            {
              label: t.close,
              disabled: health === undefined,
              onSelect: () => steer.mutate('close'),
            },
          ]}
        />
      </Td>
    </tr>
  )
}

function HealthBadge({ health }: { readonly health: EndpointHealth | undefined }) {
  const common = useTexts(commonTexts)
  if (health === undefined) return <span className="text-muted">–</span>
  if (health.drained) return <Badge tone="warn">{common.drained}</Badge>
  const tone = health.state === 'closed' ? 'good' : health.state === 'open' ? 'bad' : 'warn'
  return (
    <Badge tone={tone}>
      {common[`state_${health.state}`]}
      {health.state === 'open' && ` ${Math.ceil(health.cooldown_ms / 1_000)} s`}
      {health.state === 'closed' && ` ${health.score.toFixed(2)}`}
    </Badge>
  )
}

function PriceDialog({ row, onClose }: { readonly row: ModelRow; readonly onClose: () => void }) {
  const t = useTexts(modelTexts)
  const common = useTexts(commonTexts)
  const [input, setInput] = useState<number | undefined>(row.price?.input)
  const [output, setOutput] = useState<number | undefined>(row.price?.output)
  const [cached, setCached] = useState<number | undefined>(row.price?.cached_input ?? undefined)
  const save = (): void => {
    draft.set(['prices', row.endpoint], {
      input: input ?? 0,
      output: output ?? 0,
      ...(cached === undefined ? {} : { cached_input: cached }),
    })
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${t.setPrice}: ${row.endpoint}`}
      size="small"
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            kind="primary"
            disabled={input === undefined || output === undefined}
            onClick={save}
          >
            {common.save}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <NumberField label={t.priceInput} step={0.01} value={input} onChange={setInput} />
        <NumberField label={t.priceOutput} step={0.01} value={output} onChange={setOutput} />
        <NumberField label={t.priceCached} step={0.01} value={cached} onChange={setCached} />
      </div>
    </Dialog>
  )
}
