import type { ConfigDocument } from '@contract/config.ts'
import { draft } from '@/draft/draft.ts'
import { poolOf, setPool, TIER_NAMES, type TierName } from '@/features/routing/pool.ts'

export interface NewProvider {
  readonly id: string
  readonly baseUrl: string
  readonly apiKey: string
  readonly profile: string | undefined
  readonly allowPrivate: boolean
  readonly models: readonly { readonly id: string; readonly tier: TierName | null }[]
}

/** Puts a provider with its models into the draft; the simulated one goes, it was a stand-in. */
export function addProvider(document: ConfigDocument, provider: NewProvider): void {
  if (document.providers?.['demo'] !== undefined) removeProvider(document, 'demo')
  const current = draft.state().document ?? document
  draft.set(['providers', provider.id], {
    base_url: provider.baseUrl,
    ...(provider.apiKey === '' ? {} : { api_key: provider.apiKey }),
    ...(provider.profile === undefined ? {} : { profile: provider.profile }),
    ...(provider.allowPrivate ? { allow_private: true } : {}),
  })
  if (current.default_provider === undefined) draft.set(['default_provider'], provider.id)
  for (const tier of TIER_NAMES) {
    const added = provider.models.filter((model) => model.tier === tier)
    if (added.length === 0) continue
    const pool = poolOf(draft.state().document ?? current, tier)
    const ids = added.map((model) => `${provider.id}/${model.id}`)
    setPool(tier, [
      ...pool,
      ...ids
        .filter((id) => !pool.some((model) => model.id === id))
        .map((id) => ({ id, weight: undefined })),
    ])
  }
}

/** Takes a provider out of the draft, with everything that names it. */
export function removeProvider(document: ConfigDocument, id: string): void {
  const isOf = (model: string): boolean => model.startsWith(`${id}/`)
  for (const tier of TIER_NAMES) {
    const pool = poolOf(draft.state().document ?? document, tier)
    if (pool.some((model) => isOf(model.id)))
      setPool(
        tier,
        pool.filter((model) => !isOf(model.id)),
      )
  }
  for (const name of Object.keys(document.prices ?? {})) {
    if (isOf(name)) draft.set(['prices', name], undefined)
  }
  for (const [model, provider] of Object.entries(document.model_map ?? {})) {
    if (provider === id) draft.set(['model_map', model], undefined)
  }
  if (isOf(document.routing?.llm?.model ?? '')) draft.set(['routing', 'llm'], undefined)
  if (document.default_provider === id) draft.set(['default_provider'], undefined)
  draft.set(['providers', id], undefined)
}
