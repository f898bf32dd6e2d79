import type { Inbound } from '../transport/transport.ts'
import { HOP_HEADER } from '../upstream/request-headers.ts'

/** What a client says about its own patience. */
export interface ClientTerms {
  /** How long it waits, from the arrival of the request; null where it does not say. */
  readonly deadlineMs: number | null
  /** Its library repeats a request that failed before: ours need not multiply that. */
  readonly isRetry: boolean
  /** Gateways of this kind it has passed. */
  readonly hop: number
}

/** The official SDKs name their timeout in seconds; the answer must be there a little before. */
const SDK_MARGIN_MS = 500
const DEADLINE_MS_MIN = 100

export function readClientTerms(inbound: Inbound): ClientTerms {
  const sdkS = positive(inbound.header('x-stainless-timeout'))
  const ownMs = positive(inbound.header('x-request-timeout-ms'))
  const deadlines: number[] = []
  if (sdkS !== null) deadlines.push(sdkS * 1000 - SDK_MARGIN_MS)
  if (ownMs !== null) deadlines.push(ownMs)
  return {
    deadlineMs: deadlines.length === 0 ? null : Math.max(DEADLINE_MS_MIN, Math.min(...deadlines)),
    isRetry: (positive(inbound.header('x-stainless-retry-count')) ?? 0) >= 1,
    hop: positive(inbound.header(HOP_HEADER)) ?? 0,
  }
}

function positive(text: string | undefined): number | null {
  if (text === undefined) return null
  const value = Number(text)
  return Number.isFinite(value) && value > 0 ? value : null
}
