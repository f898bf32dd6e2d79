import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { RE2JS } from 're2js'
import type { ConfigDocument } from '../contract/config.ts'
import { TIERS } from '../contract/tier.ts'
import { hostRefusal } from '../kit/address.ts'
import { nearestName } from '../kit/nearest-name.ts'
import type { Complain } from './document.ts'
import type { Path, Problem } from './problem.ts'
import { providerOf } from './provider-of.ts'

/** What a schema cannot see: names that point nowhere, patterns that do not compile, bad ideas. */
export function checkDocument(
  document: ConfigDocument,
  complain: Complain,
  configPath: string | null,
): Problem[] {
  return [
    ...checkProviders(document, complain, configPath),
    ...checkNames(document, complain),
    ...checkTiers(document, complain),
    ...checkRouting(document, complain),
  ]
}

function checkProviders(
  document: ConfigDocument,
  complain: Complain,
  configPath: string | null,
): Problem[] {
  const problems: Problem[] = []
  for (const [id, provider] of Object.entries(document.providers ?? {})) {
    const path = ['providers', id]
    if (provider.tls?.insecure_skip_verify === true) {
      problems.push(complain('warning', 'tlsUnverified', [...path, 'tls'], { id }))
    }
    const detail = privateHost(provider.base_url, provider.allow_private === true)
    if (detail !== null) {
      problems.push(complain('warning', 'addressRefused', [...path, 'base_url'], { id, detail }))
    }
    const keys = [provider.api_key ?? '', ...(provider.api_keys ?? [])]
    const isPrivate = provider.allow_private === true || provider.headers !== undefined
    if (!isPrivate && keys.every((key) => key === '')) {
      problems.push(complain('warning', 'keyEmpty', path, { id }))
    }
    problems.push(
      ...checkCaFile(provider.tls?.ca_file, [...path, 'tls', 'ca_file'], {
        complain,
        configPath,
      }),
    )
  }
  return problems
}

function checkCaFile(
  caFile: string | undefined,
  at: Path,
  { complain, configPath }: { complain: Complain; configPath: string | null },
): Problem[] {
  if (caFile === undefined) return []
  try {
    readFileSync(resolve(dirname(configPath ?? '.'), caFile))
    return []
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return [complain('error', 'fileUnreadable', at, { path: caFile, detail })]
  }
}

/** Why the guard on connections will refuse this address, or null. Names are judged later. */
function privateHost(baseUrl: string, allowPrivate: boolean): string | null {
  const host = new URL(baseUrl).hostname
  const isLocal = /^localhost\.?$/i.test(host)
  return hostRefusal(isLocal ? '127.0.0.1' : host, allowPrivate)
}

function checkNames(document: ConfigDocument, complain: Complain): Problem[] {
  const ids = Object.keys(document.providers ?? {})
  const problems: Problem[] = []
  const checkId = (id: string, path: Path): void => {
    if (ids.includes(id)) return
    const near = nearestName(id, ids)
    problems.push(
      near === null
        ? complain('error', 'unknownProviderId', path, { id })
        : complain('error', 'unknownProviderNear', path, { id, near }),
    )
  }
  if (document.default_provider !== undefined) {
    checkId(document.default_provider, ['default_provider'])
  }
  for (const [model, id] of Object.entries(document.model_map ?? {})) {
    checkId(id, ['model_map', model])
  }
  return problems
}

function checkTiers(document: ConfigDocument, complain: Complain): Problem[] {
  const problems: Problem[] = []
  let filled = 0
  for (const tier of TIERS) {
    const models = document.tiers?.[tier]?.models ?? []
    if (models.length > 0) filled++
    for (const [index, entry] of models.entries()) {
      const id = typeof entry === 'string' ? entry : entry.id
      const path = ['tiers', tier, 'models', index]
      if (providerOf(document, id) === null)
        problems.push(unknownModel(document, id, path, complain))
    }
  }
  if (filled === 0) return [...problems, complain('warning', 'noModel', ['tiers'])]
  for (const tier of TIERS) {
    if ((document.tiers?.[tier]?.models.length ?? 0) > 0) continue
    problems.push(complain('warning', 'tierEmpty', ['tiers', tier], { tier }))
  }
  return problems
}

function unknownModel(
  document: ConfigDocument,
  model: string,
  path: Path,
  complain: Complain,
): Problem {
  const prefix = model.includes('/') ? model.slice(0, model.indexOf('/')) : null
  const near = prefix === null ? null : nearestName(prefix, Object.keys(document.providers ?? {}))
  return prefix === null || near === null
    ? complain('error', 'unknownProvider', path, { model })
    : complain('error', 'unknownProviderNear', path, { id: prefix, near })
}

function checkRouting(document: ConfigDocument, complain: Complain): Problem[] {
  const problems: Problem[] = []
  const { classifier, llm, rules } = document.routing ?? {}
  if ((classifier === 'llm' || classifier === 'cascade') && llm === undefined) {
    const path = ['routing', 'classifier']
    problems.push(complain('error', 'llmMissing', path, { name: classifier }))
  }
  if (llm !== undefined && providerOf(document, llm.model) === null) {
    problems.push(unknownModel(document, llm.model, ['routing', 'llm', 'model'], complain))
  }
  for (const [index, rule] of (rules ?? []).entries()) {
    for (const [at, pattern] of (rule.patterns ?? []).entries()) {
      const detail = patternError(pattern)
      const path = ['routing', 'rules', index, 'patterns', at]
      if (detail !== null) problems.push(complain('error', 'badPattern', path, { detail }))
    }
  }
  return problems
}

function patternError(pattern: string): string | null {
  try {
    RE2JS.compile(pattern)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
