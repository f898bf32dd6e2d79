import { lookup as resolve } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Reachable for everybody. */
const PUBLIC = new Set(['unicast'])
/** Reachable where the operator says `allow_private` for a provider (Ollama, vLLM, a router). */
const PRIVATE = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'])
/** Cloud metadata services hand out credentials: never, whatever the configuration says. */
const METADATA = new Set(['fd00:ec2::254', '100.100.100.200', '168.63.129.16', '192.0.0.192'])
const METADATA_NAMES = /^(?:metadata|metadata\.google\.internal|instance-data(?:\..*)?)\.?$/i
/**
 * Local proxies (Clash and its kin) answer every name with an address of this block and carry the
 * connection on: no host of one's own lives there.
 */
const PROXY_BLOCK = ipaddr.parseCIDR('198.18.0.0/15')

/** `::a.b.c.d`, deprecated since 2006 and not a range of its own. `::1` is loopback and in here. */
const COMPATIBLE_BLOCK = ipaddr.parseCIDR('::/96')

/** Why an address must not be connected to, or null. */
export function refusal(address: string, allowPrivate: boolean): string | null {
  if (!ipaddr.isValid(address)) return `${address} is not an address`
  const parsed = ipaddr.process(address)
  if (METADATA.has(parsed.toString())) return `${address} is a metadata service`
  if (parsed.kind() === 'ipv4' && parsed.match(PROXY_BLOCK)) return null
  const range = parsed.range()
  if (range === 'unicast' && parsed.kind() === 'ipv6' && parsed.match(COMPATIBLE_BLOCK)) {
    return `${address} is an IPv4 address in disguise`
  }
  if (PUBLIC.has(range)) return null
  if (PRIVATE.has(range)) {
    return allowPrivate
      ? null
      : `${address} is a private address (${range}); if that is meant, set allow_private: true for this provider`
  }
  return `${address} is not a host's address (${range})`
}

/** An address that was refused before a connection was made. */
export class BlockedAddressError extends Error {
  readonly code = 'EBLOCKED'
}

/** Checks a host that is written as an address; names are judged when they are resolved. */
export function checkHost(hostname: string, allowPrivate: boolean): BlockedAddressError | null {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (METADATA_NAMES.test(host)) return new BlockedAddressError(`${host} is a metadata service`)
  if (!ipaddr.isValid(host)) return null
  const reason = refusal(host, allowPrivate)
  return reason === null ? null : new BlockedAddressError(reason)
}

/**
 * Name resolution for sockets: every address of the name is judged, and the socket connects to
 * one of exactly these, so a name that changes its answer in between gains nothing.
 */
export function guardedLookup(allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 0)
        return
      }
      for (const { address } of addresses) {
        const reason = refusal(address, allowPrivate)
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
