import type { KeyDeps } from '../admin/key-routes.ts'
import { maskSecret } from '../config/secret-path.ts'
import type { PlaygroundKeys } from '../gateway/playground-keys.ts'
import type { ControlStore } from '../storage/control-store.ts'
import type { LiveConfig } from './live-config.ts'

export function keyDeps(
  keys: ControlStore,
  playground: PlaygroundKeys,
  config: LiveConfig,
): KeyDeps {
  return {
    list: () => keys.listKeys(),
    inFile: () => config.current.gatewayKeys.map(maskSecret),
    create: (name, expiresAt) => keys.createKey(name, Date.now(), expiresAt),
    rotate: (id, overlapMs) => keys.rotateKey(id, Date.now(), overlapMs),
    revoke: (id) => keys.revokeKey(id, Date.now()),
    playground: () => playground.make(),
  }
}
