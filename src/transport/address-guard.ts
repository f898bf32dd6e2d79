import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { addressRefusal, hostRefusal } from '../kit/address.ts'

/** An address that was refused before a connection was made. */
export class BlockedAddressError extends Error {
  readonly code = 'EBLOCKED'
}

/** Checks a host that is written as an address; names are judged when they are resolved. */
export function checkHost(hostname: string, allowPrivate: boolean): BlockedAddressError | null {
  const reason = hostRefusal(hostname, allowPrivate)
  return reason === null ? null : new BlockedAddressError(reason)
}

/**
 * Name resolution for sockets: every address of the name is judged, and the socket connects to
 * one of exactly these, so a name that changes its answer in between gains nothing.
 */
export function guardedLookup(
  allowPrivate: boolean,
  resolve: typeof lookup = lookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 0)
        return
      }
      for (const { address } of addresses) {
        const reason = addressRefusal(address, allowPrivate)
        if (reason === null) continue
        callback(new BlockedAddressError(`${hostname}: ${reason}`), '', 0)
        return
      }
      const [first] = addresses
      if (options.all === true) (callback as unknown as AllCallback)(null, addresses)
      else callback(null, first?.address ?? '', first?.family ?? 0)
    })
  }
}

type AllCallback = (
  error: null,
  addresses: readonly { readonly address: string; readonly family: number }[],
) => void
