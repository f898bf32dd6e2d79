import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findConfigFile, withDotEnv } from '../config/load.ts'
import { providersInEnvironment, starterDocument } from '../config/starter.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What the gateway is to run on. */
export type StartSource =
  | {
      readonly kind: 'file'
      readonly path: string
      readonly text: string
      readonly env: Env
      readonly written: readonly string[]
    }
  | { readonly kind: 'demo'; readonly env: Env }
  | { readonly kind: 'unreadable'; readonly path: string; readonly detail: string }

/**
 * The configuration file; without one, a starter written for the keys in the environment; and
 * without any key, the demo.
 */
export function findStart(given: string | null, env: Env, cwd: string): StartSource {
  const path = findConfigFile(given, env, cwd)
  const full = withDotEnv(path, env, cwd)
  if (path !== null) return readSource(path, full, [])
  const providers = providersInEnvironment(full)
  if (providers.length === 0) return { kind: 'demo', env: full }
  const target = join(cwd, 'smartroute.yaml')
  try {
    // `wx`: should a file have appeared meanwhile, it wins.
    if (!existsSync(target))
      writeFileSync(target, starterDocument(providers), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    return { kind: 'unreadable', path: target, detail: textOf(error) }
  }
  return readSource(
    target,
    full,
    providers.map(({ id }) => id),
  )
}

function readSource(path: string, env: Env, written: readonly string[]): StartSource {
  try {
    return { kind: 'file', path, text: readFileSync(path, 'utf8'), env, written }
  } catch (error) {
    return { kind: 'unreadable', path, detail: textOf(error) }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
