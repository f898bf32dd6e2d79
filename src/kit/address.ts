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
export function addressRefusal(address: string, allowPrivate: boolean): string | null {
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

/** The same for the host of a URL where it is written as an address; null for a name. */
export function hostRefusal(hostname: string, allowPrivate: boolean): string | null {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (METADATA_NAMES.test(host)) return `${host} is a metadata service`
  return ipaddr.isValid(host) ? addressRefusal(host, allowPrivate) : null
}
