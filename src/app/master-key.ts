import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

const KEY_BYTES = 32

/**
 * The key that encrypts what is stored: from the environment, else from a file outside the data
 * folder, which is made with the first start.
 */
export function masterKey(fromEnvironment: string | undefined, path: string): string {
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    const key = randomBytes(KEY_BYTES).toString('base64url')
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, `${key}\n`, { mode: 0o600, flag: 'wx' })
    return key
  }
}

/** Not in the data folder: a backup of that must not carry its own key. */
export function masterKeyFile(env: Readonly<Record<string, string | undefined>>): string {
  const home = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config')
  return env['SMARTROUTE_MASTER_KEY_FILE'] || join(home, 'smartroute', 'master.key')
}
