import type { Snapshot } from '../config/snapshot.ts'
import { type Tier, TIERS } from '../contract/tier.ts'
import { VIRTUAL_MODELS } from '../routing/requested-model.ts'

/** OpenAI's model object, with the tiers a model serves. */
export interface ModelObject {
  readonly id: string
  readonly object: 'model'
  readonly created: number
  readonly owned_by: string
  readonly tiers?: readonly Tier[]
}

/** The same for every model and every start: clients cache the list by it. */
const CREATED = 1_767_225_600

/** The gateway's own names first, then every configured model and alias. */
export function listModels(snapshot: Snapshot): readonly ModelObject[] {
  const models = new Map<string, ModelObject>()
  for (const id of VIRTUAL_MODELS.keys()) models.set(id, model(id, 'smartroute'))
  for (const tier of TIERS) {
    for (const { endpoint } of snapshot.pools[tier].members) {
      const tiers = [...(models.get(endpoint.id)?.tiers ?? []), tier]
      models.set(endpoint.id, { ...model(endpoint.id, endpoint.upstream.id), tiers })
    }
  }
  for (const [alias, endpoint] of snapshot.modelMap) {
    if (!models.has(alias)) models.set(alias, model(alias, endpoint.upstream.id))
  }
  return [...models.values()]
}

function model(id: string, owner: string): ModelObject {
  return { id, object: 'model', created: CREATED, owned_by: owner }
}
