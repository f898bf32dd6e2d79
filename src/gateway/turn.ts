import type { KeyLimits, Snapshot } from '../config/snapshot.ts'
import type { Inbound } from '../transport/transport.ts'
import type { ClientTerms } from './client-terms.ts'
import type { ExchangeDraft } from './exchange-draft.ts'

/** One request and its record, as it moves through the data plane. */
export interface Turn {
  readonly snapshot: Snapshot
  readonly inbound: Inbound
  readonly draft: ExchangeDraft
  readonly terms: ClientTerms
  readonly keyLimits: KeyLimits
}
