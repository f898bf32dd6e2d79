import { useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import type { ConfigDocument } from '@contract/config.ts'
import { get } from '@/api/query.ts'
import { draft, useDraft } from '@/draft/draft.ts'
import { formatCount } from '@/lib/format.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button, IconButton } from '@/ui/button.tsx'
import { Panel } from '@/ui/card.tsx'
import { Select, Switch } from '@/ui/field.tsx'
import { ListField } from '@/ui/list-field.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { TIER_NAMES } from './pool.ts'
import { routingTexts } from './texts.ts'

type Rule = NonNullable<NonNullable<ConfigDocument['routing']>['rules']>[number]

/** The operator's rules in their order, with how often each decided. */
export function RulesCard() {
  const t = useTexts(routingTexts)
  const { shown } = useDraft()
  const rules = shown.routing?.rules ?? []
  const set = (next: readonly Rule[]): void =>
    draft.set(['routing', 'rules'], next.length === 0 ? undefined : next)
  return (
    <Panel
      title={t.rules}
      hint={t.rulesHint}
      actions={
        <Button size="small" onClick={() => set([...rules, { keywords: ['…'], tier: 't3' }])}>
          <Plus className="size-3.5" />
          {t.addRule}
        </Button>
      }
      bodyClassName="flex flex-col gap-2"
    >
      {rules.length === 0 && <p className="text-[13px] text-muted">{t.noRules}</p>}
      {rules.map((rule, index) => (
        <RuleEditor
          key={index}
          rule={rule}
          index={index}
          count={rules.length}
          onChange={(next) => set(rules.map((one, at) => (at === index ? next : one)))}
          onRemove={() => set(rules.filter((_, at) => at !== index))}
          onMove={(to) => {
            const next = rules.filter((_, at) => at !== index)
            next.splice(to, 0, rule)
            set(next)
          }}
        />
      ))}
    </Panel>
  )
}

function RuleEditor({
  rule,
  index,
  count,
  onChange,
  onRemove,
  onMove,
}: {
  readonly rule: Rule
  readonly index: number
  readonly count: number
  readonly onChange: (rule: Rule) => void
  readonly onRemove: () => void
  readonly onMove: (to: number) => void
}) {
  const t = useTexts(routingTexts)
  const common = useTexts(commonTexts)
  const words = (text: string, separator: RegExp): string[] | undefined => {
    const list = text
      .split(separator)
      .map((word) => word.trim())
      .filter(Boolean)
    return list.length === 0 ? undefined : list
  }
  const withList = (name: 'keywords' | 'patterns', list: string[] | undefined): void => {
    const { [name]: _, ...rest } = rule
    onChange(list === undefined ? rest : { ...rest, [name]: list })
  }
  return (
    <div className="rounded-md border border-line bg-ground p-2">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <span className="tabular text-xs font-semibold text-muted">{index + 1}</span>
        <Select
          aria-label={`${t.toTier} ${index + 1}`}
          className="h-7 text-xs"
          value={rule.tier}
          onChange={(event) => onChange({ ...rule, tier: event.target.value as Rule['tier'] })}
        >
          {TIER_NAMES.map((tier) => (
            <option key={tier} value={tier}>
              {common[`tier_${tier}`]}
            </option>
          ))}
        </Select>
        <span className="flex items-center gap-1.5 text-xs">
          <Switch
            checked={rule.whole === true}
            label={`${t.whole} ${index + 1}`}
            onChange={(whole) => {
              const { whole: _, ...rest } = rule
              onChange(whole ? { ...rest, whole } : rest)
            }}
          />
          {t.whole}
        </span>
        <Hits rule={rule} />
        <span className="ml-auto flex">
          <IconButton
            label={`${common.moveUp} ${index + 1}`}
            className="size-7"
            disabled={index === 0}
            onClick={() => onMove(index - 1)}
          >
            <ArrowUp className="size-3.5" />
          </IconButton>
          <IconButton
            label={`${common.moveDown} ${index + 1}`}
            className="size-7"
            disabled={index === count - 1}
            onClick={() => onMove(index + 1)}
          >
            <ArrowDown className="size-3.5" />
          </IconButton>
          <IconButton label={`${common.remove} ${index + 1}`} className="size-7" onClick={onRemove}>
            <Trash2 className="size-3.5" />
          </IconButton>
        </span>
      </div>
      <div className="grid gap-2 sm:grid-cols-2">
        <ListField
          label={t.keywords}
          value={rule.keywords?.join(', ') ?? ''}
          placeholder="prove, 证明"
          onChange={(text) => withList('keywords', words(text, /[,，]/))}
        />
        <ListField
          label={t.patterns}
          value={rule.patterns?.join('\n') ?? ''}
          placeholder="^/think"
          onChange={(text) => withList('patterns', words(text, /\n/))}
        />
      </div>
    </div>
  )
}

/** Hits are counted by the place of a rule in what runs; a changed rule has none yet. */
function Hits({ rule }: { readonly rule: Rule }) {
  const t = useTexts(routingTexts)
  const { base } = useDraft()
  const hits = useQuery({ ...get('/routing/hits'), staleTime: 30_000 })
  const running = (base?.document as ConfigDocument | undefined)?.routing?.rules ?? []
  const index = running.findIndex((one) => JSON.stringify(one) === JSON.stringify(rule))
  if (hits.data === undefined || index === -1) return null
  const found = hits.data.items.find(({ match }) => match === `rule=${index}`)
  if (found === undefined) return <Badge tone="warn">{t.neverHit}</Badge>
  return <Badge>{t.hits(formatCount(found.hits))}</Badge>
}
