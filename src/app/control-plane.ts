import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Accounts } from '../admin/accounts.ts'
import type { AdminDeps } from '../admin/mount.ts'
import type { GatewayDeps } from '../gateway/gateway-deps.ts'
import type { PlaygroundKeys } from '../gateway/playground-keys.ts'
import { Vault } from '../kit/vault.ts'
import { AdminStore } from '../storage/admin-store.ts'
import { ConfigHistory } from '../storage/config-history.ts'
import type { ControlStore } from '../storage/control-store.ts'
import { adminDeps } from './admin-deps.ts'
import type { AppOptions } from './app-options.ts'
import type { AuditLog } from './audit-log.ts'
import { ConfigEditor } from './config-editor.ts'
import type { LiveConfig } from './live-config.ts'
import { masterKey, masterKeyFile } from './master-key.ts'
import type { RunState } from './run-state.ts'

export interface ControlParts {
  readonly options: AppOptions
  readonly config: LiveConfig
  readonly audit: AuditLog
  readonly gateway: GatewayDeps
  readonly state: RunState
  readonly keys: ControlStore
  readonly playground: PlaygroundKeys
  readonly loopbackOnly: boolean
  /** The first change of a gateway without a file has written one. */
  readonly onFile: (path: string) => void
}

export interface ControlPlane {
  readonly kind: 'control'
  readonly admin: AdminDeps
  readonly accounts: Accounts
  readonly close: () => void
}

/** The password of the environment cannot be the first one. */
export interface BadPassword {
  readonly kind: 'bad_password'
  readonly reason: 'password_too_short' | 'password_too_common' | 'password_unreadable'
  readonly detail: string
}

/** Everything behind the panel: who may use it, and what it may see and change. */
export async function buildControlPlane(parts: ControlParts): Promise<ControlPlane | BadPassword> {
  const { options } = parts
  const store = new AdminStore(join(options.dataDir, 'admin.db'))
  const accounts = new Accounts(store, () => vaultOf(options), Date.now)
  const refused = await adoptPassword(accounts, options)
  if (refused !== null) {
    store.close()
    return refused
  }
  const { editor, close } = configEditor(parts)
  return {
    kind: 'control',
    accounts,
    admin: adminDeps({ ...parts, accounts, store, editor }),
    close: () => {
      store.close()
      close()
    },
  }
}

/** The history is opened with its first use: most gateways are edited by hand. */
function configEditor({ options, config, onFile }: ControlParts): {
  editor: ConfigEditor
  close: () => void
} {
  let history: ConfigHistory | null = null
  const open = (): ConfigHistory => {
    history ??= new ConfigHistory(join(options.dataDir, 'history.db'), vaultOf(options))
    return history
  }
  const editor = new ConfigEditor({
    path: options.configPath,
    newPath: join(process.cwd(), 'smartroute.yaml'),
    builtIn: options.configText,
    onCreated: onFile,
    config,
    history: open,
    now: () => Date.now(),
  })
  return { editor, close: () => history?.close() }
}

function vaultOf({ env }: AppOptions): Vault {
  return new Vault(masterKey(env['SMARTROUTE_MASTER_KEY'], masterKeyFile(env)))
}

/** The first password may come from the environment; why it is not good enough, or null. */
async function adoptPassword(accounts: Accounts, { env }: AppOptions): Promise<BadPassword | null> {
  if (accounts.hasPassword) return null
  const refused = (reason: BadPassword['reason'], detail = ''): BadPassword => {
    return { kind: 'bad_password', reason, detail }
  }
  const file = env['SMARTROUTE_ADMIN_PASSWORD_FILE'] || null
  let password = env['SMARTROUTE_ADMIN_PASSWORD'] || null
  try {
    if (file !== null) password = readFileSync(file, 'utf8').trim()
  } catch (error) {
    return refused('password_unreadable', error instanceof Error ? error.message : String(error))
  }
  if (password === null) return null
  const answer = await accounts.adopt(password)
  const isBad = answer === 'password_too_short' || answer === 'password_too_common'
  return isBad ? refused(answer) : null
}
