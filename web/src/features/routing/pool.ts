import type { ConfigDocument } from '@contract/config.ts'
import { draft } from '@/draft/draft.ts'

export type TierName = 't1' | 't2' | 't3'
export const TIER_NAMES: readonly TierName[] = ['t1', 't2', 't3']

type Entry = NonNullable<NonNullable<ConfigDocument['tiers']>[TierName]>['models'][number]

export interface PoolModel {
  readonly id: string
  readonly weight: number | undefined
}

export function poolOf(document: ConfigDocument, tier: TierName): readonly PoolModel[] {
  return (document.tiers?.[tier]?.models ?? []).map((entry: Entry) =>
    typeof entry === 'string'
      ? { id: entry, weight: undefined }
      : { id: entry.id, weight: entry.weight },
  )
}

/** A model without a weight is written as its name alone. */
export function setPool(tier: TierName, models: readonly PoolModel[]): void {
  draft.set(
    ['tiers', tier, 'models'],
    models.map(({ id, weight }) => (weight === undefined ? id : { id, weight })),
  )
}

export interface Place {
  readonly tier: TierName
  readonly index: number
}

/** Takes a model from one place and puts it at another; within a tier that is reordering. */
export function moveModel(document: ConfigDocument, from: Place, to: Place): void {
  const source = [...poolOf(document, from.tier)]
  const [model] = source.splice(from.index, 1)
  if (model === undefined) return
  if (from.tier === to.tier) {
    source.splice(to.index, 0, model)
    setPool(from.tier, source)
    return
  }
  const target = poolOf(document, to.tier).filter(({ id }) => id !== model.id)
  setPool(from.tier, source)
  setPool(to.tier, [...target.slice(0, to.index), model, ...target.slice(to.index)])
}
