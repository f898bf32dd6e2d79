import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { checkDocument } from './check.ts'
import { compile } from './compile.ts'
import { type DocumentContext, parseConfig } from './document.ts'
import { compareProblems, type Problem } from './problem.ts'
import type { Snapshot } from './snapshot.ts'

export interface LoadedConfig {
  readonly ok: true
  readonly snapshot: Snapshot
  readonly warnings: readonly Problem[]
}

export type ConfigResult =
  | LoadedConfig
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Text to a running configuration, or to everything that is wrong with it. */
export function loadConfigText(text: string, context: DocumentContext): ConfigResult {
  const { value, problems, complain } = parseConfig(text, context)
  const semantic = value === null ? [] : checkDocument(value, complain, context.configPath)
  const all = [...problems, ...semantic].sort(compareProblems)
  if (value === null || all.some((problem) => problem.severity === 'error')) {
    return { ok: false, problems: all }
  }
  const snapshot = compile(value, { text, path: context.configPath })
  const { started = snapshot.server } = context
  const moved = (['host', 'port'] as const)
    .filter((name) => snapshot.server[name] !== started[name])
    .map((name) => complain('warning', 'needsRestart', ['server', name]))
  return { ok: true, snapshot, warnings: [...all, ...moved].sort(compareProblems) }
}

const NAMES = ['smartroute.yaml', 'smartroute.yml', 'smartroute.json']

type Env = Readonly<Record<string, string | undefined>>

/** The file to use: the given one, the environment's, the working folder's, the platform's. */
export function findConfigFile(given: string | null, env: Env, cwd: string): string | null {
  const named = given ?? env['SMARTROUTE_CONFIG']
  if (named !== undefined && named !== '') return resolve(cwd, named)
  const candidates = [cwd, configFolder(env)].flatMap((folder) =>
    NAMES.map((name) => join(folder, name)),
  )
  return candidates.find((path) => existsSync(path)) ?? null
}

/** Where the platform keeps configuration of its users' programs. */
function configFolder(env: Env): string {
  if (process.platform === 'win32' && env['APPDATA']) return join(env['APPDATA'], 'smartroute')
  if (process.platform === 'darwin') {
    return join(homedir(), 'Library', 'Application Support', 'smartroute')
  }
  return join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'smartroute')
}

/** The environment with the `.env` beside the configuration, which never overrides what is set. */
export function withDotEnv(configPath: string | null, env: Env, cwd: string): Env {
  const path = join(configPath === null ? cwd : dirname(configPath), '.env')
  if (!existsSync(path)) return env
  return { ...parseEnv(readFileSync(path, 'utf8')), ...env }
}
