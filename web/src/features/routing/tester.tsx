import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { RouteExplanation } from '@contract/api/shapes.ts'
import { call } from '@/api/client.ts'
import { useDraft } from '@/draft/draft.ts'
import { formatMs, formatPercent } from '@/lib/format.ts'
import { TierBadge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { Panel } from '@/ui/card.tsx'
import { Textarea } from '@/ui/field.tsx'
import { ErrorState } from '@/ui/states.tsx'
import { Table, Td, Th } from '@/ui/table.tsx'
import { useTexts } from '@/texts/texts.ts'
import { routingTexts } from './texts.ts'

/** What every classifier says of a text under the draft, side by side. */
export function Tester() {
  const t = useTexts(routingTexts)
  const { document } = useDraft()
  const [text, setText] = useState('')
  const run = useMutation({
    mutationFn: () =>
      call('post', '/route', {
        input: { text, ...(document === null ? {} : { draft: document as never }) },
      }),
  })
  const decide = (): void => {
    if (text.trim() !== '') run.mutate()
  }
  return (
    <Panel title={t.tester} hint={t.testerHint}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          decide()
        }}
      >
        <Textarea
          aria-label={t.testerText}
          placeholder={t.testerText}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) decide()
          }}
        />
        <div className="mt-2 flex justify-end">
          <Button type="submit" kind="primary" busy={run.isPending} disabled={text.trim() === ''}>
            {t.run}
          </Button>
        </div>
      </form>
      {run.isError && <ErrorState error={run.error} />}
      {run.data !== undefined && <Explanation explanation={run.data} />}
    </Panel>
  )
}

function Explanation({ explanation }: { readonly explanation: RouteExplanation }) {
  const t = useTexts(routingTexts)
  return (
    <div className="mt-3 flex flex-col gap-3" role="status">
      <p className="flex items-center gap-2 text-[13px]">
        <span className="text-muted">{t.verdict}</span>
        <TierBadge tier={explanation.tier} long />
        <code className="text-xs">{explanation.reason}</code>
      </p>
      <Table aria-label={t.verdict}>
        <thead>
          <tr>
            <Th>{t.by}</Th>
            <Th>{t.toTier}</Th>
            <Th>T1 / T2 / T3</Th>
            <Th>{t.why}</Th>
            <Th>{t.took}</Th>
          </tr>
        </thead>
        <tbody>
          {explanation.verdicts.map((verdict) => (
            <tr key={verdict.by}>
              <Td>
                <code>{verdict.by}</code>
              </Td>
              <Td>
                {verdict.tier === null ? (
                  <span className="text-muted">{t.noOpinion}</span>
                ) : (
                  <TierBadge tier={verdict.tier} />
                )}
              </Td>
              <Td>
                {verdict.probabilities ? <Probabilities values={verdict.probabilities} /> : null}
              </Td>
              <Td className="max-w-56 text-xs break-words text-muted">
                {verdict.matched === undefined ? (
                  verdict.detail
                ) : (
                  <mark className="rounded bg-warn-soft px-1 text-warn">
                    {verdict.matched.join(', ')}
                  </mark>
                )}
              </Td>
              <Td className="tabular whitespace-nowrap">{formatMs(verdict.ms)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
      <div>
        <h3 className="mb-1 text-xs font-medium text-muted">{t.candidates}</h3>
        <ol className="flex flex-col gap-0.5 text-[13px]">
          {explanation.candidates.map(({ endpoint, state, score }, index) => (
            <li key={endpoint} className="flex items-baseline gap-2">
              <span className="tabular text-muted">{index + 1}</span>
              <code>{endpoint}</code>
              <span className="tabular text-xs text-muted">
                {state} {score.toFixed(2)}
              </span>
            </li>
          ))}
        </ol>
      </div>
      <p className="text-xs text-muted">
        {t.saw}: <span className="break-words">{explanation.text.slice(0, 400)}</span>
      </p>
    </div>
  )
}

function Probabilities({ values }: { readonly values: readonly [number, number, number] }) {
  const text = values.map((value) => formatPercent(value, 0)).join(' / ')
  return (
    <span className="flex flex-col gap-1">
      <span aria-hidden className="flex h-2 w-32 overflow-hidden rounded">
        {values.map((value, index) => (
          <span
            key={index}
            style={{ width: `${value * 100}%`, background: `var(--t${index + 1})` }}
          />
        ))}
      </span>
      <span className="tabular text-xs">{text}</span>
    </span>
  )
}
