import { asArray, asObject, asText, type JsonObject } from '../kit/json-value.ts'
import { type Note, providerId } from './import-note.ts'

type PoolEntry = string | { readonly id: string; readonly weight: number }
export type ImportedModels = Readonly<Record<'t1' | 't2' | 't3', readonly PoolEntry[]>>

/** The tiers' models: strings, objects, or both in one list. */
export function importModels(
  source: JsonObject,
  providers: readonly string[],
  note: Note,
): ImportedModels {
  const models = asObject(source['models']) ?? {}
  const read = (tier: string): PoolEntry[] =>
    asArray(models[tier]).flatMap((entry) => readEntry(entry, providers, note))
  return { t1: read('t1'), t2: read('t2'), t3: read('t3') }
}

function readEntry(entry: unknown, providers: readonly string[], note: Note): PoolEntry[] {
  if (typeof entry === 'string') return entry === '' ? [] : [qualified(entry, providers)]
  const object = asObject(entry)
  const model = asText(object?.['model']) ?? ''
  if (object === null || model === '') return []
  if (object['multimodal'] === false) note('multimodal', { model })
  const named = providerId(asText(object['provider']) ?? 'upstream')
  const provider = providers.includes(named) ? named : 'upstream'
  if (provider !== named) note('providerUnknown', { model, id: named })
  const id = `${provider}/${model}`
  const { weight } = object
  if (weight === 0) {
    note('weightZero', { model: id })
    return []
  }
  return typeof weight === 'number' && weight > 0 && weight !== 0.5 ? [{ id, weight }] : [id]
}

/**
 * The seed's rule: the part before the first slash is a provider only if one has that name; the
 * later version sent `deepseek/deepseek-chat` to its default upstream as `deepseek-chat`.
 */
function qualified(id: string, providers: readonly string[]): string {
  const slash = id.indexOf('/')
  const prefix = slash < 0 ? '' : providerId(id.slice(0, slash))
  if (slash > 0 && providers.includes(prefix)) return `${prefix}${id.slice(slash)}`
  return `upstream/${id}`
}
