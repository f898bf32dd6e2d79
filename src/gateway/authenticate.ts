import { hash } from 'node:crypto'
import type { Snapshot } from '../config/snapshot.ts'
import type { Inbound } from '../transport/transport.ts'

/** Keys made in the panel or the CLI: looked up in memory by the SHA-256 of the key. */
export interface StoredKeys {
  /** How many are active. */
  readonly size: number
  find(hashHex: string): { readonly name: string } | undefined
}

export type Admission =
  | { readonly kind: 'admitted'; readonly keyName: string | null }
  | {
      readonly kind: 'refused'
      readonly code: 'invalid_api_key' | 'forbidden'
      readonly message: string
    }

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i
const LOOPBACK_ADDRESS = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/
const LOOPBACK_ORIGIN = /^https?:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

/** Decides who may use the data plane. With no key anywhere it is open, and only to this machine. */
export class Authenticator {
  readonly #stored: StoredKeys
  /** Hashes of the file's keys, made once per configuration. */
  readonly #fileKeys = new WeakMap<Snapshot, ReadonlyMap<string, string>>()

  constructor(stored: StoredKeys) {
    this.#stored = stored
  }

  isOpen(snapshot: Snapshot): boolean {
    return snapshot.gatewayKeys.length === 0 && this.#stored.size === 0
  }

  admit(snapshot: Snapshot, inbound: Inbound): Admission {
    const key = presentedKey(inbound)
    if (this.isOpen(snapshot)) return this.#named(admitOpen(inbound), key)
    if (key === null) return refused('Missing gateway key: send "Authorization: Bearer KEY".')
    const digest = hash('sha256', key)
    const name = this.#hashes(snapshot).get(digest) ?? this.#stored.find(digest)?.name
    return name === undefined
      ? refused('Incorrect gateway key provided.')
      : { kind: 'admitted', keyName: name }
  }

  /** Nobody needs a key here; one that is known still says whose request it is. */
  #named(admission: Admission, key: string | null): Admission {
    if (admission.kind === 'refused' || key === null) return admission
    return { ...admission, keyName: this.#stored.find(hash('sha256', key))?.name ?? null }
  }

  #hashes(snapshot: Snapshot): ReadonlyMap<string, string> {
    let hashes = this.#fileKeys.get(snapshot)
    if (hashes === undefined) {
      hashes = new Map(
        snapshot.gatewayKeys.map((key, index) => [hash('sha256', key), `file:${index + 1}`]),
      )
      this.#fileKeys.set(snapshot, hashes)
    }
    return hashes
  }
}

/**
 * An open gateway must not be usable by a web page in the operator's browser: neither across
 * origins nor through a name that was rebound to the loopback address.
 */
function admitOpen(inbound: Inbound): Admission {
  // The last key may be removed while another address is bound: only this machine gets in then.
  if (!LOOPBACK_ADDRESS.test(inbound.remoteAddress)) return foreign('the address')
  const host = inbound.header('host')
  const origin = inbound.header('origin')
  if (host !== undefined && !LOOPBACK_HOST.test(host)) return foreign('Host')
  if (origin !== undefined && !LOOPBACK_ORIGIN.test(origin)) return foreign('Origin')
  return { kind: 'admitted', keyName: null }
}

function foreign(what: string): Admission {
  const message = `This gateway has no key and answers local programs only (${what} is not local). Create a gateway key to use it from elsewhere.`
  return { kind: 'refused', code: 'forbidden', message }
}

function refused(message: string): Admission {
  return { kind: 'refused', code: 'invalid_api_key', message }
}

function presentedKey(inbound: Inbound): string | null {
  const bearer = /^bearer\s+(.+)$/i.exec(inbound.header('authorization') ?? '')?.[1]
  return bearer?.trim() || inbound.header('x-api-key') || inbound.header('api-key') || null
}
